import { type Random, type Weighted, weigh } from '../random.ts'
import type { Spelling } from './person.ts'
import { readSections } from './tables.ts'

type Sex = 'male' | 'female'
type Reading = { kana: string; spellings: Weighted<string> }

/** The share of a cohort that bears one of its common names; the rest is put together of parts. */
const COMMON_SHARE = 0.45
/** How often parents choose as the cohort before theirs did. */
const OLD_FASHIONED_SHARE = 0.15

const COHORTS = [1900, 1940, 1956, 1976, 1995, 2009]
const PARTS_FROM = [1900, 1956, 1995]

const common = weighSections('given-names.txt')
const parts = weighSections('given-name-parts.txt')

function weighSections(file: string): Map<string, Weighted<Reading>> {
  const sections = new Map<string, Weighted<Reading>>()
  for (const [heading, readings] of readSections(file)) {
    const entries = readings.map(({ kana, spellings }) => ({
      kana,
      spellings: weigh(spellings, (_, rank) => 1 / (rank + 1.5)),
    }))
    sections.set(
      heading,
      weigh(entries, (_, rank) => 1 / (rank + 20)),
    )
  }
  return sections
}

/** A given name in the taste of the year. */
export function pickGivenName(random: Random, sex: Sex, birthYear: number): Spelling {
  const year = random.chance(OLD_FASHIONED_SHARE) ? birthYear - 18 : birthYear
  if (!random.chance(COMMON_SHARE)) return putTogether(random, sex, year, firstPart(random, sex, year))
  return spell(random, section(common, `${sex} ${cohortOf(COHORTS, year)}`))
}

/** The names of children born together, often alike: 翔太 and 翔也. */
export function pickTwinNames(
  random: Random,
  sexes: readonly [Sex, Sex],
  birthYear: number,
): [Spelling, Spelling] {
  const [sex, other] = sexes
  if (sex === other && random.chance(0.5)) {
    const shared = firstPart(random, sex, birthYear)
    const one = putTogether(random, sex, birthYear, shared)
    const two = putTogether(random, sex, birthYear, shared)
    if (one.kana !== two.kana) return [one, two]
  }
  const one = pickGivenName(random, sex, birthYear)
  let two = pickGivenName(random, other, birthYear)
  while (two.kana === one.kana) two = pickGivenName(random, other, birthYear)
  return [one, two]
}

/** The same reading written otherwise, as a father's and a son's may be; undefined where only one is known. */
export function respell(random: Random, name: Spelling, sex: Sex): Spelling | undefined {
  const others = COHORTS.flatMap((cohort) =>
    section(common, `${sex} ${cohort}`).choices.flatMap(({ kana, spellings }) =>
      kana === name.kana ? spellings.choices.filter((kanji) => kanji !== name.kanji) : [],
    ),
  )
  return others.length === 0 ? undefined : { kanji: random.pick(others), kana: name.kana }
}

const readingsOf = new Map<string, string[]>()
for (const readings of common.values()) {
  for (const { kana, spellings } of readings.choices) {
    for (const kanji of spellings.choices) {
      const known = readingsOf.get(kanji) ?? []
      if (!known.includes(kana)) readingsOf.set(kanji, [...known, kana])
    }
  }
}

/** Another reading of the same characters, which a clerk might guess; undefined where none is known. */
export function misread(random: Random, name: Spelling): string | undefined {
  const others = (readingsOf.get(name.kanji) ?? []).filter((kana) => kana !== name.kana)
  return others.length === 0 ? undefined : random.pick(others)
}

function firstPart(random: Random, sex: Sex, year: number): Spelling {
  return spell(random, section(parts, `${sex} ${cohortOf(PARTS_FROM, year)} first`))
}

function putTogether(random: Random, sex: Sex, year: number, first: Spelling): Spelling {
  const second = spell(random, section(parts, `${sex} ${cohortOf(PARTS_FROM, year)} second`))
  return { kanji: first.kanji + second.kanji, kana: first.kana + second.kana }
}

function spell(random: Random, readings: Weighted<Reading>): Spelling {
  const { kana, spellings } = random.among(readings)
  return { kanji: random.among(spellings), kana }
}

function section(sections: Map<string, Weighted<Reading>>, heading: string): Weighted<Reading> {
  const found = sections.get(heading)
  if (found === undefined) throw new Error(`Invariant broken: the name lists have a section ${heading}`)
  return found
}

function cohortOf(cohorts: readonly number[], year: number): number {
  return cohorts.findLast((from) => from <= year) ?? cohorts[0] ?? year
}
