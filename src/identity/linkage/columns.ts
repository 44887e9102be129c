import type { Address, Area, Features, InsuredNumber, NameForms } from '../normalise/index.ts'
import { hashText } from './hash.ts'
import { TEXTS } from './levels.ts'
import {
  ADDRESS,
  BIRTH,
  EXTRA,
  EXTRAS,
  FLAGS,
  IS_DUPLICATE_FREE,
  IS_GENERAL,
  IS_HELD,
  IS_NEWBORN,
  IS_PERSONAL,
  IS_PLACEHOLDER_DATE,
  IS_SOUND,
  IS_SYNTHETIC,
  IS_UNKNOWN_PERSON,
  MOBILE,
  NAME,
  NAME_KINDS,
  NUMBER,
  packDate,
  ROW_WORDS,
  SEXES,
  SOURCE_SHIFT,
} from './rows.ts'
import type { Words } from './words.ts'
import { wordsBuilder } from './words-builder.ts'

/** What is known of a registration beside what it says itself. */
export interface Standing {
  /** Its region; needed where the region is free of duplicates. */
  source?: string | undefined
  /** V10: its source says that it has nobody twice. */
  isFromDuplicateFree?: boolean | undefined
  /** V13: somebody is correcting it. */
  isHeld?: boolean | undefined
  /** YYYY-MM-DD of the last visit or the like (V9). */
  lastSeenOn?: string | undefined
}

/** Registrations packed for comparing; in shared memory, so that worker threads see the same. */
export interface Columns {
  readonly count: number
  readonly hasGeneral: boolean
  readonly rows: Uint32Array
  readonly extras: Uint32Array
  readonly words: Words
}

export interface ColumnsBuilder {
  /** The registration's place is the number of those added before. */
  add(features: Features, standing?: Standing): void
  count(): number
  finish(): Columns
}

export function columnsOf(features: readonly Features[], standings: readonly Standing[] = []): Columns {
  const builder = columnsBuilder(features.length)
  for (const [at, each] of features.entries()) builder.add(each, standings[at])
  return builder.finish()
}

const SOURCES_MAX = 2 ** SOURCE_SHIFT - 1

