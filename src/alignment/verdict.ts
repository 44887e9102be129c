import type { CatalogueItem } from '../vocabulary/index.ts'
import type { Breach } from './conformance/breach.ts'

/**
 * How far a record fits the national set. `national-conformant`: as it stands. `convertible`: with what is named in
 * `added`. `readable`: to people only. `nonconformant`: it breaks what it must not, each rule named.
 */
export const LEVELS = ['national-conformant', 'convertible', 'readable', 'nonconformant'] as const
export type Level = (typeof LEVELS)[number]

/** What a conversion added, beside what was there. */
export interface Addition {
  path: string
  /** What was added: `http://…|3A015000002329101`. Codes and systems only, never a patient's data. */
  what: string
  /** The map or rule that says so. */
  by: string
}

export interface Verdict {
  /** Where it stands in what was read: `Bundle.entry[3].resource`; `$` for what is no record. */
  path: string
  resourceType: string | null
  /** The national profile it was judged by, with the IG version that it fits best. */
  profile: string | null
  igVersion: string | null
  /** The shared item; null where it is none, or unclassified. */
  item: CatalogueItem | null
  level: Level
  /**
   * Rules it breaks as it stands; of a convertible record, those that the additions mend. Each with its path from the
   * record: `Condition.onset`, elements of several types by their one name (FHIRPath).
   */
  issues: Breach[]
  added: Addition[]
  /** Of a readable record that carries one of the six data: what keeps it from being converted. */
  lacking: Breach[]
}
