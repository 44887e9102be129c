import type { Dispatcher } from 'undici'
import type { FhirObject } from './check-subject.ts'

/** A resource of the local system: its exact text, and the same parsed. */
export interface EhrResource {
  text: string
  value: FhirObject
}

/** Why the local system's answer is not whole, as the source state it makes. */
export type EhrFault = 'timeout' | 'unreachable' | 'busy' | 'invalid' | 'partial'

export interface EhrAnswer {
  resources: EhrResource[]
  /** Undefined when the answer is whole; what was read before the fault stays. */
  fault: EhrFault | undefined
}

/** The region's own FHIR server. Parameters travel in bodies, so no patient id reaches a URL or its log. */
export interface EhrClient {
  search(type: string, parameters: Record<string, string>, signal: AbortSignal): Promise<EhrAnswer>
  /** Whether the server answers at all. */
  isReachable(signal: AbortSignal): Promise<boolean>
}

export interface EhrOptions {
  /** The FHIR base, without a slash at the end. */
  url: string
  dispatcher: Dispatcher
}
