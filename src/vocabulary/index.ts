export {
  CARE_ITEM_CODES,
  CLINICAL_ITEM_CODES,
  CLINICAL_TYPES,
  type ClinicalType,
  ITEM_CODES,
  ITEMS,
  type Item,
  itemsOf,
  typesOf,
} from './items.ts'
export {
  INSTITUTION_KIND_CODES,
  INSTITUTION_KINDS,
  type InstitutionKind,
  POST_CODES,
  POSTS,
  type Post,
  PROFESSION_CODES,
  PROFESSIONS,
  type Profession,
  PURPOSE_CODES,
  PURPOSES,
  type Purpose,
  VISIT_KIND_CODES,
  VISIT_KINDS,
  type VisitKind,
} from './people.ts'
export { DEFAULT_POLICY, FORM_COVERS, type FormCovers, type Policy, policySchema } from './policy.ts'
export { REFUSALS, type RefusalCode, refuse } from './refusals.ts'
export {
  isPublic,
  isShortOf,
  OTHER_REGIONS_LINE,
  type PublicSourceState,
  SOURCE_STATES,
  type SourceState,
} from './source-states.ts'
export { hasReached, STAGES, type Stage } from './stages.ts'
export { SYSTEMS } from './systems.ts'
