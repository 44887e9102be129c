import type { Columns } from './columns.ts'
import type { FrequencyName, FrequencyTable, Model } from './model.ts'
import type { Kind, Models } from './models.ts'
import { textOf, type Words } from './words.ts'

/** By word: bits by which a value's own frequency differs from the average; positive for a rare one. */
export type Rarities = Readonly<Record<FrequencyName, Float32Array>>

/** By the kind of registration; those of residents twice where there are no others. */
export type RaritiesByKind = Readonly<Record<Kind, Rarities>>

export function raritiesByKind({ words, hasGeneral }: Columns, models: Models): RaritiesByKind {
  const residents = raritiesOf(words, models.residents)
  return { residents, general: hasGeneral ? raritiesOf(words, models.general) : residents }
}

function raritiesOf(words: Words, model: Model): Rarities {
  const { surnameKanji, surnameKana, givenKanji, givenKana } = model.file.frequencies
  return {
    surnameKanji: rarities(words, surnameKanji),
    surnameKana: rarities(words, surnameKana),
    givenKanji: rarities(words, givenKanji),
    givenKana: rarities(words, givenKana),
  }
}

/** Kept by table: a feed asks for a few words, and a table has thousands. */
const lookups = new WeakMap<FrequencyTable, ReadonlyMap<string, number>>()

function lookupOf(table: FrequencyTable): ReadonlyMap<string, number> {
  const known = lookups.get(table) ?? new Map(Object.entries(table.values))
  lookups.set(table, known)
  return known
}

function rarities(words: Words, table: FrequencyTable): Float32Array {
  const result = new Float32Array(new SharedArrayBuffer(4 * words.count))
  result.fill(Math.log2(table.average / table.default))
  const known = lookupOf(table)
  for (let id = 1; id < words.count; id++) {
    const frequency = known.get(textOf(words, id))
    if (frequency !== undefined) result[id] = Math.log2(table.average / frequency)
  }
  // No word: the average.
  result[0] = 0
  return result
}

/** How often the value is met among people. */
export function frequencyOf(rarity: number, table: FrequencyTable): number {
  return table.average / 2 ** rarity
}
