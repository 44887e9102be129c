import { onDay } from '../population/person.ts'
import type { Draft } from './draft.ts'
import type { Spoilers } from './spoilers.ts'

/** Sagamihara had no wards before April 2010, and four towns of 津久井郡 joined it in 2006 and 2007. */
const TSUKUI: readonly (readonly [RegExp, string])[] = [
  [/^(川尻|久保沢|向原|原宿|原宿南|広田|若葉台|谷ヶ原|葉山島|小倉|城山|中沢|町屋)$/, '津久井郡城山町'],
  [/^(三井|太井|根小屋|長竹|鳥屋|青山|中野|又野|三ケ木|青野原|青根)$/, '津久井郡津久井町'],
  [/^(与瀬|与瀬本町|小原|千木良|若柳|寸沢嵐)$/, '津久井郡相模湖町'],
  [/^(佐野川|澤井|吉野|小渕|日連|牧野|名倉)$/, '津久井郡藤野町'],
]

/** What goes wrong in an address. */
export const ADDRESS_SPOILERS: Spoilers = {
  'protected-address': (draft) => {
    if (!draft.person.isProtected) return false
    draft.address = undefined
    draft.landline = undefined
    return true
  },
  'address-missing': (draft) => {
    if (draft.address === undefined) return false
    draft.address = undefined
    return true
  },
  'lot-missing': (draft) => {
    if (draft.address?.lot === undefined) return false
    draft.address.lot = undefined
    draft.address.building = undefined
    return true
  },
  'lot-before-renumbering': (draft) => {
    const former = onDay(draft.person.homes, draft.day).formerLot
    if (former === undefined || draft.address?.lot === undefined) return false
    draft.address.chome = 0
    draft.address.lot = former
    draft.address.style = 'lot-words'
    return true
  },
  'lot-mistyped': (draft, random) => {
    const lot = draft.address?.lot
    if (draft.address === undefined || lot === undefined) return false
    draft.address.lot = { ban: lot.ban + random.between(1, 9), go: lot.go }
    return true
  },
  'city-before-reform': (draft) => {
    const { address } = draft
    if (address === undefined || !address.city.startsWith('相模原市')) return false
    const town = address.town
    const former = address.city === '相模原市緑区' ? TSUKUI.find(([towns]) => towns.test(town)) : undefined
    address.city = former?.[1] ?? '相模原市'
    return true
  },
  'ke-spelt-otherwise': (draft, random) => {
    const { address } = draft
    if (address === undefined) return false
    const mark = random.pick(['ケ', 'ヶ', 'が'])
    const city = address.city.replace(/[ケヶ](?=[谷崎])/, mark === 'が' ? 'ヶ' : mark)
    const town = address.town.replace(/(.)[ケヶ](.)/, `$1${mark}$2`)
    if (city === address.city && town === address.town) return false
    address.city = city
    address.town = town
    return true
  },
  'building-missing': (draft) => {
    if (draft.address?.building === undefined) return false
    draft.address.building = undefined
    return true
  },
  'postal-code-missing': (draft) => {
    if (draft.address?.postalCode === undefined) return false
    draft.address.postalCode = undefined
    return true
  },
  'lot-spelt-otherwise': (draft, random) => spellOtherwise(draft, random.below(3)),
}

function spellOtherwise({ address }: Draft, way: number): boolean {
  if (address === undefined) return false
  if (way === 0) address.hasPrefecture = false
  else if (way === 1 && address.chome === 0) address.town = `大字${address.town}`
  else address.style = 'kanji-chome'
  return true
}
