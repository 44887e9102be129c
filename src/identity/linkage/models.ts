import type { Features } from '../normalise/index.ts'
import type { Columns } from './columns.ts'
import generalFile from './general-model.json' with { type: 'json' }
import type { KeyedColumns } from './keyed-columns.ts'
import { type Model, readModel } from './model.ts'
import residentsFile from './residents-model.json' with { type: 'json' }
import { FLAGS, IS_GENERAL, IS_SYNTHETIC, ROW_WORDS } from './rows.ts'

/** The model by which residents are linked. */
export const RESIDENTS = readModel(residentsFile)

/** Where to start from with data of another kind: its weights are guesses until they are estimated. */
export const GENERAL = readModel(generalFile)

export type Kind = Model['file']['kind']
export const KINDS = ['residents', 'general'] as const satisfies Kind[]

/** What registrations of each kind are judged by. Those of different kinds are never compared. */
export type Models = Readonly<Record<Kind, Model>>
export const MODELS: Models = { residents: RESIDENTS, general: GENERAL }

/** The registrations of one kind alone; without the synthetic ones where `isReal`. */
export function columnsOfKind(columns: Columns, kind: Kind, { isReal = false } = {}): Columns {
  const isGeneral = kind === 'general'
  if (!columns.hasGeneral && !isGeneral && !isReal) return columns
  const places = Array.from({ length: columns.count }, (_, place) => place).filter(
    (place) => kindAt(columns, place) === kind && !(isReal && isSyntheticAt(columns, place)),
  )
  if (places.length === columns.count) return columns
  const rows = new Uint32Array(new SharedArrayBuffer(4 * ROW_WORDS * Math.max(1, places.length)))
  for (const [at, place] of places.entries()) {
    rows.set(columns.rows.subarray(place * ROW_WORDS, (place + 1) * ROW_WORDS), at * ROW_WORDS)
  }
  return { ...columns, count: places.length, rows, hasGeneral: isGeneral }
}

export function kindAt({ rows }: Columns, place: number): Kind {
  return ((rows[place * ROW_WORDS + FLAGS] as number) & IS_GENERAL) === 0 ? 'residents' : 'general'
}

export function isSyntheticAt({ rows }: KeyedColumns, place: number): boolean {
  return ((rows[place * ROW_WORDS + FLAGS] as number) & IS_SYNTHETIC) !== 0
}

/** Whether two may be one person at all: general data and residents never are, synthetic ones and real ones neither. */
export function areComparable({ rows }: Columns, a: number, b: number): boolean {
  const differing = (rows[a * ROW_WORDS + FLAGS] as number) ^ (rows[b * ROW_WORDS + FLAGS] as number)
  return (differing & (IS_GENERAL | IS_SYNTHETIC)) === 0
}

/** As `areComparable`, of features. */
export function mayBeOne(a: Features, b: Features): boolean {
  return (a.texts === undefined) === (b.texts === undefined) && a.isSynthetic === b.isSynthetic
}
