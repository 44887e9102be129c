export { ASK_AGAIN_REASONS, type AskAgainReason, askAgainReason } from './ask-again.ts'
export { BULK_BYTES_MAX } from './bulk-visits.ts'
export { deskFormFault } from './check-desk-form.ts'
export { endSaidAt, successionFault } from './check-succession.ts'
export { CONSENT_EXTENSIONS, PROXY_RELATIONS, type ProxyRelation } from './consent-extensions.ts'
export { statedVisitCounts, type Visit, visitCounts } from './count-visit.ts'
export {
  type AccessFacts,
  type AccessVerdict,
  type BreakGlass,
  decideAccess,
  type Withheld,
} from './decide-access.ts'
export { BREAK_GLASS_MS } from './decide-ground.ts'
export { deleteOldVisits, startVisitRetention } from './delete-visits.ts'
export {
  DENY_REASONS,
  type DenyReason,
  GROUNDS,
  type Ground,
  OBLIGATIONS,
  type Obligation,
  WITHHOLD_REASONS,
  type WithholdReason,
} from './deny-reasons.ts'
export { BATCH_BYTES_MAX, type BatchLine, readDeskBatch } from './desk-batch.ts'
export { consentOfDesk } from './desk-consent.ts'
export { DESK_KINDS, type DeskForm, type DeskKind, deskFormSchema } from './desk-form.ts'
export { type ConsentRecord, evaluateConsent } from './evaluate-consent.ts'
export { CONSENT_AUDIENCE, type EvidenceKind, verifyEvidence } from './evidence.ts'
export { placeOf } from './fhir-elements.ts'
export {
  type DatedConsent,
  type FormerConsent,
  narrowedBy,
  standingWords,
  withRefusals,
} from './former-consents.ts'
export { isRestated } from './is-restated.ts'
export { narrowedByWaiting, refusalOfWaiting } from './narrow-by-waiting.ts'
export { readConsent, receivedConsent, type StatedConsent } from './read-consent.ts'
export { recordConsent } from './record-consent.ts'
export { recordVisit } from './record-visit.ts'
export { consentRoutes } from './routes.ts'
export type { RegistrationKey } from './store.ts'
export { later, tokyoDate } from './tokyo-time.ts'
export { readVisit, type StatedVisit } from './visit-schema.ts'
export { readFacts, type VisitQuestion, type VisitRecord, visitsOf } from './visits-of.ts'
