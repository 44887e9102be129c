import type { Columns } from './columns.ts'
import type { FrequencyName, FrequencyTable, Model } from './model.ts'
import type { Kind, Models } from './models.ts'
import { lengthOf, textOf, type Words } from './words.ts'

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
function raritiesOf(words: Words, { file: { frequencies } }: Model): Rarities {
  const found = NAMES.map((name) => averages(words, frequencies[name]))
  const { bits, longest } = lookupOf(frequencies)
  for (let id = 1; id < words.count; id++) {
    if (lengthOf(words, id) > longest) continue
    const known = bits.get(textOf(words, id))
    if (known === undefined) continue
    for (const [at, own] of known.entries()) if (own !== undefined) (found[at] as Float32Array)[id] = own
  }
  const [surnameKanji, surnameKana, givenKanji, givenKana] = found as Found
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

type Frequencies = Model['file']['frequencies']

interface Lookup {
  /** By text, in the order of `NAMES`: nothing where a table has it not. */
  bits: ReadonlyMap<string, readonly (number | undefined)[]>
  /** Letters of the longest text: an address is in no table. */
  longest: number
}

/** Kept: a feed asks for a few words, and a table has thousands. */
const lookups = new WeakMap<Frequencies, Lookup>()

function lookupOf(frequencies: Frequencies): Lookup {
  const known = lookups.get(frequencies) ?? makeLookup(frequencies)
  lookups.set(frequencies, known)
  return known
}

function makeLookup(frequencies: Frequencies): Lookup {
  const bits = new Map<string, (number | undefined)[]>()
  let longest = 0
  for (const [at, name] of NAMES.entries()) {
    const { values, average } = frequencies[name]
    for (const [text, frequency] of Object.entries(values)) {
      const own = bits.get(text) ?? NAMES.map(() => undefined)
      own[at] = Math.log2(average / frequency)
      bits.set(text, own)
      longest = Math.max(longest, text.length)
    }
  }
  return { bits, longest }
}

/** How often the value is met among people. */
export function frequencyOf(rarity: number, table: FrequencyTable): number {
  return table.average / 2 ** rarity
}
