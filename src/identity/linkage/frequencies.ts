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

const NAMES = ['surnameKanji', 'surnameKana', 'givenKanji', 'givenKana'] as const

/** Every word is made a text once for all tables: of a million people's there are hundreds of thousands. */
function raritiesOf(words: Words, model: Model): Rarities {
  const tables = NAMES.map((name) => {
    const table = model.file.frequencies[name]
    return { table, known: lookupOf(table), found: averages(words, table) }
  })
  for (let id = 1; id < words.count; id++) {
    const text = textOf(words, id)
    for (const { table, known, found } of tables) {
      const frequency = known.get(text)
      if (frequency !== undefined) found[id] = Math.log2(table.average / frequency)
    }
  }
  const [surnameKanji, surnameKana, givenKanji, givenKana] = tables.map(({ found }) => found) as Found
  return { surnameKanji, surnameKana, givenKanji, givenKana }
}

type Found = [Float32Array, Float32Array, Float32Array, Float32Array]

/** What a word that no table has is taken for; no word is the average. */
function averages(words: Words, table: FrequencyTable): Float32Array {
  const result = new Float32Array(new SharedArrayBuffer(4 * words.count))
  result.fill(Math.log2(table.average / table.default))
  result[0] = 0
  return result
}

/** Kept by table: a feed asks for a few words, and a table has thousands. */
const lookups = new WeakMap<FrequencyTable, ReadonlyMap<string, number>>()

function lookupOf(table: FrequencyTable): ReadonlyMap<string, number> {
  const known = lookups.get(table) ?? new Map(Object.entries(table.values))
  lookups.set(table, known)
  return known
}

/** How often the value is met among people. */
export function frequencyOf(rarity: number, table: FrequencyTable): number {
  return table.average / 2 ** rarity
}
