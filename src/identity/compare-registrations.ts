import type { BirthDate, Features, NameForms } from './normalise/index.ts'
import { type InsuredNumber, isSameAddress, isSameNumber, isSamePerson } from './normalise/index.ts'

/** `equal`: every script that both have agrees. `unknown`: they have none in common. */
export type NameLevel = 'equal' | 'kanji-only' | 'kana-only' | 'different' | 'unknown'
export type BirthDateLevel = 'equal' | 'one-digit' | 'one-part' | 'different' | 'unknown'
export type ValueLevel = 'equal' | 'different' | 'unknown'
/** `household`: the number is shared, but not shown to be one person's. */
export type InsuredLevel = 'person' | 'household' | 'other-branch' | 'different' | 'unknown'

/** How two registrations stand to each other, field by field. Rules, vetoes and reasons all read this. */
export interface Comparison {
  family: NameLevel
  given: NameLevel
  birthDate: BirthDateLevel
  sex: ValueLevel
  insured: InsuredLevel
  address: ValueLevel
  mobile: ValueLevel
  /** What either record carries in place of a name or birth date. */
  placeholder: 'none' | 'newborn' | 'unknown-person' | 'birth-date'
}

/** Symmetric: compare(a, b) is compare(b, a). */
export function compareRegistrations(a: Features, b: Features): Comparison {
  return {
    family: compareNames(a.family, b.family),
    given: compareNames(a.given, b.given),
    birthDate: compareBirthDates(a.birthDate, b.birthDate),
    sex: a.sex === undefined || b.sex === undefined ? 'unknown' : a.sex === b.sex ? 'equal' : 'different',
    insured: compareInsured(a.insured, b.insured),
    address: compareAddresses(a.address, b.address),
    mobile: compareMobiles(a.mobiles, b.mobiles),
    placeholder: placeholderIn(a, b),
  }
}

function compareNames(a: NameForms, b: NameForms): NameLevel {
  const [kanji, kana] = [kanjiAgreement(a.kanji, b.kanji), agreement(a.kana, b.kana)]
  if (kanji === undefined && kana === undefined) return 'unknown'
  if (kanji !== false && kana !== false) return 'equal'
  if (kanji === true) return 'kanji-only'
  return kana === true ? 'kana-only' : 'different'
}

/** `●` stands for a character that could not be read: it agrees with any one, and proves none. */
function kanjiAgreement(a: string | undefined, b: string | undefined): boolean | undefined {
  if (a === undefined || b === undefined || !`${a}${b}`.includes('●')) return agreement(a, b)
  const isPossible =
    a.length === b.length &&
    a.split('').every((character, at) => [character, b[at]].includes('●') || character === b[at])
  return isPossible ? undefined : false
}

function agreement(a: string | undefined, b: string | undefined): boolean | undefined {
  return a === undefined || b === undefined ? undefined : a === b
}

function compareBirthDates(a: BirthDate | undefined, b: BirthDate | undefined): BirthDateLevel {
  if (a === undefined || b === undefined) return 'unknown'
  if (a.day === b.day) return 'equal'
  const others = b.day.split('-')
  const parts = a.day
    .split('-')
    .flatMap((part, at) => (part === others[at] ? [] : [[part, others[at] ?? '']]))
  const [[left = '', right = ''] = []] = parts
  if (parts.length > 1) return 'different'
  const digits = [...left].filter((digit, at) => digit !== right[at])
  return digits.length === 1 ? 'one-digit' : 'one-part'
}

function compareInsured(a: InsuredNumber | undefined, b: InsuredNumber | undefined): InsuredLevel {
  if (a === undefined || b === undefined) return 'unknown'
  if (!isSameNumber(a, b)) return 'different'
  if (isSamePerson(a, b)) return 'person'
  return a.branch !== undefined && b.branch !== undefined && a.branch !== b.branch
    ? 'other-branch'
    : 'household'
}

function compareAddresses(a: Features['address'], b: Features['address']): ValueLevel {
  if (a === undefined || b === undefined) return 'unknown'
  return isSameAddress(a, b) ? 'equal' : 'different'
}

function compareMobiles(a: string[], b: string[]): ValueLevel {
  if (a.length === 0 || b.length === 0) return 'unknown'
  return a.some((number) => b.includes(number)) ? 'equal' : 'different'
}

function placeholderIn(...both: Features[]): Comparison['placeholder'] {
  if (both.some(({ placeholder }) => placeholder === 'unknown')) return 'unknown-person'
  if (both.some(({ placeholder }) => placeholder === 'newborn')) return 'newborn'
  return both.some(({ birthDate }) => birthDate?.isPlaceholder) ? 'birth-date' : 'none'
}
