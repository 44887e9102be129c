import { CARE_ITEM_CODES, CLINICAL_ITEM_CODES, ITEM_CODES, type Item } from './items.ts'
import { type InstitutionKind, POST_CODES, type Profession } from './people.ts'
import type { Policy } from './policy.ts'

const SAFETY: Item[] = [
  'allergy-drug',
  'allergy-other',
  'contraindicated-drug',
  'adverse-reaction',
  'infection',
]
const MEDICINES: Item[] = [...SAFETY, 'condition', 'height-weight', 'injection', 'laboratory', 'prescription']
const CARE: Item[] = [...CARE_ITEM_CODES]
/** What people who help somebody to move, eat and live at home go by, beyond care information. */
const ABILITIES: Item[] = ['adl', 'bmi', 'height-weight', 'nutrition']

/** A row for every post: the guideline leaves it to each council to tell posts apart. */
const row = (kinds: InstitutionKind[], professions: Profession[], items: readonly Item[]) => ({
  kinds,
  professions,
  posts: [...POST_CODES],
  items: ITEM_CODES.filter((item) => items.includes(item)),
})

const who = (kinds: InstitutionKind[], professions: Profession[]) => ({
  kinds,
  professions,
  posts: [...POST_CODES],
})

/**
 * Where a council has decided nothing yet: a draft after the guideline's §4-3-1 and §4-3-2, marked as such. Whoever
 * stands in no row, as clerks do in none, views nothing.
 */
export const DEFAULT_POLICY: Policy = {
  version: 1,
  effectiveFrom: '2026-04-01T00:00:00+09:00',
  decided: { body: '未決定（初期値）', on: '2026-04-01', minutes: 'なし' },
  draft: true,
  shared: [...ITEM_CODES],
  viewing: [
    row(['hospital', 'clinic'], ['physician', 'nurse'], ITEM_CODES),
    row(['hospital', 'clinic', 'dental-clinic'], ['dentist'], CLINICAL_ITEM_CODES),
    row(['hospital', 'clinic', 'pharmacy'], ['pharmacist'], MEDICINES),
    row(
      ['hospital', 'clinic'],
      ['therapist', 'dietitian', 'social-worker'],
      [...SAFETY, 'condition', 'past-history', 'discharge-summary', 'nursing-summary', ...ABILITIES, ...CARE],
    ),
    row(['hospital', 'clinic'], ['technologist', 'dental-hygienist'], [...SAFETY, 'laboratory']),
    row(['dental-clinic'], ['nurse', 'dental-hygienist'], [...SAFETY, 'condition', 'prescription']),
    row(['visiting-nurse-station'], ['nurse'], ITEM_CODES),
    row(
      ['visiting-nurse-station'],
      ['therapist'],
      [...MEDICINES, 'past-history', 'discharge-summary', 'nursing-summary', ...ABILITIES, ...CARE],
    ),
    row(['care-provider'], ['care-manager'], [...SAFETY, 'condition', 'prescription', ...ABILITIES, ...CARE]),
    row(['care-provider'], ['care-worker', 'nurse'], [...SAFETY, ...CARE]),
    row(
      ['care-provider'],
      ['therapist', 'dietitian', 'dental-hygienist', 'social-worker'],
      [...SAFETY, 'condition', ...ABILITIES, ...CARE],
    ),
  ],
  unvisited: 'block',
  visits: {
    kinds: ['outpatient', 'inpatient', 'visiting', 'care-contract', 'dispensing'],
    days: 365,
    keptDays: 1_096,
  },
  firstVisit: { who: [who(['hospital', 'clinic'], ['physician', 'nurse'])] },
  breakGlass: { who: [who(['hospital', 'clinic'], ['physician'])], withoutConsent: null },
  search: { nameAlone: [] },
  atQueryConsent: false,
  ceilings: { perUser: 100, perInstitution: 1_000 },
  forms: {},
  secondCheckPercent: 10,
  showsWithholding: false,
  deceasedDays: 0,
  proxy: { lapsesAtAge: 18, graceDays: 90 },
}
