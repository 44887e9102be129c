import type { Columns } from './columns.ts'
import type { FrequencyName, FrequencyTable, ModelFile } from './model.ts'
import {
  FAMILY_KANA,
  FAMILY_KANJI,
  FAMILY_LATIN,
  GIVEN_KANA,
  GIVEN_KANJI,
  GIVEN_LATIN,
  NAME,
  ROW_WORDS,
} from './rows.ts'
import { textOf } from './words.ts'

/** A table of every name would make the model a register of residents. */
const VALUES_MAX = 1500
/** Met less often, a name is too rare to be told from the rest, and too near to naming somebody. */
const COUNT_MIN = 20

/** Latin letters stand in for a reading that is missing. */
const PARTS: Readonly<Record<FrequencyName, readonly [number, number]>> = {
  surnameKanji: [FAMILY_KANJI, FAMILY_KANJI],
  surnameKana: [FAMILY_KANA, FAMILY_LATIN],
  givenKanji: [GIVEN_KANJI, GIVEN_KANJI],
  givenKana: [GIVEN_KANA, GIVEN_LATIN],
}

/** How often names are met: the frequent ones by name, the rest by their average. */
export function countFrequencies(columns: Columns): ModelFile['frequencies'] {
  const tables = Object.entries(PARTS).map(([name, parts]) => [name, tableOf(columns, parts)])
  return Object.fromEntries(tables) as ModelFile['frequencies']
}

function tableOf(
  { rows, words, count }: Columns,
  [part, instead]: readonly [number, number],
): FrequencyTable {
  const counts = new Uint32Array(words.count)
  let total = 0
  for (let place = 0; place < count; place++) {
    const name = place * ROW_WORDS + NAME
    const word = (rows[name + part] as number) || (rows[name + instead] as number)
    if (word === 0 || words.unreadable[word] === 1) continue
    counts[word] = (counts[word] as number) + 1
    total++
  }
  const met = [...counts.keys()].filter((word) => (counts[word] as number) > 0)
  const byCount = met
    .map((word) => ({ text: textOf(words, word), share: (counts[word] as number) / Math.max(1, total) }))
    .sort((a, b) => b.share - a.share || (a.text < b.text ? -1 : 1))
  const listed = byCount.slice(0, VALUES_MAX).filter(({ share }) => share * total >= COUNT_MIN)
  const rest = byCount.slice(listed.length)
  const squares = (all: typeof byCount) => all.reduce((sum, { share }) => sum + share * share, 0)
  const shares = rest.reduce((sum, { share }) => sum + share, 0)
  return {
    average: probability(squares(byCount)),
    // Whoever shares a rare name shares it with others of that name: weighted by how often it is met.
    default: probability(shares === 0 ? 1 / Math.max(1, total) : squares(rest) / shares),
    values: Object.fromEntries(listed.map(({ text, share }) => [text, significant(share)])),
  }
}

function probability(share: number): number {
  return significant(Math.min(1, Math.max(1e-9, share)))
}

/** Four digits: more would only look exact. */
export function significant(value: number): number {
  return Number(value.toPrecision(4))
}
