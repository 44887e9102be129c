/** Who asks. Codes stand in requests, policies and audit; the names are for pages (guideline §4-3-1). */
export const PROFESSIONS = {
  physician: { ja: '医師', en: 'Physician' },
  dentist: { ja: '歯科医師', en: 'Dentist' },
  pharmacist: { ja: '薬剤師', en: 'Pharmacist' },
  nurse: { ja: '看護師', en: 'Nurse' },
  therapist: { ja: 'リハビリ職', en: 'Physical, occupational or speech therapist' },
  dietitian: { ja: '管理栄養士', en: 'Dietitian' },
  'dental-hygienist': { ja: '歯科衛生士', en: 'Dental hygienist' },
  technologist: { ja: '臨床検査・放射線技師', en: 'Laboratory or radiological technologist' },
  'social-worker': { ja: '医療・福祉相談員', en: 'Social worker' },
  'care-manager': { ja: '介護支援専門員', en: 'Care manager' },
  'care-worker': { ja: '介護職', en: 'Care worker' },
  clerk: { ja: '事務職', en: 'Clerk' },
} as const

export type Profession = keyof typeof PROFESSIONS
export const PROFESSION_CODES = Object.keys(PROFESSIONS) as [Profession, ...Profession[]]

export const POSTS = {
  head: { ja: '管理者', en: 'Head' },
  attending: { ja: '主治医・担当', en: 'Attending' },
  staff: { ja: '職員', en: 'Staff' },
} as const

export type Post = keyof typeof POSTS
export const POST_CODES = Object.keys(POSTS) as [Post, ...Post[]]

export const INSTITUTION_KINDS = {
  hospital: { ja: '病院', en: 'Hospital' },
  clinic: { ja: '診療所', en: 'Medical clinic' },
  'dental-clinic': { ja: '歯科診療所', en: 'Dental clinic' },
  pharmacy: { ja: '薬局', en: 'Pharmacy' },
  'visiting-nurse-station': { ja: '訪問看護ステーション', en: 'Visiting-nurse station' },
  'care-provider': { ja: '介護事業所', en: 'Care provider' },
} as const

export type InstitutionKind = keyof typeof INSTITUTION_KINDS
export const INSTITUTION_KIND_CODES = Object.keys(INSTITUTION_KINDS) as [
  InstitutionKind,
  ...InstitutionKind[],
]

/** Why a record is read, HL7 v3 ActReason. Break-glass is BTG (IHE PCF). */
export const PURPOSES = {
  TREAT: { ja: '診療・看護・介護', en: 'Treatment and care' },
  BTG: { ja: '緊急時閲覧', en: 'Emergency (break-glass)' },
} as const

export type Purpose = keyof typeof PURPOSES
export const PURPOSE_CODES = Object.keys(PURPOSES) as [Purpose, ...Purpose[]]

/** How an institution came to treat or care for a person; whether a check-up counts is policy (guideline §4-3-2). */
export const VISIT_KINDS = {
  outpatient: { ja: '外来', en: 'Outpatient' },
  inpatient: { ja: '入院', en: 'Inpatient' },
  visiting: { ja: '訪問', en: 'Home visit' },
  'care-contract': { ja: '介護契約', en: 'Care contract' },
  dispensing: { ja: '調剤', en: 'Dispensing' },
  checkup: { ja: '健診', en: 'Check-up' },
} as const

export type VisitKind = keyof typeof VISIT_KINDS
export const VISIT_KIND_CODES = Object.keys(VISIT_KINDS) as [VisitKind, ...VisitKind[]]
