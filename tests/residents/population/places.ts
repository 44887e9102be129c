import { type Random, type Weighted, weigh } from '../random.ts'
import { readTable } from './tables.ts'

export interface Town {
  postalCode: string
  city: string
  name: string
  /** 0 where the town has no 丁目. */
  chomeCount: number
}

/** Where a household lives; `key` is the same for all who ever live there together. */
export interface Home {
  key: string
  area: number
  town: Town
  chome: number
  ban: number
  go: number
  building: string | undefined
  room: number
  /** The lot number (地番) from before the block was numbered anew; undefined where it never was. */
  formerLot: { ban: number; go: number } | undefined
  /** The household's telephone there. */
  landline: string | undefined
}

/** Areas in the order of neighbourhood, so that the regions of a smaller number are whole. */
export const AREAS = [
  'kawasaki-north',
  'kawasaki-south',
  'yokohama-north',
  'yokohama-west',
  'yokohama-south',
  'yokosuka-miura',
  'shonan-east',
  'shonan-west',
  'central',
  'sagamihara',
  'west',
] as const

const cities = readTable('cities.csv').map(([name = '', area = '', thousands = '0']) => ({
  name,
  area: (AREAS as readonly string[]).indexOf(area),
  thousands: +thousands,
}))

const towns = readTable('towns.csv').map(
  ([postalCode = '', city = '', name = ''], index): Town => ({
    postalCode,
    city,
    name,
    chomeCount: index % 5 < 3 && !/[0-9]$/.test(name) ? 2 + (index % 6) : 0,
  }),
)

const townsOf = new Map<string, Weighted<Town>>()
for (const { name } of cities) {
  const own = towns.filter(({ city }) => city === name)
  townsOf.set(
    name,
    weigh(own, (_, rank) => 1 + ((rank * 7) % 11)),
  )
}

const everywhere = weigh(cities, ({ thousands }) => thousands)
const withinArea = AREAS.map((_, area) =>
  weigh(
    cities.filter((city) => city.area === area),
    ({ thousands }) => thousands,
  ),
)

const BUILDING_NAMES = [
  'グリーンハイツ',
  'コーポ',
  'メゾン',
  'ハイツ',
  'パークホームズ',
  'ライオンズマンション',
  'サンライズ',
  'シャトー',
  'フォレスト',
  'ベルヴィラ',
  'レジデンス',
  '第一コーポ',
]
const BUILDING_TAILS = ['A棟', 'B棟', 'Ⅱ', '', '', '', '壱番館', '2号棟']

/** A home anywhere in the prefecture; or, where an area is given, in it. */
export function pickHome(random: Random, key: string, area?: number): Home {
  const city = random.among((area === undefined ? undefined : withinArea[area]) ?? everywhere)
  const town = random.among(townsOf.get(city.name) as Weighted<Town>)
  return homeIn(random, key, town, city.area)
}

/** Another home in the same town: a neighbour's. */
export function pickHomeNearby(random: Random, key: string, home: Home): Home {
  return homeIn(random, key, home.town, home.area)
}

function homeIn(random: Random, key: string, town: Town, area: number): Home {
  const isFlat = random.chance(0.45)
  const name = random.pick(BUILDING_NAMES)
  return {
    key,
    area,
    town,
    chome: town.chomeCount === 0 ? 0 : random.between(1, town.chomeCount),
    ban: town.chomeCount === 0 ? random.between(1, 2400) : random.between(1, 45),
    go: random.between(1, 28),
    building: isFlat ? `${name}${town.name.slice(0, 2)}${random.pick(BUILDING_TAILS)}` : undefined,
    room: isFlat ? random.between(1, 9) * 100 + random.between(1, 12) : 0,
    formerLot:
      town.chomeCount > 0 && random.chance(0.1)
        ? { ban: random.between(100, 3000), go: random.between(1, 30) }
        : undefined,
    landline: random.chance(0.5)
      ? `04${random.between(2, 6)}-${random.between(200, 999)}-${String(random.below(10_000)).padStart(4, '0')}`
      : undefined,
  }
}
