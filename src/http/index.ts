export { checkAddress, openCall, pathUnknown, readBody } from './door.ts'
export type { Caller, HubEnv } from './hub-env.ts'
export { type Listening, listen, type Tls } from './listen.ts'
export {
  FHIR_JSON,
  fhir,
  onError,
  outcomeOf,
  statusOf,
} from './operation-outcome.ts'
