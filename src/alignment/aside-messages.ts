import type { Item } from '../vocabulary/index.ts'
import type { AlignedAnswers, AlignedEntry, AlignedItem, AlignedSource } from './aligned.ts'
import type { CodeMap } from './mapping/code-maps.ts'
import type { Tally } from './tally.ts'

/** What a thread is told: texts in portions, then what to do with them, then that the next entries may come. */
export type ToAside =
  | { kind: 'texts'; list: number; texts: readonly string[] }
  | { kind: 'align'; sources: readonly AlignedSource[]; asked: readonly Item[]; isJudged: boolean }
  | { kind: 'tally'; maps: readonly CodeMap[] }
  | { kind: 'next' }

/** Entries are said once; items lead to them by their own name, and to an absence by its place among them. */
export type AsideResult =
  | {
      kind: 'align'
      items: (Omit<AlignedItem, 'entries' | 'absence'> & { absence: number })[]
      undisplayed: AlignedAnswers['undisplayed']
    }
  | { kind: 'tally'; tally: Tally }

/** What a thread says, one message for each it was told. */
export type FromAside =
  | { kind: 'taken' }
  | { kind: 'entries'; entries: AlignedEntry[] }
  | { kind: 'done'; result: AsideResult }

export function entriesOf(answer: FromAside): AlignedEntry[] {
  return answer.kind === 'entries' ? answer.entries : []
}

const PORTION = 250
const PORTION_CHARACTERS = 256 * 1024

/** Texts in portions that take a millisecond or two to hand over. */
export function* portionsOf(texts: readonly string[]): Generator<string[]> {
  let portion: string[] = []
  let characters = 0
  for (const text of texts) {
    if (portion.length >= PORTION || characters >= PORTION_CHARACTERS) {
      yield portion
      portion = []
      characters = 0
    }
    portion.push(text)
    characters += text?.length ?? 0
  }
  if (portion.length > 0) yield portion
}

export function portionAt(entries: readonly AlignedEntry[], from: number): AlignedEntry[] {
  return entries.slice(from, from + PORTION)
}
