import { binaryRows } from '../../kernel/binary-rows.ts'
import {
  type BulkLinkage,
  type Columns,
  judgeOf,
  type ManualDecisions,
  type Models,
  RULES,
} from '../linkage/index.ts'
import { patientIdOf } from '../patient-id.ts'
import { linkExplainer } from './explain-places.ts'
import { type Refs, readerOf } from './refs.ts'

/** All that explaining needs; large things lie in shared memory, so it goes to a thread as it is. */
export interface ToExplain {
  columns: Columns
  models: Models
  manual: ManualDecisions
  linkage: Pick<BulkLinkage, 'cluster' | 'rule'>
  refs: Refs
  at: Date
}

/** Registrations that come to a person, or whose rule changed. */
export interface ChangedPlaces {
  places: Uint32Array
  /** Of each the person it belonged to. */
  before: (string | null)[]
  persons: string[]
}

const BYTES_EXPECTED = 300

/** Makes the rows of `link_event` that say why. */
export function eventRowsOf({ columns, models, manual, linkage, refs, at }: ToExplain) {
  const refOf = readerOf(refs)
  const explain = linkExplainer(judgeOf(columns, models, manual), linkage.cluster, refOf)
  return ({ places, before, persons }: ChangedPlaces): Uint8Array => {
    const rows = binaryRows(new ArrayBuffer(BYTES_EXPECTED * places.length))
    for (const [index, place] of places.entries()) {
      const { region, localId } = patientIdOf(refOf(place))
      rows.row(7)
      rows.text(region)
      rows.text(localId)
      rows.text(before[index] as string | null)
      rows.text(persons[index] as string)
      rows.text(ruleAt(linkage, place))
      rows.text(explain(place))
      rows.time(at)
    }
    return rows.finish()
  }
}

/** The strongest rule that joins the registration to its person; null while it is alone. */
export function ruleAt({ rule }: Pick<BulkLinkage, 'rule'>, place: number) {
  return RULES[(rule[place] as number) - 1] ?? null
}
