import { z } from 'zod'
import { CARE_ITEM_CODES, CLINICAL_ITEM_CODES, ITEM_CODES } from './items.ts'
import { INSTITUTION_KIND_CODES, POST_CODES, PROFESSION_CODES, VISIT_KIND_CODES } from './people.ts'

const some = <Code extends string>(codes: readonly [Code, ...Code[]]) =>
  z.array(z.enum(codes)).min(1).max(100)

/** What a council reads a version of its consent form to cover (guideline §4-2-4). Unread forms cover nothing. */
export const FORM_COVERS = ['own-region', 'medical', 'medical-and-care'] as const
export type FormCovers = (typeof FORM_COVERS)[number]

/**
 * What a council allows (閲覧設定): versioned, dated, decided by a body. The holder's policy decides who of
 * another region may view which item; a combination that no row of `viewing` names may view nothing.
 */
export const policySchema = z.strictObject({
  version: z.int().min(1).max(1_000_000),
  effectiveFrom: z.iso.datetime({ offset: true }),
  decided: z.strictObject({
    body: z.string().min(1).max(100),
    on: z.iso.date(),
    minutes: z.string().min(1).max(200),
  }),
  /** A draft that no council has compared with its own decisions yet; pages say so. */
  draft: z.boolean(),
  /** Items given to other regions at all. */
  shared: some(ITEM_CODES),
  viewing: z
    .array(
      z.strictObject({
        kinds: some(INSTITUTION_KIND_CODES),
        professions: some(PROFESSION_CODES),
        posts: some(POST_CODES),
        items: some(ITEM_CODES),
      }),
    )
    .min(1)
    .max(200),
  /** Which kinds of visit count, and for how many days after the last. */
  visits: z.strictObject({ kinds: some(VISIT_KIND_CODES), days: z.int().min(1).max(3_660) }),
  /** Who may break the glass: lifts *unvisited* only, and missing consent only where `withoutConsent` names the legal ground. */
  breakGlass: z.strictObject({
    kinds: some(INSTITUTION_KIND_CODES),
    professions: some(PROFESSION_CODES),
    posts: some(POST_CODES),
    withoutConsent: z.boolean(),
  }),
  forms: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/), z.enum(FORM_COVERS)),
  /** Whether an asker may learn that something is withheld. */
  showsWithholding: z.boolean(),
})
export type Policy = z.infer<typeof policySchema>

const allPosts = [...POST_CODES]

/** Where a council has decided nothing yet: a draft after the guideline's §4-3-1, marked as such. */
export const DEFAULT_POLICY: Policy = {
  version: 1,
  effectiveFrom: '2026-04-01T00:00:00+09:00',
  decided: { body: '未決定（初期値）', on: '2026-04-01', minutes: 'なし' },
  draft: true,
  shared: [...ITEM_CODES],
  viewing: [
    {
      kinds: ['hospital', 'clinic'],
      professions: ['physician', 'nurse'],
      posts: allPosts,
      items: [...ITEM_CODES],
    },
    { kinds: ['dental-clinic'], professions: ['dentist'], posts: allPosts, items: [...CLINICAL_ITEM_CODES] },
    {
      kinds: ['hospital', 'clinic', 'pharmacy'],
      professions: ['pharmacist'],
      posts: allPosts,
      items: ['allergy-drug', 'allergy-other', 'condition', 'infection', 'laboratory', 'prescription'],
    },
    { kinds: ['visiting-nurse-station'], professions: ['nurse'], posts: allPosts, items: [...ITEM_CODES] },
    {
      kinds: ['care-provider'],
      professions: ['care-manager'],
      posts: allPosts,
      items: ['allergy-drug', 'allergy-other', 'condition', 'infection', 'prescription', ...CARE_ITEM_CODES],
    },
    {
      kinds: ['care-provider'],
      professions: ['care-worker', 'nurse'],
      posts: allPosts,
      items: ['allergy-drug', 'allergy-other', 'infection', ...CARE_ITEM_CODES],
    },
  ],
  visits: { kinds: ['outpatient', 'inpatient', 'visiting', 'care-contract'], days: 365 },
  breakGlass: {
    kinds: ['hospital', 'clinic'],
    professions: ['physician'],
    posts: allPosts,
    withoutConsent: false,
  },
  forms: {},
  showsWithholding: false,
}
