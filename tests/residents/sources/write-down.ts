import { type Day, isoDate, TODAY } from '../days.ts'
import { type LegalName, nameVersionOn, onDay, type Person } from '../population/person.ts'
import type { Home } from '../population/places.ts'
import type { Random } from '../random.ts'
import type { Draft, LotStyle, WrittenAddress, WrittenName } from './draft.ts'

const STYLES: readonly LotStyle[] = ['words', 'hyphens', 'hyphens', 'full-width', 'kanji-chome', 'lot-words']

/** What a source without fault writes of a person on a day. */
export function writeDown(random: Random, person: Person, day: Day, localId: string): Draft {
  const name = onDay(person.names, day)
  const home = onDay(person.homes, day)
  const card = onDay(person.cards, day)
  const draft: Draft = {
    person,
    day,
    localId,
    nameVersion: `${nameVersionOn(person, day)}`,
    kanji: inKanji(name),
    kana: inKana(name),
    roman: person.foreign && { ...person.foreign.roman },
    formerNames: [],
    alias: undefined,
    suffix: '',
    gender: person.sex,
    birthDate: isoDate(person.birth),
    address: writeAddress(home, random.pick(STYLES)),
    homeKey: home.key,
    card: card && { ...card },
    cardKey: card === undefined ? '' : `${card.insurer}:${card.symbol}:${card.number}`,
    mobile: onDay(person.mobiles, day),
    landline: home.landline,
    diedOn: person.diedOn !== undefined && person.diedOn <= day ? person.diedOn : undefined,
    causes: new Set(),
  }
  noteLife(draft, home.key, draft.cardKey)
  return draft
}

/** Marks what has changed since the record was written. */
function noteLife(draft: Draft, homeKey: string, cardKey: string): void {
  const { person } = draft
  if (onDay(person.homes, TODAY).key !== homeKey) draft.causes.add('address-before-move')
  if (String(nameVersionOn(person, TODAY)) !== draft.nameVersion) draft.causes.add('name-before-change')
  const now = onDay(person.cards, TODAY)
  const nowKey = now === undefined ? '' : `${now.insurer}:${now.symbol}:${now.number}`
  if (nowKey !== cardKey) draft.causes.add('card-before-change')
}

export function inKanji({ family, given }: LegalName): WrittenName {
  return { family: family.kanji, given: given.kanji }
}

export function inKana({ family, given }: LegalName): WrittenName {
  return { family: family.kana, given: given.kana }
}

function writeAddress(home: Home, style: LotStyle): WrittenAddress {
  return {
    postalCode: home.town.postalCode,
    hasPrefecture: true,
    city: home.town.city,
    town: home.town.name,
    chome: home.chome,
    lot: { ban: home.ban, go: home.go },
    building: home.building,
    room: home.room,
    style,
  }
}
