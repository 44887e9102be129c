import { frequencyOf, type Rarities } from './frequencies.ts'
import { ADDRESS_LEVEL, BIRTH_DATE, type Comparison, GIVEN, INSURED, SEX, SURNAME, VALUE } from './levels.ts'
import type { Model } from './model.ts'
import type { LinkRule } from './rules.ts'

/** The first rule that holds. Reading, sex and birth date alone are no rule: 50 pairs in a million share them. */
export function releaseRule(levels: Comparison, model: Model, rarities: Rarities): LinkRule | undefined {
  // A first of January may be what was entered for an unknown day, so the whole name must stand in for it.
  if (!isOneBirthDate(levels)) return undefined
  if (levels.birthDate === BIRTH_DATE.newYear && !isFullName(levels)) return undefined
  const rule = firstRule(levels, model, rarities)
  return rule !== undefined && model.allowed.has(rule) ? rule : undefined
}

function firstRule(levels: Comparison, model: Model, rarities: Rarities): LinkRule | undefined {
  const { given, surname, sex, insured, mobile, national } = levels
  const isGiven = isFullyEqual(given) || given === GIVEN.swapped
  const isGivenKanji = isGiven || given === GIVEN.otherReading
  if (national === VALUE.equal) return 'A0'
  if (insured === INSURED.person && (isGivenKanji || given === GIVEN.otherKanji)) return 'A1'
  if (insured === INSURED.household && isGiven && !levels.isTwinNumber) return 'A2'
  const isReached = isOnePlace(levels) || mobile === VALUE.equal
  // Where a side does not tell the sex, a name that is equal in every part and script does.
  const isSexOpen = sex === SEX.unknown && levels.isFullName
  if (isFullName(levels) && isGivenKanji && isReached && (sex === SEX.equal || isSexOpen)) return 'A3'
  if (sex !== SEX.equal) return undefined
  if (isRareFullName(levels, model, rarities) && isNothingElse(levels)) return 'A4'
  return isGiven && isReached && surname === SURNAME.former ? 'A5' : undefined
}

/** Given name and surname in each other's place agree in both parts, so they are as good as in their own. */
function isFullName({ surname, given }: Comparison): boolean {
  return isFullSurname(surname) || given === GIVEN.swapped
}

/** To the day. */
export function isOneBirthDate({ birthDate }: Comparison): boolean {
  return birthDate === BIRTH_DATE.equal || birthDate === BIRTH_DATE.newYear
}

/** Every script that both have agrees. */
export function isFullyEqual(given: number): boolean {
  return given === GIVEN.equal || given === GIVEN.kanji || given === GIVEN.kana || given === GIVEN.confusable
}

/** Down to 番地. */
export function isOnePlace({ address }: Comparison): boolean {
  return address === ADDRESS_LEVEL.room || address === ADDRESS_LEVEL.lot
}

function isFullSurname(surname: number): boolean {
  return (
    surname === SURNAME.equal ||
    surname === SURNAME.kana ||
    surname === SURNAME.confusable ||
    surname === SURNAME.otherReading
  )
}

/** A4: so few namesakes of one birth date are expected among all people that meeting one is no worry. */
export function isRareFullName(levels: Comparison, { file }: Model, rarities: Rarities): boolean {
  const isFull = levels.isFullName && levels.surnameWord !== 0 && levels.givenWord !== 0
  if (!isFull || levels.birthDate !== BIRTH_DATE.equal || levels.sex !== SEX.equal) return false
  const { surnameKanji, givenKanji } = file.frequencies
  const surname = frequencyOf(rarities.surnameKanji[levels.surnameWord] as number, surnameKanji)
  const given = frequencyOf(rarities.givenKanji[levels.givenWord] as number, givenKanji)
  const birthDate = file.fields.birthDate?.equal?.u ?? 1
  const { namesakes, cohort } = file.thresholds
  return file.population.persons * surname * given * cohort * birthDate < namesakes
}

/** Nothing else could be compared, or no more than that both are of one town. */
function isNothingElse({ insured, address, mobile, landline, care, payer, email }: Comparison): boolean {
  const isPlaceOpen = address !== ADDRESS_LEVEL.different
  const isNumberOpen = insured === INSURED.unknown || insured === INSURED.filler
  const values = mobile | landline | care | payer | email
  return isPlaceOpen && isNumberOpen && values === VALUE.unknown
}
