export { statedVisitCounts, type Visit, visitCounts } from './count-visit.ts'
export { type AccessFacts, type AccessVerdict, decideAccess, type Withheld } from './decide-access.ts'
export {
  DENY_REASONS,
  type DenyReason,
  OBLIGATIONS,
  type Obligation,
  WITHHOLD_REASONS,
  type WithholdReason,
} from './deny-reasons.ts'
export { type ConsentRecord, evaluateConsent } from './evaluate-consent.ts'