/** `expected` sizes the first allocation; more may come, at the cost of a copy. */
export function columnsBuilder(expected: number): ColumnsBuilder {
  const words = wordsBuilder()
  const sources = new Map<string, number>()
  const hash = { high: 0, low: 0 }
  let rows = new Uint32Array(new SharedArrayBuffer(4 * ROW_WORDS * Math.max(1, expected)))
  let extras = new Uint32Array(new SharedArrayBuffer(4 * Math.max(64, expected)))
  let count = 0
  let hasGeneral = false
  let extrasEnd = 1

  const nameOf = (family: NameForms, given: NameForms): number[] => [
    words.idOf(family.kanji),
    words.idOf(family.kana),
    words.idOf(given.kanji),
    words.idOf(given.kana),
    words.idOf(family.latin),
    words.idOf(given.latin),
  ]
  const hashOf = (...parts: string[]): [number, number] => {
    hashText(parts.join('\0'), hash)
    return [hash.high, hash.low]
  }
  const numberOf = (number: InsuredNumber): number[] => {
    const [symbol, digits] = [withoutNoughts(number.symbol), withoutNoughts(number.number)]
    const marks =
      (number.branch === undefined ? 0 : Number(number.branch) + 1) |
      (number.isSound ? IS_SOUND : 0) |
      (number.isPersonal ? IS_PERSONAL : 0)
    const [high, low] = hashOf('number', number.insurer, symbol, digits)
    return [high, low, hashOf('loose', number.insurer, digits)[0], marks]
  }
  const addressOf = (address: Address | Area): number[] => [
    words.idOf(address.postalCode),
    words.idOf(address.town),
    'lot' in address ? words.idOf(address.lot) : 0,
    words.idOf(address.townKey),
    words.idOf(address.cityCode),
    'room' in address ? words.idOf(address.room) : 0,
  ]
  const extrasOf = (features: Features, { lastSeenOn }: Standing): Extra[] => {
    const { otherNames, whole, deceasedOn } = features
    return [
      ...each(otherNames, ({ kind, family, given }) => [
        EXTRA.otherName,
        [NAME_KINDS.indexOf(kind), ...nameOf(family, given)],
      ]),
      ...each(whole && [whole], ({ kanji, kana, latin }) => [
        EXTRA.whole,
        [words.idOf(kanji), words.idOf(kana), words.idOf(latin)],
      ]),
      ...each(features.formerInsured, (number) => [EXTRA.formerNumber, numberOf(number)]),
      ...each(features.formerAddresses, (address) => [EXTRA.formerAddress, addressOf(address)]),
      ...each(features.mobiles.slice(1), (mobile) => [EXTRA.mobile, hashOf('mobile', mobile)]),
      ...each(features.landlines, (landline) => [EXTRA.landline, hashOf('landline', landline)]),
      ...each(features.careInsured ? [features.careInsured] : [], (care) => [
        EXTRA.care,
        hashOf('care', care),
      ]),
      ...each(features.publicPayers, (payer) => [EXTRA.payer, hashOf('payer', payer)]),
      ...each(features.email ? [features.email] : [], (email) => [EXTRA.email, hashOf('email', email)]),
      ...each(features.nationalKeys, (key) => [EXTRA.national, nationalOf(key)]),
      ...each(deceasedOn ? [deceasedOn] : [], (day) => [EXTRA.died, [packDate(day)]]),
      ...each(lastSeenOn ? [lastSeenOn] : [], (day) => [EXTRA.lastSeen, [packDate(day)]]),
      ...(features.texts ?? []).flatMap((text, at): Extra[] =>
        text === '' || at >= TEXTS.length ? [] : [[EXTRA.text, [at, words.idOf(text)]]],
      ),
    ]
  }
  const nationalOf = (key: string): number[] => {
    const kind = key.includes(':') ? key.slice(0, key.indexOf(':')) : ''
    return [hashOf('kind', kind)[0], ...hashOf('national', key)]
  }
  const sourceOf = (source: string): number => {
    const id = sources.get(source) ?? sources.size + 1
    sources.set(source, id)
    if (id > SOURCES_MAX) throw new RangeError(`More than ${SOURCES_MAX} sources cannot be told apart.`)
    return id
  }
  const flagsOf = (features: Features, standing: Standing): number =>
    (features.sex === undefined ? 0 : SEXES.indexOf(features.sex)) |
    (features.placeholder === 'newborn' ? IS_NEWBORN : 0) |
    (features.placeholder === 'unknown' ? IS_UNKNOWN_PERSON : 0) |
    (features.birthDate?.isPlaceholder ? IS_PLACEHOLDER_DATE : 0) |
    (features.texts === undefined ? 0 : IS_GENERAL) |
    (features.isSynthetic === true ? IS_SYNTHETIC : 0) |
    (standing.isHeld ? IS_HELD : 0) |
    (standing.isFromDuplicateFree ? IS_DUPLICATE_FREE : 0) |
    ((standing.source === undefined ? 0 : sourceOf(standing.source)) << SOURCE_SHIFT)
  const keepExtras = (each: readonly Extra[]): number => {
    if (each.length === 0) return 0
    const length = each.reduce((sum, [, numbers]) => sum + 1 + numbers.length, 0)
    if (extrasEnd + 1 + length > extras.length) extras = grown(extras, extrasEnd + 1 + length)
    const start = extrasEnd
    extras[extrasEnd++] = length
    for (const [kind, numbers] of each) {
      extras[extrasEnd++] = (kind << 8) | numbers.length
      for (const number of numbers) extras[extrasEnd++] = number
    }
    return start
  }

  return {
    add(features, standing = {}) {
      if ((count + 1) * ROW_WORDS > rows.length) rows = grown(rows, (count + 1) * ROW_WORDS)
      const row = count * ROW_WORDS
      count++
      rows.set(nameOf(features.family, features.given), row + NAME)
      rows[row + BIRTH] = features.birthDate === undefined ? 0 : packDate(features.birthDate.day)
      rows[row + FLAGS] = flagsOf(features, standing)
      if (features.insured !== undefined) rows.set(numberOf(features.insured), row + NUMBER)
      const place = features.address ?? features.area
      if (place !== undefined) rows.set(addressOf(place), row + ADDRESS)
      const [mobile] = features.mobiles
      if (mobile !== undefined) rows.set(hashOf('mobile', mobile), row + MOBILE)
      rows[row + EXTRAS] = keepExtras(extrasOf(features, standing))
      hasGeneral ||= features.texts !== undefined
    },
    count: () => count,
    finish: () => ({ count, hasGeneral, rows, extras, words: words.finish() }),
  }
}

type Extra = [kind: number, numbers: readonly number[]]

function each<T>(items: readonly T[] | undefined, extra: (item: T) => Extra): Extra[] {
  return items === undefined || items.length === 0 ? [] : items.map(extra)
}

/** Numbers that differ by noughts in front are the same number: systems with fields of a fixed width fill up. */
function withoutNoughts(text: string): string {
  return text.replace(/^0+/, '')
}

function grown(numbers: Uint32Array<SharedArrayBuffer>, needed: number): Uint32Array<SharedArrayBuffer> {
  const larger = new Uint32Array(new SharedArrayBuffer(4 * Math.max(2 * numbers.length, needed)))
  larger.set(numbers)
  return larger
}
