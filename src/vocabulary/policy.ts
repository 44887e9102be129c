import { z } from 'zod'
import { EMERGENCY_GROUND_CODES } from './emergency-grounds.ts'
import { ITEM_CODES } from './items.ts'
import { INSTITUTION_KIND_CODES, POST_CODES, PROFESSION_CODES, VISIT_KIND_CODES } from './people.ts'

const WHO_MAX = 50
const VIEWING_MAX = 200
const FORMS_MAX = 100

/** At least one of the codes, none twice. */
const some = <Code extends string>(codes: readonly [Code, ...Code[]]) =>
  z
    .array(z.enum(codes))
    .min(1)
    .max(100)
    .refine((list) => new Set(list).size === list.length, 'twice')

/** What a council reads a version of its consent form to cover (guideline §4-2-4). Unread forms cover nothing. */
export const FORM_COVERS = ['own-region', 'medical', 'medical-and-care'] as const
export type FormCovers = (typeof FORM_COVERS)[number]

/** A form with its version, as one code. */
export const formCodeSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/)

/** Who decided, when, and where it is written down. */
const decision = {
  body: z.string().min(1).max(100),
  on: z.iso.date(),
  minutes: z.string().min(1).max(200),
}

/** Institution kind × profession × post: everybody whom all three lists name. */
export const whoSchema = z.strictObject({
  kinds: some(INSTITUTION_KIND_CODES),
  professions: some(PROFESSION_CODES),
  posts: some(POST_CODES),
})
export type Who = z.infer<typeof whoSchema>

/** Nobody, where no row stands. */
const whoever = z.array(whoSchema).max(WHO_MAX)

/** How the council reads a version of its consent form, and the decision by which it does. */
export const formReadingSchema = z.strictObject({ covers: z.enum(FORM_COVERS), ...decision })
export type FormReading = z.infer<typeof formReadingSchema>

/** What stands in a policy, each part by itself; `policyFaults` adds the rules that parts keep between them. */
export const policySchema = z.strictObject({
  version: z.int().min(1).max(1_000_000),
  effectiveFrom: z.iso.datetime({ offset: true }),
  decided: z.strictObject(decision),
  /** A draft that no council has compared with its own decisions yet; pages say so. */
  draft: z.boolean(),
  /** Items given to other regions at all. */
  shared: some(ITEM_CODES),
  /** Who of another region may view which item; whom no row names may view nothing. */
  viewing: z
    .array(z.strictObject({ ...whoSchema.shape, items: some(ITEM_CODES) }))
    .min(1)
    .max(VIEWING_MAX),
  /** What an institution without a visit meets: refusal, or two warnings to acknowledge (guideline §3-4-2 ⑪). */
  unvisited: z.enum(['block', 'warn']),
  /** Which kinds of visit count, for how many days after the last day, and for how many days a visit is kept. */
  visits: z.strictObject({
    kinds: some(VISIT_KIND_CODES),
    days: z.int().min(1).max(3_660),
    keptDays: z.int().min(1).max(3_660),
  }),
  /** Who may confirm a first visit (guideline §4-3-2: hospitals and medical clinics). */
  firstVisit: z.strictObject({ who: whoever }),
  /** Who may break the glass: lifts *unvisited* only, and missing consent only on the ground named here. */
  breakGlass: z.strictObject({
    who: whoever,
    withoutConsent: z.enum(EMERGENCY_GROUND_CODES).nullable(),
  }),
  /** Who may find a resident without the insured number, such as emergency staff (guideline §4-3-1). */
  search: z.strictObject({ nameAlone: whoever }),
  /** Whether the asker must state that the resident agreed to this viewing too. */
  atQueryConsent: z.boolean(),
  /** Different residents a day, of those that this council's region holds. */
  ceilings: z.strictObject({
    perUser: z.int().min(1).max(100_000),
    perInstitution: z.int().min(1).max(1_000_000),
  }),
  forms: z
    .record(formCodeSchema, formReadingSchema)
    .refine((forms) => Object.keys(forms).length <= FORMS_MAX, 'too-many'),
  /** The share of paper forms that a second person at the desk looks at before they count. */
  secondCheckPercent: z.int().min(0).max(100),
  /** Whether an asker may learn that something is withheld. */
  showsWithholding: z.boolean(),
  /** For how many days after death other regions may still view. */
  deceasedDays: z.int().min(0).max(3_660),
  /** The age at which what a parent or guardian signed lapses, and for how many days it still holds after that. */
  proxy: z.strictObject({ lapsesAtAge: z.int().min(12).max(20), graceDays: z.int().min(0).max(366) }),
})
export type Policy = z.infer<typeof policySchema>

/** Whether the row is about somebody of that kind, profession and post. */
export function namesViewer(
  row: Who,
  viewer: { kind: Who['kinds'][number]; profession: Who['professions'][number]; post: Who['posts'][number] },
): boolean {
  return (
    row.kinds.includes(viewer.kind) &&
    row.professions.includes(viewer.profession) &&
    row.posts.includes(viewer.post)
  )
}
