export {
  ENCODINGS,
  type Encoding,
  exportLinks,
  exportPossible,
  type FieldMap,
  fieldMapSchema,
  type LinkedEverybody,
  type LoadRow,
  linkEverybody,
  listRefusals,
  loadFile,
  type Profile,
  profileFile,
  senderOf,
} from './bulk/index.ts'
export { type FedRegistration, feedRegistration } from './feed-registration.ts'
export {
  findPerson,
  type Person,
  personOf,
  type RegistrationOfPerson,
  registeredSince,
} from './find-person.ts'
export { allowChanges, type FeedRate, feedRate, guardFeed } from './guard-feed.ts'
export { type HandleHolder, issueHandle, personOfHandle } from './issue-handle.ts'
export type { PatientId } from './patient-id.ts'
export { type ReadPatient, readPatient } from './read-patient.ts'
export { removeRegistration } from './remove-registration.ts'
export { resolveByDemographics } from './resolve-demographics.ts'
export { noteNeed, reviewRoutes } from './review/index.ts'
export { identityRoutes } from './routes.ts'
export { searchRoutes } from './search/routes.ts'
