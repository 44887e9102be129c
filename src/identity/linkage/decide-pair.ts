import type { Columns } from './columns.ts'
import { entriesOf } from './extras.ts'
import type { Rarities } from './frequencies.ts'
import { ADDRESS_LEVEL, BIRTH_DATE, type Comparison, GIVEN, INSURED, SEX, VALUE } from './levels.ts'
import type { Model } from './model.ts'
import { isFullyEqual, isOneBirthDate, isRareFullName, releaseRule } from './release-rules.ts'
import {
  BIRTH,
  EXTRA,
  EXTRAS,
  FLAGS,
  IS_DUPLICATE_FREE,
  IS_HELD,
  IS_NEWBORN,
  IS_UNKNOWN_PERSON,
  ROW_WORDS,
  SOURCE_SHIFT,
  yearOf,
} from './rows.ts'
import type { LinkRule } from './rules.ts'
import type { Score } from './score.ts'
import { asKindred, DOUBT, placeOfRule, type Verdict, verdictOf } from './verdict.ts'
import { vetoesOf } from './vetoes.ts'

const FILLER_YEAR_MAX = 1900

/** Where nobody needs to look while no rule holds: filler, a hold, another branch or key of one kind. */
const SETTLED = DOUBT.V2 | DOUBT.V5 | DOUBT.V7 | DOUBT.V8 | DOUBT.V13

/** What two registrations say of each other. A veto outranks every rule, and every score. */
export function decidePair(
  levels: Comparison,
  score: Score,
  standing: number,
  model: Model,
  rarities: Rarities,
): Verdict {
  if (model.file.kind === 'general') return decideByScore(score, standing, model)
  const vetoes = vetoesOf(levels, standing)
  const rule = releaseRule(levels, model, rarities)
  if (rule !== undefined) {
    if (vetoes !== 0) return verdictOf(placeOfRule(rule), 'review', vetoes)
    if (isHighEnough(rule, levels, score, model)) return verdictOf(placeOfRule(rule), 'auto', 0)
    return asKindred(verdictOf(placeOfRule(rule), isConfirmed(levels) ? 'review' : 'possible', DOUBT.floor))
  }
  const isLikely = score.total >= model.possibleBits && (vetoes & SETTLED) === 0 && !isOtherPerson(levels)
  if (!isLikely) return verdictOf(0, 'none', vetoes)
  const isWorthTime = score.total >= model.reviewBits && isConfirmed(levels)
  const verdict = verdictOf(0, isWorthTime ? 'review' : 'possible', vetoes | DOUBT['no-rule'])
  const isKindred = isRareFullName(levels, model, rarities) || (isConfirmed(levels) && isOneGivenName(levels))
  return vetoes === 0 && isKindred ? asKindred(verdict) : verdict
}

/** Placeholders are those of Japanese registers: elsewhere somebody may well be called so, or be born before 1900. */
const OF_RESIDENTS = DOUBT.V6 | DOUBT.V7

/** S: what is known of residents says nothing here, so the score decides, and uniqueness in the cluster. */
function decideByScore(
  { total }: Score,
  vetoes: number,
  { autoBits, reviewBits, possibleBits }: Model,
): Verdict {
  const rule = placeOfRule('S')
  const standing = vetoes & ~OF_RESIDENTS
  if (total >= autoBits) return asKindred(verdictOf(rule, standing === 0 ? 'auto' : 'review', standing))
  if (total < possibleBits || standing !== 0) return verdictOf(0, 'none', standing)
  return asKindred(verdictOf(0, total >= reviewBits ? 'review' : 'possible', DOUBT['no-rule']))
}

function isOneGivenName(levels: Comparison): boolean {
  return isOneBirthDate(levels) && (isFullyEqual(levels.given) || levels.given === GIVEN.swapped)
}

