export {
  boundedFetch,
  type FetchedAnswer,
  FetchFault,
  type FetchFaultReason,
  type OutgoingCall,
} from './bounded-fetch.ts'
export { capabilityOf, consentCapability, PIX_OPERATION } from './capability.ts'
export { readBody, readBytes } from './door.ts'
export { failureLimit } from './failure-limit.ts'
export type { Caller, HubEnv } from './hub-env.ts'
export {
  authorityOf,
  isLoopback,
  LISTEN_LIMITS,
  type Listening,
  type ListenLimits,
  listen,
  type Tls,
} from './listen.ts'
export { negotiate } from './negotiate.ts'
export { type AgentOptions, type AllowedAddresses, openAgent } from './open-agent.ts'
export { openApp } from './open-app.ts'
export {
  FHIR_JSON,
  fhir,
  onError,
  outcomeOf,
  statusOf,
} from './operation-outcome.ts'
export { type CertificateSource, certificateThumbprint, peerCertificate } from './peer-certificate.ts'
export { readJson } from './read-json.ts'
