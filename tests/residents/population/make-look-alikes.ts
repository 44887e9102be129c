import { dayOf, isoDate, TODAY, yearOf } from '../days.ts'
import { pickTwinNames } from './given-names.ts'
import { pickLegalSurname } from './legal-spelling.ts'
import { areaOf } from './make-adults.ts'
import { cardsOf, dayBetween, EVER, type Making, makeCareer, makeHomes, makeMobiles } from './making.ts'
import type { Person } from './person.ts'
import { pickHomeNearby } from './places.ts'

/** A grown-up's twin with a household of their own: name, birth date and sex alike, and a parental home in common. */
export function makeTwinElsewhere(making: Making, person: Person): Person {
  const { random } = making
  const sex = random.chance(0.75) ? person.sex : person.sex === 'male' ? 'female' : 'male'
  const [given] = pickTwinNames(random, [sex, person.sex], yearOf(person.birth))
  const leaving = dayBetween(random, Math.min(person.birth + 18 * 365, TODAY), TODAY)
  const twin = making.nextKey()
  const name = person.names[0]?.value
  const own = person.names[0]?.value.given
  person.twin = twin
  const family = name?.family ?? pickLegalSurname(random)
  const homes = [...person.homes.slice(0, 1), ...makeHomes(making, 0.2, leaving)]
  return {
    ...person,
    role: 'elsewhere',
    sex,
    twin,
    names: [{ from: EVER, value: { family, given: given.kana === own?.kana ? respelt(given) : given } }],
    homes,
    cards: cardsOf(making, makeCareer(making, person.birth, areaOf(homes)), {
      birth: person.birth,
      place: 0,
      area: areaOf(homes),
    }),
    mobiles: makeMobiles(making, person.birth),
    foreign: undefined,
    diedOn: undefined,
  }
}

function respelt(given: { kanji: string; kana: string }): { kanji: string; kana: string } {
  return { kanji: `${given.kanji}美`, kana: `${given.kana}ミ` }
}

/** Somebody else of the same name and sex in the same town; the birth date differs by years, or by a digit only. */
export function makeNamesakeNeighbour(making: Making, person: Person): Person {
  const { random } = making
  const home = person.homes.at(-1)?.value
  const birth = random.chance(0.25) ? oneDigitAway(person.birth) : person.birth + random.between(-3650, 3650)
  const past = Math.min(birth, TODAY - 30)
  const homes =
    home === undefined
      ? makeHomes(making, 0)
      : [{ from: EVER, value: pickHomeNearby(random, making.nextKey(), home) }]
  const name = person.names.at(-1)
  return {
    ...person,
    role: 'neighbour',
    birth: past,
    twin: undefined,
    names: name === undefined ? person.names : [{ from: EVER, value: name.value }],
    homes,
    cards: cardsOf(making, makeCareer(making, past, areaOf(homes)), {
      birth: past,
      place: 0,
      area: areaOf(homes),
    }),
    mobiles: makeMobiles(making, past),
    diedOn: undefined,
  }
}

function oneDigitAway(birth: number): number {
  const [year = 2000, month = 1, date = 1] = isoDate(birth).split('-').map(Number)
  return dayOf(year, month, date > 14 ? date - 10 : date + 10)
}
