import { type Day, TODAY, yearOf } from '../days.ts'
import type { Random } from '../random.ts'
import {
  type Country,
  nameForeigner,
  pickCountry,
  pickForeignFamily,
  type Syllables,
} from './foreign-names.ts'
import { pickGivenName } from './given-names.ts'
import { inRegisterForm, pickLegalSurname } from './legal-spelling.ts'
import { cardsOf, dayBetween, EVER, type Making, makeCareer, makeHomes, makeMobiles } from './making.ts'
import type { Dated, LegalName, Person, Role, Spelling } from './person.ts'
import type { Home } from './places.ts'

const FOREIGN_SHARE = 0.028
const PROTECTED_SHARE = 0.001

/** Where a household's members come from: their shared family name. */
export interface Origin {
  surname: Spelling
  country: Country | undefined
  foreignFamily: Syllables | undefined
}

export function pickOrigin(random: Random): Origin {
  const country = random.chance(FOREIGN_SHARE) ? pickCountry(random) : undefined
  return {
    surname: pickLegalSurname(random),
    country,
    foreignFamily: country && pickForeignFamily(random, country),
  }
}

/** A person with a first name, home and card; the caller adds what happens later. */
export function makePerson(
  making: Making,
  origin: Origin,
  being: { role: Role; sex: 'male' | 'female'; birth: Day; given?: Spelling; homes: Dated<Home>[] },
): Person {
  const { random } = making
  const given = being.given ?? inRegister(random, pickGivenName(random, being.sex, yearOf(being.birth)))
  const japanese: LegalName = { family: origin.surname, given }
  const abroad =
    origin.country &&
    origin.foreignFamily &&
    nameForeigner(random, origin.country, origin.foreignFamily, being.sex, japanese)
  return {
    id: '',
    household: making.household,
    role: being.role,
    sex: being.sex,
    birth: being.birth,
    twin: undefined,
    names: [{ from: EVER, value: abroad?.legal ?? japanese }],
    homes: being.homes,
    cards: [],
    mobiles: makeMobiles(making, being.birth),
    foreign: abroad?.foreign,
    isProtected: random.chance(PROTECTED_SHARE),
    diedOn: dayOfDeath(random, being.birth),
  }
}

function inRegister(random: Random, { kanji, kana }: Spelling): Spelling {
  return { kanji: inRegisterForm(random, kanji), kana }
}

function dayOfDeath(random: Random, birth: Day): Day | undefined {
  const late = birth + 76 * 365
  if (late > TODAY || !random.chance(0.14)) return undefined
  return dayBetween(random, Math.max(late, TODAY - 8 * 365), TODAY)
}

export function makeSingle(making: Making, birth: Day): Person {
  const { random } = making
  const homes = makeHomes(making, 0.4)
  const sex = random.chance(0.5) ? 'male' : 'female'
  const person = makePerson(making, pickOrigin(random), { role: 'adult', sex, birth, homes })
  const career = makeCareer(making, birth, areaOf(homes))
  person.cards = cardsOf(making, career, { birth, place: 0, area: areaOf(homes) })
  return person
}

/** The elder generation in the same house. */
export function makeParent(
  making: Making,
  { husband, origin, homes }: { husband: Person; origin: Origin; homes: Dated<Home>[] },
): Person[] {
  const { random } = making
  const birth = husband.birth - Math.floor((23 + random.next() * 12) * 365)
  const sexes = random.chance(0.4) ? (['male', 'female'] as const) : (['female'] as const)
  return sexes.map((sex) => {
    const parent = makePerson(making, origin, {
      role: 'parent',
      sex,
      birth: birth + random.below(2000),
      homes,
    })
    const career = makeCareer(making, parent.birth, areaOf(homes))
    parent.cards = cardsOf(making, career, { birth: parent.birth, place: 0, area: areaOf(homes) })
    return parent
  })
}

export function areaOf(homes: readonly Dated<Home>[]): number {
  return homes.at(-1)?.value.area ?? 0
}

/** A timeline from a day on, what held then included. */
export function since<T>(timeline: readonly Dated<T>[], day: Day): Dated<T>[] {
  const held = timeline.findLast(({ from }) => from <= day)
  const later = timeline.filter(({ from }) => from > day)
  return held === undefined ? later : [{ from: day, value: held.value }, ...later]
}
