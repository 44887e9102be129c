import type { Address, Area, Features, InsuredNumber, NameForms } from '../normalise/index.ts'
import { hashText } from './hash.ts'
import type { KeyedColumns } from './keyed-columns.ts'
import { TEXTS } from './levels.ts'
import {
  ADDRESS,
  ADDRESS_WORDS,
  BIRTH,
  CITY,
  EXTRA,
  EXTRAS,
  FAMILY_KANA,
  FAMILY_KANJI,
  FAMILY_LATIN,
  FLAGS,
  GIVEN_KANA,
  GIVEN_KANJI,
  GIVEN_LATIN,
  IS_DUPLICATE_FREE,
  IS_GENERAL,
  IS_HELD,
  IS_NEWBORN,
  IS_PERSONAL,
  IS_PLACEHOLDER_DATE,
  IS_SOUND,
  IS_SYNTHETIC,
  IS_UNKNOWN_PERSON,
  LOT,
  MOBILE,
  NAME,
  NAME_KINDS,
  NAME_WORDS,
  NUMBER,
  NUMBER_LOOSE,
  NUMBER_MARKS,
  NUMBER_WORDS,
  POSTAL_CODE,
  packDate,
  ROOM,
  ROW_WORDS,
  SEXES,
  SOURCE_SHIFT,
  TOWN,
  TOWN_KEY,
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
export interface Columns extends KeyedColumns {
  readonly count: number
  readonly hasGeneral: boolean
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
  const packer = rowsPacker(expected, words.idOf)
  return {
    ...packer,
    finish: () => ({ ...packer.packed(), words: words.finish() }),
  }
}

/** Packs all but the words, which `idOf` numbers. */
export function rowsPacker(expected: number, idOf: (text: string | undefined) => number) {
  const sources = new Map<string, number>()
  const hash = { high: 0, low: 0 }
  let rows = new Uint32Array(new SharedArrayBuffer(4 * ROW_WORDS * Math.max(1, expected)))
  let extras = new Uint32Array(new SharedArrayBuffer(4 * Math.max(64, expected)))
  let count = 0
  let hasGeneral = false
  let extrasEnd = 1

  const setName = (to: Uint32Array, at: number, family: NameForms, given: NameForms): void => {
    to[at + FAMILY_KANJI] = idOf(family.kanji)
    to[at + FAMILY_KANA] = idOf(family.kana)
    to[at + GIVEN_KANJI] = idOf(given.kanji)
    to[at + GIVEN_KANA] = idOf(given.kana)
    to[at + FAMILY_LATIN] = idOf(family.latin)
    to[at + GIVEN_LATIN] = idOf(given.latin)
  }
  const setHash = (to: Uint32Array, at: number, text: string): void => {
    hashText(text, hash)
    to[at] = hash.high
    to[at + 1] = hash.low
  }
  const setNumber = (to: Uint32Array, at: number, number: InsuredNumber): void => {
    const [insurer, digits] = [number.insurer, withoutNoughts(number.number)]
    setHash(to, at, `number\0${insurer}\0${withoutNoughts(number.symbol)}\0${digits}`)
    hashText(`loose\0${insurer}\0${digits}`, hash)
    to[at + NUMBER_LOOSE] = hash.high
    to[at + NUMBER_MARKS] =
      (number.branch === undefined ? 0 : Number(number.branch) + 1) |
      (number.isSound ? IS_SOUND : 0) |
      (number.isPersonal ? IS_PERSONAL : 0)
  }
  const setAddress = (to: Uint32Array, at: number, address: Area & Partial<Address>): void => {
    to[at + POSTAL_CODE] = idOf(address.postalCode)
    to[at + TOWN] = idOf(address.town)
    to[at + LOT] = idOf(address.lot)
    to[at + TOWN_KEY] = idOf(address.townKey)
    to[at + CITY] = idOf(address.cityCode)
    to[at + ROOM] = idOf(address.room)
  }
  /** Room for one more extra: where its words stand. */
  const extra = (kind: number, length: number): number => {
    if (extrasEnd + 1 + length > extras.length) extras = grown(extras, extrasEnd + 1 + length)
    extras[extrasEnd] = (kind << 8) | length
    extrasEnd += 1 + length
    return extrasEnd - length
  }
  const addHash = (kind: number, text: string): void => {
    const at = extra(kind, 2)
    setHash(extras, at, text)
  }
  const addDate = (kind: number, day: string): void => {
    const at = extra(kind, 1)
    extras[at] = packDate(day)
  }
  const addWhole = ({ kanji, kana, latin }: NameForms): void => {
    const at = extra(EXTRA.whole, 3)
    extras[at] = idOf(kanji)
    extras[at + 1] = idOf(kana)
    extras[at + 2] = idOf(latin)
  }
  const addNational = (key: string): void => {
    const at = extra(EXTRA.national, 3)
    hashText(`kind\0${key.includes(':') ? key.slice(0, key.indexOf(':')) : ''}`, hash)
    extras[at] = hash.high
    setHash(extras, at + 1, `national\0${key}`)
  }
  const addText = (column: number, text: string): void => {
    const at = extra(EXTRA.text, 2)
    extras[at] = column
    extras[at + 1] = idOf(text)
  }
  /** What most registrations have nothing of. */
  const addExtras = (features: Features, { lastSeenOn }: Standing): void => {
    const { otherNames = [], whole, formerInsured = [], formerAddresses = [], mobiles } = features
    for (const { kind, family, given } of otherNames) {
      const at = extra(EXTRA.otherName, 1 + NAME_WORDS)
      extras[at] = NAME_KINDS.indexOf(kind)
      setName(extras, at + 1, family, given)
    }
    if (whole !== undefined) addWhole(whole)
    for (const number of formerInsured) {
      const at = extra(EXTRA.formerNumber, NUMBER_WORDS)
      setNumber(extras, at, number)
    }
    for (const address of formerAddresses) {
      const at = extra(EXTRA.formerAddress, ADDRESS_WORDS)
      setAddress(extras, at, address)
    }
    for (let at = 1; at < mobiles.length; at++) addHash(EXTRA.mobile, `mobile\0${mobiles[at]}`)
    for (const landline of features.landlines ?? []) addHash(EXTRA.landline, `landline\0${landline}`)
    if (features.careInsured) addHash(EXTRA.care, `care\0${features.careInsured}`)
    for (const payer of features.publicPayers ?? []) addHash(EXTRA.payer, `payer\0${payer}`)
    if (features.email) addHash(EXTRA.email, `email\0${features.email}`)
    for (const key of features.nationalKeys ?? []) addNational(key)
    if (features.deceasedOn) addDate(EXTRA.died, features.deceasedOn)
    if (lastSeenOn) addDate(EXTRA.lastSeen, lastSeenOn)
    for (const [at, text] of features.texts?.slice(0, TEXTS.length).entries() ?? []) {
      if (text !== '') addText(at, text)
    }
  }
  /** Where the extras start: the number of all their words, then they. */
  const keepExtras = (features: Features, standing: Standing): number => {
    if (extrasEnd + 1 > extras.length) extras = grown(extras, extrasEnd + 1)
    const start = extrasEnd++
    addExtras(features, standing)
    const length = extrasEnd - start - 1
    extras[start] = length
    if (length > 0) return start
    extrasEnd = start
    return 0
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

  return {
    add(features: Features, standing: Standing = {}) {
      if ((count + 1) * ROW_WORDS > rows.length) rows = grown(rows, (count + 1) * ROW_WORDS)
      const row = count * ROW_WORDS
      count++
      setName(rows, row + NAME, features.family, features.given)
      rows[row + BIRTH] = features.birthDate === undefined ? 0 : packDate(features.birthDate.day)
      rows[row + FLAGS] = flagsOf(features, standing)
      if (features.insured !== undefined) setNumber(rows, row + NUMBER, features.insured)
      const place = features.address ?? features.area
      if (place !== undefined) setAddress(rows, row + ADDRESS, place)
      const [mobile] = features.mobiles
      if (mobile !== undefined) setHash(rows, row + MOBILE, `mobile\0${mobile}`)
      rows[row + EXTRAS] = keepExtras(features, standing)
      hasGeneral ||= features.texts !== undefined
    },
    count: () => count,
    packed: () => ({ count, hasGeneral, rows, extras }),
    clear() {
      rows.fill(0, 0, count * ROW_WORDS)
      ;[count, extrasEnd, hasGeneral] = [0, 1, false]
    },
  }
}

/** Numbers that differ by noughts in front are the same number: systems with fields of a fixed width fill up. */
function withoutNoughts(text: string): string {
  return text.startsWith('0') ? text.replace(/^0+/, '') : text
}

function grown(numbers: Uint32Array<SharedArrayBuffer>, needed: number): Uint32Array<SharedArrayBuffer> {
  const larger = new Uint32Array(new SharedArrayBuffer(4 * Math.max(2 * numbers.length, needed)))
  larger.set(numbers)
  return larger
}
