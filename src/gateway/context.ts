import type { Dispatcher } from 'undici'
import type { Context } from '../kernel/context.ts'
import type { SigningKey } from '../trust/index.ts'
import type { EhrClient } from './ehr-client.ts'
import type { LogoutVerifier } from './end-logins.ts'
import type { LoginVerifier } from './login.ts'

/** What the gateway's verbs are given: connections, clock, the region's key and clients. Tests pass their own. */
export interface GatewayContext extends Context {
  region: string
  /** The identifier system of the region's own patient ids. */
  patientSystem: string
  /** Base of the inward side's URLs, as the hub's directory names this gateway. */
  publicUrl: string
  /** The hub's name: `aud` of requests, `iss` of mandates and receipts, base of its URLs. */
  hubUrl: string
  /** How the hub is reached; carries the gateway's client certificate. */
  dispatcher: Dispatcher
  /** Signs the region's requests and receipts. */
  key: SigningKey
  ehr: EhrClient
  /** One absolute deadline for all that one mandate makes the gateway ask of the local system. */
  ehrDeadlineMs: number
  login: LoginVerifier
  logout: LogoutVerifier
}

/** What reading from the hub takes: what is read is checked against pins, so it needs no key of ours. */
export type HubReader = Pick<GatewayContext, 'db' | 'now' | 'log' | 'hubUrl' | 'dispatcher'>
