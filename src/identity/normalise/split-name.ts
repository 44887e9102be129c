import { readFileSync } from 'node:fs'
import { foldKana } from './fold-kana.ts'
import { foldSurname } from './fold-kanji.ts'

/** The common surnames, folded, with a folded reading. */
const SURNAMES = new Map(
  readFileSync(new URL('./surnames.tsv', import.meta.url), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [kanji = '', reading] = line.split('\t')
      return reading === undefined ? [] : [[foldSurname(kanji) ?? kanji, foldKana(reading)] as const]
    }),
)
const SURNAME_MAX = Math.max(...[...SURNAMES.keys()].map((surname) => surname.length))

/**
 * Where the surname ends in a name written without a space: the longest common surname that leaves a given name, one
 * with the reading that is known before all. A guess; undefined when there is none to make.
 */
export function surnameLength(whole: string, familyKana: string | undefined): number | undefined {
  let longest: number | undefined
  for (let length = Math.min(SURNAME_MAX, whole.length - 1); length > 0; length--) {
    const surname = foldSurname(whole.slice(0, length))
    if (surname === undefined || !SURNAMES.has(surname)) continue
    if (familyKana !== undefined && SURNAMES.get(surname) === familyKana) return length
    longest ??= length
  }
  return longest
}
