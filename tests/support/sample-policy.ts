import {
  DEFAULT_POLICY,
  type FormCovers,
  type FormReading,
  type Item,
  type Policy,
} from '../../src/vocabulary/index.ts'
import { NOON } from './test-context.ts'

/** A council's reading of a form version, with the decision by which it reads it so. */
export function readAs(covers: FormCovers): FormReading {
  return { covers, body: '総会', on: '2026-04-01', minutes: '第1号議案' }
}

/** The default policy as a council would send it at `at`. */
export function policyFrom(changes: Partial<Policy> = {}, at: Date = NOON): Policy {
  return { ...DEFAULT_POLICY, effectiveFrom: at.toISOString(), ...changes }
}

/** What a policy says that gives these items and no others: its rows name no more either. */
export function sharing(...shared: Item[]): Pick<Policy, 'shared' | 'viewing'> {
  const rows = DEFAULT_POLICY.viewing.map((row) => ({
    ...row,
    items: row.items.filter((item) => shared.includes(item)),
  }))
  return { shared, viewing: rows.filter(({ items }) => items.length > 0) }
}
