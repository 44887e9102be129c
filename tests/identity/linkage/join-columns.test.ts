import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Columns, columnsOf } from '../../../src/identity/linkage/columns.ts'
import { entriesOf } from '../../../src/identity/linkage/extras.ts'
import { joinColumns } from '../../../src/identity/linkage/join-columns.ts'
import {
  ADDRESS,
  ADDRESS_WORDS,
  EXTRA,
  EXTRAS,
  NAME_WORDS,
  ROW_WORDS,
} from '../../../src/identity/linkage/rows.ts'
import { textOf } from '../../../src/identity/linkage/words.ts'
import { anyFeatures } from './any-features.ts'

/** Which numbers of an extra are ids of words. */
const WORDS: Readonly<Record<string, readonly number[]>> = {
  otherName: [1, 2, 3, 4, 5, 6],
  whole: [0, 1, 2],
  formerAddress: [0, 1, 2, 3, 4, 5],
  text: [1],
}

/** Without the ids of words, and where extras stand: what depends on the order in which registrations came. */
function contentOf({ rows, extras, words }: Columns, place: number) {
  const row = rows.subarray(place * ROW_WORDS, (place + 1) * ROW_WORDS)
  const isWord = (at: number) => at < NAME_WORDS || (at >= ADDRESS && at < ADDRESS + ADDRESS_WORDS)
  const wordOf = (id: number) => ({
    text: textOf(words, id),
    form: textOf(words, words.confusable[id] as number),
    marks: [words.high[id], words.low[id], words.unreadable[id], words.municipal[id]],
  })
  const start = row[EXTRAS] as number
  const more = Object.entries(EXTRA).flatMap(([name, kind]) =>
    [...entriesOf(extras, start, kind)].map((at) => {
      const values = [...extras.subarray(at, at + ((extras[at - 1] as number) & 0xff))]
      return [name, ...values.map((value, word) => (WORDS[name]?.includes(word) ? wordOf(value) : value))]
    }),
  )
  return {
    row: [...row.subarray(0, EXTRAS)].map((value, at) => (isWord(at) ? wordOf(value) : value)),
    extras: more,
  }
}

test('registrations packed apart and joined are as packed together, wherever each comes to stand', () => {
  const shares = fc.array(fc.array(anyFeatures, { maxLength: 5 }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(shares, fc.infiniteStream(fc.nat()), (parts, random) => {
      const all = parts.flat()
      const places = all
        .map((_, own) => ({ own, key: random.next().value as number }))
        .sort((a, b) => a.key - b.key || a.own - b.own)
        .map(({ own }) => own)
      const ordered = places.map((own) => all[own] as (typeof all)[number])
      let before = 0
      const joined = joinColumns(
        parts.map((part) => {
          const first = before
          before += part.length
          return {
            columns: columnsOf(part),
            places: Uint32Array.from(part, (_, at) => places.indexOf(first + at)),
          }
        }),
      )
      const together = columnsOf(ordered)
      expect(joined.count).toBe(together.count)
      expect(joined.hasGeneral).toBe(together.hasGeneral)
      for (let place = 0; place < joined.count; place++)
        expect(contentOf(joined, place)).toEqual(contentOf(together, place))
    }),
    { numRuns: 300 },
  )
})
