import type { Random } from './random.ts'
import type { RegionId } from './regions.ts'

export interface Town {
  region: RegionId
  city: string
  town: string
  postalCode: string
}

/** A place to live: chōme, block and house, and perhaps a flat. */
export interface Home extends Town {
  chome: number
  block: number
  house: number
  building: string | undefined
}

const ROWS: readonly [RegionId, string, string, string][] = [
  ['minato', '港台市', '北岬', '220-9911'],
  ['minato', '港台市', '灯台町', '220-9912'],
  ['minato', '港台市', 'かもめ通', '220-9923'],
  ['minato', '港台市', '汐見坂', '220-9934'],
  ['minato', '港台市', '帆影', '220-9945'],
  ['minato', '東入江市', '弁天浦', '221-9956'],
  ['sagamino', '相野原市', 'けやき台', '252-9911'],
  ['sagamino', '相野原市', 'すすき野原', '252-9922'],
  ['sagamino', '相野原市', '竹の里', '252-9933'],
  ['sagamino', '相野原市', '藤見台', '252-9944'],
  ['sagamino', '西相野市', '水車', '243-9955'],
  ['shiokaze', '汐凪市', '白砂', '259-9911'],
  ['shiokaze', '汐凪市', '松林', '259-9922'],
  ['shiokaze', '汐凪市', '浜ゆう', '259-9933'],
  ['shiokaze', '汐凪市', '丘の上', '259-9944'],
  ['shiokaze', '波見町', '磯辺', '258-9955'],
]

/** Towns on no map, with postal codes of the prefecture's range that are not in use. */
export const TOWNS: readonly Town[] = ROWS.map(([region, city, town, postalCode]) => ({
  region,
  city,
  town,
  postalCode,
}))

const BUILDINGS = ['メゾン帆影', 'コーポいそしぎ', 'グリーンハイツ', 'パークサイド藤', '汐風荘'] as const

export function homeIn(region: RegionId, random: Random): Home {
  const town = random.pick(TOWNS.filter((candidate) => candidate.region === region))
  return {
    ...town,
    chome: random.between(1, 5),
    block: random.between(1, 28),
    house: random.between(1, 19),
    building: random.chance(0.3)
      ? `${random.pick(BUILDINGS)}${random.between(1, 7)}0${random.between(1, 8)}`
      : undefined,
  }
}

/** `official`: 2丁目3番4号. `short`: ２－３－４, as many clerks type it. */
export type AddressStyle = 'official' | 'short'

export function lineOf(home: Home, style: AddressStyle): string {
  const { town, chome, block, house } = home
  if (style === 'official') return `${town}${chome}丁目${block}番${house}号`
  return `${town}${[chome, block, house].map(fullWidth).join('－')}`
}

function fullWidth(number: number): string {
  return String(number).replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
}
