import { type Day, TODAY } from '../days.ts'
import { pickLegalSurname } from './legal-spelling.ts'
import { areaOf, makePerson, type Origin, pickOrigin, since } from './make-adults.ts'
import { cardsOf, dayBetween, EVER, type FamilyCard, type Making, makeCareer, makeHomes } from './making.ts'
import type { Dated, Person } from './person.ts'
import { type Home, pickHome } from './places.ts'

const HUSBAND_TAKES_NAME_SHARE = 0.05
const BACK_TO_MAIDEN_NAME_SHARE = 0.6
const SPOUSE_EARNS_SHARE = 0.45

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
