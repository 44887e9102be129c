import type { Columns } from './columns.ts'
import { joinWords } from './join-words.ts'
import { ADDRESS, ADDRESS_WORDS, EXTRA, EXTRAS, NAME, NAME_WORDS, ROW_WORDS } from './rows.ts'

/** Some of the registrations, and where each of them comes to stand among all. */
export interface Part {
  columns: Columns
  places: Uint32Array
}

/** Within a registration's row, what is the id of a word. */
const WORDS_IN_ROW = [...range(NAME, NAME_WORDS), ...range(ADDRESS, ADDRESS_WORDS)]

/** Within an extra of a kind, what is the id of a word. */
const WORDS_IN_EXTRA: Readonly<Record<number, readonly number[]>> = {
  [EXTRA.otherName]: range(1, NAME_WORDS),
  [EXTRA.whole]: range(0, 3),
  [EXTRA.formerAddress]: range(0, ADDRESS_WORDS),
  [EXTRA.text]: [1],
}

/**
 * One set of registrations, made of parts that were packed apart. They were packed without sources (`Standing`), whose
 * numbers would differ from part to part.
 */
export function joinColumns(parts: readonly Part[]): Columns {
  const count = parts.reduce((sum, { columns }) => sum + columns.count, 0)
  const { words, idsOf } = joinWords(parts.map(({ columns }) => columns.words))
  const rows = new Uint32Array(new SharedArrayBuffer(4 * ROW_WORDS * Math.max(1, count)))
  const extras = new Uint32Array(
    new SharedArrayBuffer(4 * parts.reduce((sum, { columns }) => sum + columns.extras.length, 0)),
  )
  let extrasEnd = 0
  for (const [at, { columns, places }] of parts.entries()) {
    const ids = idsOf[at] as Uint32Array
    extras.set(columns.extras, extrasEnd)
    for (let own = 0; own < columns.count; own++) {
      const row = (places[own] as number) * ROW_WORDS
      moveRow(columns.rows, own * ROW_WORDS, rows, row, ids)
      const start = rows[row + EXTRAS] as number
      if (start === 0) continue
      rows[row + EXTRAS] = start + extrasEnd
      renameExtras(extras, start + extrasEnd, ids)
    }
    extrasEnd += columns.extras.length
  }
  return { count, hasGeneral: parts.some(({ columns }) => columns.hasGeneral), rows, extras, words }
}

function moveRow(from: Uint32Array, own: number, to: Uint32Array, row: number, ids: Uint32Array): void {
  for (let at = 0; at < ROW_WORDS; at++) to[row + at] = from[own + at] as number
  for (const at of WORDS_IN_ROW) to[row + at] = ids[to[row + at] as number] as number
}

function renameExtras(extras: Uint32Array, start: number, ids: Uint32Array): void {
  const end = start + 1 + (extras[start] as number)
  for (let at = start + 1; at < end; ) {
    const head = extras[at] as number
    for (const word of WORDS_IN_EXTRA[head >>> 8] ?? []) {
      extras[at + 1 + word] = ids[extras[at + 1 + word] as number] as number
    }
    at += 1 + (head & 0xff)
  }
}

function range(start: number, length: number): number[] {
  return Array.from({ length }, (_, at) => start + at)
}
