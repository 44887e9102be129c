import { describe, expect, test } from 'vitest'
import { columnsOf } from '../../../src/identity/linkage/columns.ts'
import { bulkLink, MODELS } from '../../../src/identity/linkage/index.ts'
import { randomNumbers } from '../../../src/identity/linkage/random.ts'
import type { Features, NameForms } from '../../../src/identity/normalise/index.ts'

/** People made to be taken for each other, each with several registrations full of gaps. Some true pairs must link. */
const FAMILIES = 1_000
const REGISTRATIONS = 4

const SURNAMES: readonly NameForms[] = [
  { kanji: '佐藤', kana: 'サトウ' },
  { kanji: '鈴木', kana: 'スズキ' },
  { kanji: '榊原', kana: 'サカキバラ' },
]
/** One character apart in kanji, one letter apart in reading. */
const TWIN_NAMES: readonly (readonly [NameForms, NameForms])[] = [
  [
    { kanji: '大樹', kana: 'ダイキ' },
    { kanji: '大輝', kana: 'ダイチ' },
  ],
  [
    { kanji: '美咲', kana: 'ミサキ' },
    { kanji: '美沙', kana: 'ミサト' },
  ],
  [
    { kanji: '千春', kana: 'チハル' },
    { kanji: '千晴', kana: 'チハヤ' },
  ],
  [
    { kanji: '和子', kana: 'カズコ' },
    { kanji: '知子', kana: 'カツコ' },
  ],
]
const NAMES = TWIN_NAMES.flat()
/** Borne by so many that meeting a namesake of one birth date is no wonder. */
const COMMON: readonly NameForms[] = [
  { kanji: '誠', kana: 'マコト' },
  { kanji: '和子', kana: 'カズコ' },
]

interface Chance {
  (percent: number): boolean
  one<T>(of: readonly T[]): T
  number(below: number): number
}

function chanceOf(seed: number): Chance {
  const next = randomNumbers(seed)
  return Object.assign((percent: number) => next(100) < percent, {
    one: <T>(of: readonly T[]) => of[next(of.length)] as T,
    number: next,
  })
}

/** The residents of one family, as they are in truth. */
type Family = (at: number, chance: Chance) => Features[]

/** What sources leave out; never a whole name or the birth date. */
function registered(one: Features, chance: Chance): Features {
  const { kanji, kana } = one.given
  const given = chance(15) ? { kana } : chance(15) ? { kanji } : one.given
  const insured = one.insured && { ...one.insured, branch: chance(50) ? undefined : one.insured.branch }
  return {
    ...one,
    given,
    sex: chance(25) ? undefined : one.sex,
    insured: chance(30) ? undefined : insured,
    address: chance(20) ? undefined : one.address,
    mobiles: chance(40) ? [] : one.mobiles,
  }
}

/** Another for each family: what they share, they share with nobody else. */
function dayOf(at: number): string {
  return new Date(Date.UTC(1950, 0, 2 + 3 * at)).toISOString().slice(0, 10)
}

function household(at: number, chance: Chance): Features {
  return {
    family: chance.one(SURNAMES),
    given: chance.one(NAMES),
    birthDate: { day: dayOf(at), isPlaceholder: false },
    sex: chance.one(['male', 'female'] as const),
    insured: { insurer: '00149906', symbol: '港台', number: `7${at}`, branch: '01', isSound: true },
    address: { postalCode: '2209911', town: `港台市北岬${at % 40}`, townKey: `t${at % 40}`, lot: `${at}-3` },
    mobiles: [`070${String(at).padStart(8, '0')}`],
  }
}

const twins: Family = (at, chance) => {
  const one = household(at, chance)
  const [first, second] = chance.one(TWIN_NAMES)
  const other = { ...one, given: second, insured: one.insured && { ...one.insured, branch: '02' } }
  return [{ ...one, given: first }, chance(20) ? { ...other, family: chance.one(SURNAMES) } : other]
}

const fatherAndSon: Family = (at, chance) => {
  const father = household(at, chance)
  const day = father.birthDate?.day.replace(/^..../, '1934') ?? ''
  const son = { ...father, insured: father.insured && { ...father.insured, branch: '02' } }
  return [{ ...father, birthDate: { day, isPlaceholder: false } }, son]
}

/** Of one name and birth date, in two towns. */
const namesakes: Family = (at, chance) => {
  const one = {
    ...household(2 * at, chance),
    family: chance.one(SURNAMES.slice(0, 2)),
    given: chance.one(COMMON),
  }
  const other = household(2 * at + 1, chance)
  return [one, { ...other, family: one.family, given: one.given, birthDate: one.birthDate, sex: one.sex }]
}

async function linked(
  family: Family,
  seed: number,
): Promise<{ wrong: number; right: number; pairs: number }> {
  const chance = chanceOf(seed)
  const people: number[] = []
  const features: Features[] = []
  let person = 0
  for (let at = 0; at < FAMILIES; at++) {
    for (const one of family(at, chance)) {
      person++
      for (let copy = 0; copy < REGISTRATIONS; copy++) {
        people.push(person)
        features.push(registered(one, chance))
      }
    }
  }
  const { cluster } = await bulkLink(columnsOf(features), MODELS)
  const groups = Map.groupBy(people.keys(), (place) => cluster[place])
  let [wrong, right] = [0, 0]
  for (const group of groups.values()) {
    for (const [at, a] of group.entries()) {
      for (const b of group.slice(at + 1)) {
        if (people[a] === people[b]) right++
        else wrong++
      }
    }
  }
  return { wrong, right, pairs: (person * REGISTRATIONS * (REGISTRATIONS - 1)) / 2 }
}

describe('nobody is taken for', () => {
  test.each([
    ['a twin at one address, under one number and one telephone, by a name one character apart', twins, 1],
    ['a namesake and parent', fatherAndSon, 2],
    ['a namesake of one birth date in another town', namesakes, 3],
  ])('%s', async (_, family, seed) => {
    const { wrong, right, pairs } = await linked(family, seed)
    expect(wrong).toBe(0)
    expect(right / pairs).toBeGreaterThan(0.3)
  })
})