/** Something beside names, birth date and sex says so. Where nothing does, there is nothing for a clerk to weigh. */
function isConfirmed({ insured, address, mobile, landline, care, payer, email }: Comparison): boolean {
  return (
    insured === INSURED.person ||
    insured === INSURED.household ||
    address === ADDRESS_LEVEL.room ||
    address === ADDRESS_LEVEL.lot ||
    [mobile, landline, care, payer, email].includes(VALUE.equal)
  )
}

/** Another given name altogether, or another birth date by more than a slip: family, twins among them. */
function isOtherPerson({ given, birthDate }: Comparison): boolean {
  return given === GIVEN.different || isOtherBirthDate(birthDate)
}

/** By more than a slip: no rule holds then, and no score counts. */
export function isOtherBirthDate(level: number): boolean {
  return level === BIRTH_DATE.different || level === BIRTH_DATE.sameYear
}

/**
 * A verified key and a personal number stand by themselves: of 160 M insured records compared with the resident
 * register, 1.39 M differed in name and about 450 were another person's, so a name must not outweigh them. Nor must a
 * surname or an address outweigh a household's number (A2) where given name, sex and birth date are fully equal:
 * nobody has a namesake of their own age in the household, and whoever marries or moves keeps the number for a while.
 */
function isHighEnough(
  rule: LinkRule,
  { given, sex, birthDate }: Comparison,
  { total, person, identity }: Score,
  { file: { thresholds }, autoBits }: Model,
): boolean {
  if (rule === 'A0' || rule === 'A1') return true
  // A telephone that is another one today takes nothing from who somebody is.
  const isSomebody = Math.max(person, identity) >= thresholds.personFloor
  const isSame = given === GIVEN.equal && sex === SEX.equal && birthDate === BIRTH_DATE.equal
  return isSomebody && (total >= autoBits || (rule === 'A2' && isSame))
}

/** The vetoes that do not come from comparing fields: placeholders, holds, sources without duplicates, deaths. */
export function standingVetoes({ rows, extras }: Columns, a: number, b: number): number {
  const [rowA, rowB] = [a * ROW_WORDS, b * ROW_WORDS]
  const [flagsA, flagsB] = [rows[rowA + FLAGS] as number, rows[rowB + FLAGS] as number]
  const either = flagsA | flagsB
  let vetoes = 0
  if ((either & IS_NEWBORN) !== 0) vetoes |= DOUBT.V6
  if ((either & IS_UNKNOWN_PERSON) !== 0) vetoes |= DOUBT.V7
  if (isFiller(rows, rowA) || isFiller(rows, rowB)) vetoes |= DOUBT.V7
  if ((either & IS_HELD) !== 0) vetoes |= DOUBT.V13
  const isOneSource = flagsA >>> SOURCE_SHIFT === flagsB >>> SOURCE_SHIFT
  if (isOneSource && (flagsA & flagsB & IS_DUPLICATE_FREE) !== 0) vetoes |= DOUBT.V10
  const [extrasA, extrasB] = [rows[rowA + EXTRAS] as number, rows[rowB + EXTRAS] as number]
  if (extrasA !== 0 && extrasB !== 0 && isSeenAfterDeath(extras, extrasA, extrasB)) vetoes |= DOUBT.V9
  return vetoes
}

/** Older than anybody alive: what systems put that must have a date. A first of January is a level of its own. */
function isFiller(rows: Uint32Array, row: number): boolean {
  const date = rows[row + BIRTH] as number
  return date !== 0 && yearOf(date) <= FILLER_YEAR_MAX
}

/** V9: one died before the other was last seen alive, or died later. */
function isSeenAfterDeath(extras: Uint32Array, startA: number, startB: number): boolean {
  const dateOf = (start: number, kind: number) => {
    for (const at of entriesOf(extras, start, kind)) return extras[at] as number
    return 0
  }
  const isAfter = (dead: number, other: number) => {
    const died = dateOf(dead, EXTRA.died)
    return died !== 0 && Math.max(dateOf(other, EXTRA.lastSeen), dateOf(other, EXTRA.died)) > died
  }
  return isAfter(startA, startB) || isAfter(startB, startA)
}
