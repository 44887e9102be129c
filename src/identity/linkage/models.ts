import type { Columns } from './columns.ts'
import generalFile from './general-model.json' with { type: 'json' }
import { type Model, readModel } from './model.ts'
import residentsFile from './residents-model.json' with { type: 'json' }
import { FLAGS, IS_GENERAL, ROW_WORDS } from './rows.ts'

/** The model by which residents are linked. */
export const RESIDENTS = readModel(residentsFile)

/** Where to start from with data of another kind: its weights are guesses until they are estimated. */
export const GENERAL = readModel(generalFile)

export type Kind = Model['file']['kind']
export const KINDS = ['residents', 'general'] as const satisfies Kind[]

/** What registrations of each kind are judged by. Those of different kinds are never compared. */
export type Models = Readonly<Record<Kind, Model>>
export const MODELS: Models = { residents: RESIDENTS, general: GENERAL }

/** The registrations of one kind alone. */
export function columnsOfKind(columns: Columns, kind: Kind): Columns {
  const isGeneral = kind === 'general'
  if (!columns.hasGeneral && !isGeneral) return columns
  const places = Array.from({ length: columns.count }, (_, place) => place).filter(
    (place) => kindAt(columns, place) === kind,
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
