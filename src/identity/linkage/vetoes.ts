import { BIRTH_DATE, type Comparison, GIVEN, INSURED, SEX, VALUE } from './levels.ts'
import { isFullyEqual, isOneBirthDate, isOnePlace } from './release-rules.ts'
import { DOUBT } from './verdict.ts'

/** What forbids to link the pair by itself, as bits of `DOUBT`; those of their standing (V7 to V13) come in `standing`. */
export function vetoesOf(levels: Comparison, standing: number): number {
  const { given, birthDate, sex, insured, national } = levels
  let vetoes = standing
  if (given === GIVEN.different || given === GIVEN.near || given === GIVEN.similar) vetoes |= DOUBT.V1
  if (insured === INSURED.otherBranch) vetoes |= DOUBT.V2
  if (isOtherDate(birthDate, insured)) vetoes |= DOUBT.V3
  if (sex === SEX.different) vetoes |= DOUBT.V4
  if (national === VALUE.different) vetoes |= DOUBT.V5
  if (isTwinTrap(levels)) vetoes |= DOUBT.V6
  return vetoes
}

/** V3: two parts differ, or one by more than a slip of one digit where no personal number agrees. */
function isOtherDate(birthDate: number, insured: number): boolean {
  if (birthDate === BIRTH_DATE.era || birthDate === BIRTH_DATE.onePart) return insured !== INSURED.person
  return (
    birthDate === BIRTH_DATE.monthAndDaySwapped ||
    birthDate === BIRTH_DATE.sameYear ||
    birthDate === BIRTH_DATE.different
  )
}

/**
 * V6: twins share birth date, address, number, telephone and mostly their surname; only a fully equal given name tells
 * which. Names in different scripts say nothing: no rule joins them, and a third record that holds both may. Equal
 * kanji read otherwise is no trap: a family register takes no second child of the same characters, however read, while
 * clerks guess readings all the time.
 */
function isTwinTrap(levels: Comparison): boolean {
  const { given, mobile } = levels
  if (!isOneBirthDate(levels) || isFullyEqual(given) || given === GIVEN.otherReading) return false
  if (given === GIVEN.unknown || given === GIVEN.swapped) return false
  return isNumberShared(levels) || isOnePlace(levels) || mobile === VALUE.equal
}

function isNumberShared({ insured }: Comparison): boolean {
  return (
    insured === INSURED.person ||
    insured === INSURED.household ||
    insured === INSURED.otherBranch ||
    insured === INSURED.loose
  )
}
