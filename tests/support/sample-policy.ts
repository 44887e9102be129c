import { DEFAULT_POLICY, type FormCovers, type FormReading, type Policy } from '../../src/vocabulary/index.ts'
import { NOON } from './test-context.ts'

/** A council's reading of a form version, with the decision by which it reads it so. */
export function readAs(covers: FormCovers): FormReading {
  return { covers, body: '総会', on: '2026-04-01', minutes: '第1号議案' }
}

/** The default policy as a council would send it at `at`. */
export function policyFrom(changes: Partial<Policy> = {}, at: Date = NOON): Policy {
  return { ...DEFAULT_POLICY, effectiveFrom: at.toISOString(), ...changes }
}
