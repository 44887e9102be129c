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
import {
  cardsOf,
  dayBetween,
  EVER,
  type FamilyCard,
  type Making,
  makeCareer,
  makeHomes,
  makeMobiles,
} from './making.ts'
import type { Dated, LegalName, Person, Role, Spelling } from './person.ts'
import { type Home, pickHome } from './places.ts'

const FOREIGN_SHARE = 0.028
const PROTECTED_SHARE = 0.001
const HUSBAND_TAKES_NAME_SHARE = 0.05
const BACK_TO_MAIDEN_NAME_SHARE = 0.6
const SPOUSE_EARNS_SHARE = 0.45

/** Where a household's members come from: their shared family name. */
export interface Origin {
  surname: Spelling
  country: Country | undefined
  foreignFamily: Syllables | undefined
}

export interface Couple {
  persons: Person[]
  husband: Person
  wife: Person
  origin: Origin
  wedding: Day
  homes: Dated<Home>[]
  career: Dated<FamilyCard>[]
  /** With whom the children stay after a divorce, and since when. */
  divorce: { day: Day; keeper: Person; homes: Dated<Home>[]; career: Dated<FamilyCard>[] } | undefined
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

/** Husband and wife; records from before the wedding show the former name, home and card. */
export function makeCouple(making: Making, birth: Day, { isDivorced }: { isDivorced: boolean }): Couple {
  const { random } = making
  const origin = pickOrigin(random)
  const wedding = Math.min(birth + Math.floor((23 + random.next() * 10) * 365), TODAY - random.below(900))
  const homes = makeHomes(making, 0.25, wedding)
  const area = areaOf(homes)
  const career = makeCareer(making, birth, area)
  const wifeBirth = birth + Math.floor((random.next() * 8 - 2.5) * 365)
  const wifeOrigin =
    origin.country === undefined ? pickOrigin(random) : { ...origin, surname: pickLegalSurname(random) }
  const before = (): Dated<Home> => ({ from: EVER, value: pickHome(random, making.nextKey()) })
  const husband = makePerson(making, origin, {
    role: 'adult',
    sex: 'male',
    birth,
    homes: [before(), ...homes],
  })
  const wife = makePerson(making, wifeOrigin, {
    role: 'spouse',
    sex: 'female',
    birth: Math.min(wifeBirth, TODAY - 19 * 365),
    homes: [before(), ...homes],
  })
  husband.cards = cardsOf(making, career, { birth, place: 0, area })
  const own = makeCareer(making, wife.birth, area)
  const shared = random.chance(SPOUSE_EARNS_SHARE)
    ? own
    : [{ from: EVER, value: own[0]?.value }, ...since(career, wedding)]
  wife.cards = cardsOf(making, shared, { birth: wife.birth, place: shared === own ? 0 : 1, area })
  const [taker, keeper] = random.chance(HUSBAND_TAKES_NAME_SHARE) ? [husband, wife] : [wife, husband]
  takeSurname(taker, keeper, wedding)
  const couple = {
    persons: [husband, wife],
    husband,
    wife,
    origin,
    wedding,
    homes,
    career,
    divorce: undefined,
  }
  return isDivorced ? divorce(making, couple) : couple
}

/** Only Japanese nationals share a name after the wedding; for others it stays as it was. */
function takeSurname(taker: Person, keeper: Person, wedding: Day): void {
  if (taker.foreign !== undefined || keeper.foreign !== undefined) return
  const family = keeper.names[0]?.value.family
  const given = taker.names[0]?.value.given
  if (family !== undefined && given !== undefined)
    taker.names.push({ from: wedding, value: { family, given } })
}

function divorce(making: Making, couple: Couple): Couple {
  const { random } = making
  const day = dayBetween(random, Math.max(couple.wedding + 300, TODAY - 16 * 365), TODAY - 20)
  const keeper = random.chance(0.86) ? couple.wife : couple.husband
  const leaver = couple.wife
  const homes = makeHomes(making, 0.2, day)
  const career = makeCareer(making, leaver.birth, areaOf(homes), day)
  leaver.homes = [...leaver.homes.filter(({ from }) => from < day), ...homes]
  leaver.cards = [
    ...leaver.cards.filter(({ from }) => from < day),
    ...cardsOf(making, career, { birth: leaver.birth, place: 0, area: areaOf(homes) }),
  ]
  const maiden = leaver.names[0]
  if (leaver.names.length > 1 && maiden !== undefined && random.chance(BACK_TO_MAIDEN_NAME_SHARE)) {
    leaver.names.push({ from: day, value: maiden.value })
  }
  return { ...couple, divorce: { day, keeper, homes, career } }
}

/** The elder generation in the same house. */
export function makeParent(making: Making, { husband, origin, homes }: Couple): Person[] {
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
