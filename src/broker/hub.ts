import type { Dispatcher } from 'undici'
import type { CertificateSource } from '../http/index.ts'
import type { NationalIdRule } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import type { DirectoryKeys, EpochWatch } from '../registry/index.ts'
import type { SourceState } from '../vocabulary/index.ts'

/** What the hub's verbs are given: connections, clock, keys and clients. Tests pass their own. */
export interface Hub extends Context {
  /** The hub's name to everybody: `aud` of requests, `iss` of mandates and receipts, base of its URLs. */
  publicUrl: string
  keys: DirectoryKeys
  /** How gateways are reached; carries the hub's client certificate. */
  dispatcher: Dispatcher
  /** Where client certificates are read from. */
  certificates: CertificateSource
  /** Which national identifiers may be kept, keyed; none where it is undefined. */
  nationalIds?: NationalIdRule | undefined
  /** One absolute deadline for all sources of a query. */
  sourcesDeadlineMs: number
  /**
   * Denials leave on the stroke of this. Else looking up somebody who is registered elsewhere takes 8 ms more than
   * nobody, and a denial by the holder's gateway a whole round trip more than one by the hub.
   */
  denialStepMs: number
  /** Says when what a running query stands on moved, so that nobody waits for what may not be given. */
  epochs: EpochWatch
  /** Told how asking each source ended; must not wait for anything. */
  sourceAnswered: (region: string, state: SourceState, elapsedMs: number) => void
  /** Told which records a region gave, to be counted by how far they fit; must not wait for anything. */
  recordsGiven: (region: string, texts: readonly string[]) => void
}
