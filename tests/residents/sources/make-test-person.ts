import { dayOf } from '../days.ts'
import { DUMMY_CARDS } from '../population/insurers.ts'
import { EVER } from '../population/making.ts'
import type { Person, Spelling } from '../population/person.ts'
import { pickHome } from '../population/places.ts'
import type { Random } from '../random.ts'

const FAMILIES: readonly Spelling[] = [
  { kanji: 'テスト', kana: 'テスト' },
  { kanji: 'テスト', kana: 'テスト' },
  { kanji: '試験', kana: 'シケン' },
  { kanji: '神奈川', kana: 'カナガワ' },
]
const GIVEN: readonly Spelling[] = [
  { kanji: '太郎', kana: 'タロウ' },
  { kanji: '花子', kana: 'ハナコ' },
  { kanji: '患者', kana: 'カンジャ' },
  { kanji: '一郎', kana: 'イチロウ' },
  { kanji: '１', kana: 'イチ' },
]
const BIRTHS = [dayOf(1950, 1, 1), dayOf(1980, 1, 1), dayOf(2000, 1, 1), dayOf(1970, 4, 1), dayOf(1900, 1, 1)]

/** Nobody: what somebody typed to try a system out. Each is a person of its own, for no two are known to be one. */
export function makeTestPerson(random: Random, id: string): Person {
  const name = { family: random.pick(FAMILIES), given: random.pick(GIVEN) }
  return {
    id,
    household: id,
    role: 'adult',
    sex: random.chance(0.6) ? 'male' : 'female',
    birth: random.pick(BIRTHS),
    twin: undefined,
    names: [{ from: EVER, value: name }],
    homes: [{ from: EVER, value: pickHome(random, id) }],
    cards: [{ from: EVER, value: random.pick(DUMMY_CARDS) }],
    mobiles: [{ from: EVER, value: undefined }],
    foreign: undefined,
    isProtected: false,
    diedOn: undefined,
  }
}
