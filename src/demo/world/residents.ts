import {
  elderNumber,
  type HouseholdNumber,
  householdNumber,
  type Insured,
  memberNumber,
} from './insurance.ts'
import { GIVEN_NAMES, SURNAMES, type Surname, type Written } from './names.ts'
import { type Random, randomOf } from './random.ts'
import { REGION_IDS, type RegionId } from './regions.ts'
import { type Home, homeIn } from './towns.ts'

/** One synthetic human being, as they truly are; the regions' records are copies of this, more or less exact. */
export interface Resident {
  id: string
  surname: Surname
  given: Written
  gender: 'female' | 'male'
  birthDate: string
  homeRegion: RegionId
  home: Home
  insured: Insured
  phone: string | undefined
  /** The twin's id: same surname, birthday, home and household number; another given name and branch. */
  twinOf?: string
  /** The id of somebody else who has the same name, and for some the same birthday too. */
  namesakeOf?: string
}

interface Household {
  surname: Surname
  region: RegionId
  home: Home
  number: HouseholdNumber
  landline: string | undefined
}

type Member = Pick<Resident, 'gender' | 'birthDate'> & { twin?: true }

/** Those born by then have turned 75 and have an elder's insured number. */
const ELDER_BORN_BY = '1950-12-31'
const HOUSEHOLDS_PER_TWINS = 60
const RESIDENTS_PER_NAMESAKE = 100

/** Exactly `size` residents in their households; the same seed gives the same people. */
export function residentsOf(seed: string, size: number): Resident[] {
  const residents: Resident[] = []
  for (let n = 1; residents.length < size; n++) {
    const random = randomOf(seed, 'household', n)
    residents.push(...householdOf(random, n, residents.length))
  }
  return withNamesakes(residents.slice(0, size))
}

function householdOf(random: Random, n: number, already: number): Resident[] {
  const region = random.pick(REGION_IDS)
  const household: Household = {
    surname: random.pick(SURNAMES),
    region,
    home: homeIn(region, random),
    number: householdNumber(random),
    landline: random.chance(0.3) ? `045-000-${random.text('0123456789', 4)}` : undefined,
  }
  const members = n % HOUSEHOLDS_PER_TWINS === 7 ? twinFamily(random) : family(random)
  const ids = members.map((_, place) => `r${String(already + place + 1).padStart(4, '0')}`)
  const given = givenNames(members, random)
  return members.map((member, place) => {
    const resident = residentIn(household, member, place, ids[place] ?? '', given[place] as Written, random)
    const twin = members.findIndex((other, at) => member.twin && other.twin && at !== place)
    return twin < 0 ? resident : { ...resident, twinOf: ids[twin] ?? '' }
  })
}

function residentIn(
  { surname, region, home, number, landline }: Household,
  { gender, birthDate }: Member,
  place: number,
  id: string,
  given: Written,
  random: Random,
): Resident {
  const insured = isElder(birthDate) ? elderNumber(random) : memberNumber(number, place + 1)
  const phone = random.chance(0.4) ? `070-0000-${random.text('0123456789', 4)}` : landline
  return { id, surname, given, gender, birthDate, homeRegion: region, home, insured, phone }
}

/** Who shares the roof: mostly older people, as among those who sign up for regional networks. */
function family(random: Random): Member[] {
  const kind = random.next()
  if (kind < 0.4) {
    const couple: Member[] = [
      { gender: 'female', birthDate: born(random, 1932, 1956) },
      { gender: 'male', birthDate: born(random, 1930, 1955) },
    ]
    return random.chance(0.6) ? couple : [random.pick(couple)]
  }
  if (kind < 0.6) return [{ gender: random.pick(['female', 'male']), birthDate: born(random, 1952, 2004) }]
  const year = random.between(1962, 1990)
  const children = Array.from(
    { length: random.under(3) },
    (): Member => ({
      gender: random.pick(['female', 'male']),
      birthDate: born(random, Math.max(year + 24, 2008), Math.max(year + 34, 2018)),
    }),
  )
  return [
    { gender: 'female', birthDate: born(random, year, year + 3) },
    { gender: 'male', birthDate: born(random, year - 3, year + 2) },
    ...children,
  ]
}

function twinFamily(random: Random): Member[] {
  const birthDate = born(random, 1952, 2016)
  const first: Member = { gender: random.pick(['female', 'male']), birthDate, twin: true }
  return [first, { ...first, gender: random.chance(0.7) ? first.gender : 'female' }]
}

function born(random: Random, from: number, to: number): string {
  const month = String(random.between(1, 12)).padStart(2, '0')
  return `${random.between(from, to)}-${month}-${String(random.between(1, 28)).padStart(2, '0')}`
}

/** Nobody shares a given name with another of the household. */
function givenNames(members: readonly Member[], random: Random): Written[] {
  const taken = new Set<string>()
  return members.map(({ gender, birthDate }) => {
    const generation = birthDate <= '1955-12-31' ? 'elder' : 'younger'
    const given = random.pick(GIVEN_NAMES[generation][gender].filter(({ kana }) => !taken.has(kana)))
    taken.add(given.kana)
    return given
  })
}

/** Every so often somebody is named like somebody else; every third of them has the birthday in common too. */
function withNamesakes(residents: readonly Resident[]): Resident[] {
  return residents.map((resident, at) => {
    if (at % RESIDENTS_PER_NAMESAKE !== 60 || resident.twinOf !== undefined) return resident
    const other = residents[at - 31]
    if (other === undefined || other.twinOf !== undefined) return resident
    const { id: namesakeOf, surname, given, gender } = other
    const sameDay = at % 300 === 60 && isElder(resident.birthDate) === isElder(other.birthDate)
    const birthDate = sameDay ? other.birthDate : resident.birthDate
    return { ...resident, namesakeOf, surname, given, gender, birthDate }
  })
}

export function isElder(birthDate: string): boolean {
  return birthDate <= ELDER_BORN_BY
}
