import { tokyoDate } from '../consent/index.ts'
import { sha256 } from '../trust/index.ts'
import type { FoundPatient } from './find-patient.ts'
import type { Clinician } from './login.ts'
import type { Question } from './read-search.ts'

/**
 * Today's visit, where the login states one of this very patient. It is the word of the region's own system, signed
 * by its identity provider: no parameter of a call and no field of a form can state a visit.
 */
export function visitOf(
  { visit }: Clinician,
  { parameter, value }: Pick<FoundPatient, 'parameter' | 'value'>,
  now: Date,
): Question['visit'] {
  const named = parameter === '_demographics' ? sha256(value) : value
  return visit?.patient === named ? { kind: visit.kind, on: tokyoDate(now) } : undefined
}
