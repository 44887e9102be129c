import { describe, expect, test } from 'vitest'
import { type Declarations, type Member, openLinkage } from '../../../src/identity/linkage/index.ts'
import type { Features } from '../../../src/identity/normalise/index.ts'

/** A name borne by few, and one borne by many. */
const SAKAKI = { family: { kanji: '榊原', kana: 'サカキバラ' }, given: { kanji: '千鶴', kana: 'チズル' } }
const SUZUKI = { family: { kanji: '鈴木', kana: 'スズキ' }, given: { kanji: '誠', kana: 'マコト' } }
const NUMBER = { insurer: '00149906', symbol: '港台', number: '1234567', branch: '02', isSound: true }
const HOME = { postalCode: '2209911', town: '港台市北岬', lot: '2-3-4' }
const ELSEWHERE = { postalCode: '2599911', town: '汐凪市白砂', lot: '5-6' }

const resident = (more: Partial<Features>): Features => ({
  ...SAKAKI,
  birthDate: { day: '1961-02-03', isPlaceholder: false },
  sex: 'female',
  mobiles: [],
  ...more,
})

type Case = [string, Partial<Features>, Partial<Features>, string]

/** Decision, rule and reasons of two residents. */
function decided(a: Partial<Features>, b: Partial<Features>): string {
  const linkage = openLinkage([
    { ref: 'a', features: resident(a) },
    { ref: 'b', features: resident(b) },
  ])
  const { decision, rule, vetoes } = linkage.pair('a', 'b')
  return [decision, rule ?? '-', ...vetoes].join(' ')
}

describe('release rules', () => {
  const married = { family: { kanji: '佐藤', kana: 'サトウ' } }
  const former = [{ ...SAKAKI, kind: 'former' as const }]
  const cases: Case[] = [
    [
      'A0: a verified key, whatever name and address are',
      { nationalKeys: ['medical:1'], address: HOME },
      { nationalKeys: ['medical:1'], family: { kanji: '佐藤', kana: 'サトウ' }, address: ELSEWHERE },
      'auto A0',
    ],
    [
      'keys of two kinds say nothing of each other',
      { nationalKeys: ['my-number:1'] },
      { nationalKeys: ['medical:2'] },
      'auto A4',
    ],
    [
      'V5: two keys of one kind',
      { nationalKeys: ['medical:1'], address: HOME },
      { nationalKeys: ['medical:2'], address: HOME },
      'review A3 V5',
    ],
    ['A1: a former number with its branch', { insured: NUMBER }, { formerInsured: [NUMBER] }, 'auto A1'],
    [
      'A1: a number that is one person’s own',
      { insured: { ...NUMBER, branch: undefined, isPersonal: true } },
      { insured: { ...NUMBER, branch: undefined, isPersonal: true } },
      'auto A1',
    ],
    [
      'A2: the number without its branch',
      { insured: { ...NUMBER, branch: undefined } },
      { insured: NUMBER },
      'auto A2',
    ],
    ['A3: a former address', { address: HOME }, { address: ELSEWHERE, formerAddresses: [HOME] }, 'auto A3'],
    [
      'A3: names in each other’s place',
      { address: HOME },
      { family: SAKAKI.given, given: SAKAKI.family, address: HOME },
      'auto A3',
    ],
    [
      'A3: a name sent whole',
      { address: HOME },
      { family: { kanji: '榊原千鶴', kana: 'サカキバラチズル' }, given: {}, address: HOME },
      'auto A3',
    ],
    [
      'A3: a character that could not be read',
      { address: HOME },
      { family: { kanji: '●原', kana: 'サカキバラ' }, address: HOME },
      'auto A3',
    ],
    ['A4: a rare name, and nothing else to compare', {}, {}, 'auto A4'],
    ['A4: not with a common name', SUZUKI, SUZUKI, 'possible - no-rule'],
    ['A4: not where addresses differ', { address: HOME }, { address: ELSEWHERE }, 'possible - no-rule'],
    [
      'A5: a documented former name at one address',
      { ...married, otherNames: former, address: HOME },
      { address: HOME },
      'auto A5',
    ],
    ['A5: not without the document', { ...married, address: HOME }, { address: HOME }, 'possible - no-rule'],
  ]
  test.each(cases)('%s', (_, a, b, expected) => {
    expect(decided(a, b)).toBe(expected)
    expect(decided(b, a)).toBe(expected)
  })
})

describe('vetoes', () => {
  const one = resident({ address: HOME })
  const pair = (a: Member['standing'], b: Member['standing'], declared?: Declarations) =>
    openLinkage(
      [
        { ref: 'a', features: one, standing: a },
        { ref: 'b', features: one, standing: b },
      ],
      declared,
    ).pair('a', 'b')

  test('V8: what a person declared different is not offered again', () => {
    const declared = { same: [], different: [['b', 'a'] as const] }
    expect(pair({}, {}, declared)).toMatchObject({ decision: 'none', vetoes: ['V8'] })
  })

  test('V9: seen alive after the other died', () => {
    const dead = resident({ address: HOME, deceasedOn: '2020-01-01' })
    const linkage = openLinkage([
      { ref: 'a', features: dead },
      { ref: 'b', features: one, standing: { lastSeenOn: '2021-05-06' } },
      { ref: 'c', features: one, standing: { lastSeenOn: '2019-05-06' } },
    ])
    expect(linkage.pair('a', 'b').vetoes).toEqual(['V9'])
    expect(linkage.pair('a', 'c').decision).toBe('auto')
  })

  test('V10: two of a source that has nobody twice', () => {
    const free = { source: 'minato', isFromDuplicateFree: true }
    expect(pair(free, free)).toMatchObject({ decision: 'review', vetoes: ['V10'] })
    expect(pair(free, { ...free, source: 'sagamino' }).decision).toBe('auto')
  })

  test('V13: on hold for correction', () => {
    expect(pair({ isHeld: true }, {})).toMatchObject({ decision: 'review', vetoes: ['V13'] })
  })

  test('a twin under the same number, who qualifies with neither, ends A2 for both', () => {
    const number = { ...NUMBER, branch: undefined }
    const twin = resident({ given: { kanji: '美鶴', kana: 'ミツル' }, insured: number })
    const same = ['a', 'b'].map((ref) => ({ ref, features: resident({ insured: number }) }))
    expect(openLinkage(same).pair('a', 'b').rule).toBe('A2')
    expect(openLinkage([...same, { ref: 'twin', features: twin }]).pair('a', 'b').rule).toBeUndefined()
  })
})

describe('what people declared', () => {
  const members = ['a', 'b', 'c'].map((ref) => ({ ref, features: resident({ address: HOME }) }))
  const stranger = { ref: 'd', features: resident({ ...SUZUKI, sex: 'male' }) }
  const persons = (declared: Declarations, all: Member[] = members) =>
    openLinkage(all, declared)
      .cluster(all.map(({ ref }) => ref))
      .clusters.map(({ refs }) => refs.join(''))

  test('joins against every veto, and sticks', () => {
    expect(persons({ same: [['a', 'd']], different: [] }, [...members, stranger])).toContain('ad')
  })

  test('keeps apart even what has become identical', () => {
    const apart = persons({ same: [], different: [['a', 'b']] })
    expect(apart.some((person) => person.includes('a') && person.includes('b'))).toBe(false)
  })

  test('that contradicts itself joins nobody', () => {
    const declared: Declarations = {
      same: [
        ['a', 'b'],
        ['b', 'c'],
      ],
      different: [['a', 'c']],
    }
    expect(persons(declared)).toEqual(['a', 'b', 'c'])
  })
})
