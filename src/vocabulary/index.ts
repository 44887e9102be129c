export { DEFAULT_POLICY } from './default-policy.ts'
export { earliestDeath } from './earliest-death.ts'
export { EMERGENCY_GROUND_CODES, EMERGENCY_GROUNDS, type EmergencyGround } from './emergency-grounds.ts'
export { addWorkingDays, isNationalHoliday, isWorkingDay } from './holidays.ts'
export {
  CATALOGUE_CODES,
  type CatalogueEntry,
  type CatalogueItem,
  ITEM_CATALOGUE,
  ITEM_GROUPS,
  type ItemGroup,
  type Place,
} from './item-catalogue.ts'
export {
  CARE_ITEM_CODES,
  CLINICAL_ITEM_CODES,
  CLINICAL_TYPES,
  type ClinicalType,
  ITEM_CODES,
  ITEMS,
  type Item,
  isClinicalType,
  isItem,
  itemsOf,
  typesOf,
} from './items.ts'
export { NATIONAL_ID_SECRET_BYTES_MIN, NATIONAL_IDS, type NationalId, nationalIdOf } from './national-ids.ts'
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
export {
  FORM_COVERS,
  type FormCovers,
  type FormReading,
  formCodeSchema,
  namesViewer,
  type Policy,
  policySchema,
  type Who,
} from './policy.ts'
export { policyFaults } from './policy-faults.ts'
export type { PolicyFault } from './policy-rules.ts'
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
export { VIEWING_RULES, type ViewingRule } from './viewing-rules.ts'
export { WARNING_CODES, WARNINGS, type Warning } from './warnings.ts'
