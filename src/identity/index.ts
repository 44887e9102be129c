export { BATCH_BYTES_MAX } from './batch/read-batch.ts'
export {
  type AskedModel,
  ENCODINGS,
  type Encoding,
  estimateFrom,
  exportLinks,
  exportPossible,
  type FieldMap,
  fieldMapSchema,
  type LinkedEverybody,
  type LoadRow,
  linkEverybody,
  listRefusals,
  loadFile,
  MAP_FIELDS,
  type Profile,
  profileFile,
  senderOf,
} from './bulk/index.ts'
export { explainPair, type PairExplanation } from './explain-pair.ts'
export { FIELD_WORDS, RULE_WORDS, VETO_WORDS } from './explain-words.ts'
export { feedRegistration } from './feed-registration.ts'
export type { FedRegistration } from './feeding.ts'
export {
  findPerson,
  type Person,
  personOf,
  type RegistrationOfPerson,
  registeredSince,
} from './find-person.ts'
export { allowChanges, type FeedRate, feedRate, guardFeed } from './guard-feed.ts'
export { holdUnlinked } from './hold-unlinked.ts'
export {
  type HandleHolder,
  type HandleWon,
  issueHandle,
  personOfHandle,
  readHandle,
} from './issue-handle.ts'
export { modelSchema } from './linkage/index.ts'
export { findMerged, type Merged } from './merge-store.ts'
export type { NationalIdRule } from './normalise/index.ts'
export type { PatientId } from './patient-id.ts'
export { type ReadPatient, readPatient } from './read-patient.ts'
export { findRegistered, type Registered } from './registered-store.ts'
export { removeRegistration } from './remove-registration.ts'
export { resolveByDemographics } from './resolve-demographics.ts'
export {
  countWaiting as countReview,
  type Deciding,
  explainWaiting,
  keepApart,
  listWaiting as listReview,
  mergePersons,
  noteNeed,
  reviewRoutes,
  splitPerson,
  undoDecision,
} from './review/index.ts'
export { identityRoutes } from './routes.ts'
export { searchRoutes } from './search/routes.ts'
