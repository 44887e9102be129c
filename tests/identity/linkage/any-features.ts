import fc from 'fast-check'
import type { Standing } from '../../../src/identity/linkage/columns.ts'
import type { Member } from '../../../src/identity/linkage/index.ts'
import type { Address, Features, InsuredNumber, NameForms } from '../../../src/identity/normalise/index.ts'

const some = <T>(...values: T[]) => fc.constantFrom(...values)
const seldom = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 1 })

const surname: fc.Arbitrary<NameForms> = some(
  { kanji: '高橋', kana: 'タカハシ' },
  { kanji: '高橋', kana: 'タカハシ' },
  { kanji: '●橋', kana: 'タカハシ' },
  { kanji: '高橋' },
  { kana: 'タカハシ' },
  { kanji: '斉藤', kana: 'サイトウ' },
  { kanji: '斎藤', kana: 'サイトウ' },
  { kanji: '榊', kana: 'サカキ' },
  {},
)

const givenName: fc.Arbitrary<NameForms> = some(
  { kanji: '裕子', kana: 'ユウコ' },
  { kanji: '裕子', kana: 'ユウコ' },
  { kanji: '裕子', kana: 'ヒロコ' },
  { kanji: '優子', kana: 'ユウコ' },
  { kanji: '裕子' },
  { kana: 'ユウコ' },
  { kanji: '榊', kana: 'サカキ' },
  {},
)

const number: fc.Arbitrary<InsuredNumber> = fc.record({
  insurer: fc.constant('00149906'),
  symbol: some('港台', ''),
  number: some('1234567', '1234567', '7654321'),
  branch: some('02', '02', '03', undefined),
  isSound: some(true, true, true, false),
  isPersonal: some(undefined, undefined, true),
})

const address: fc.Arbitrary<Address> = fc.record({
  postalCode: some('2209911', undefined),
  town: some('港台市北岬', '北岬', '汐凪市白砂'),
  lot: some('2-3-4', '2-3-4', '5-6'),
  townKey: some(undefined, 'k1', 'k2'),
  room: some(undefined, '101', '102'),
})

const birthDate = some(
  { day: '1961-02-03', isPlaceholder: false },
  { day: '1961-02-03', isPlaceholder: false },
  { day: '1961-02-08', isPlaceholder: false },
  { day: '1961-03-02', isPlaceholder: false },
  { day: '1961-01-01', isPlaceholder: true },
  { day: '1961-02', precision: 'month' as const, isPlaceholder: false },
  undefined,
)

/** Registrations of a few people much alike, with everything that features may hold. */
export const anyFeatures: fc.Arbitrary<Features> = fc.record({
  family: surname,
  given: givenName,
  otherNames: seldom(
    fc.array(
      fc.record({ family: surname, given: givenName, kind: some('former' as const, 'alias' as const) }),
      { minLength: 1, maxLength: 2 },
    ),
  ),
  whole: seldom(some({ kanji: '高橋裕子', kana: 'タカハシユウコ' })),
  birthDate,
  sex: some('female' as const, 'female' as const, 'male' as const, undefined),
  insured: fc.option(number, { nil: undefined, freq: 2 }),
  formerInsured: seldom(fc.array(number, { minLength: 1, maxLength: 2 })),
  careInsured: seldom(some('149906:1234567890', '149906:0987654321')),
  publicPayers: seldom(fc.subarray(['12149906:1234567', '12149906:7654321'], { minLength: 1 })),
  nationalKeys: seldom(fc.subarray(['my-number:a', 'my-number:b', 'medical:c'], { minLength: 1 })),
  address: fc.option(address, { nil: undefined, freq: 2 }),
  formerAddresses: seldom(fc.array(address, { minLength: 1, maxLength: 1 })),
  mobiles: fc.subarray(['07000000001', '09000000002']),
  landlines: seldom(fc.subarray(['0450000001', '0460000002'], { minLength: 1 })),
  email: seldom(some('a@example.jp', 'b@example.jp')),
  placeholder: some(undefined, undefined, undefined, undefined, 'newborn' as const),
  deceasedOn: seldom(some('2020-04-05', '2021-06-07')),
  isSynthetic: seldom(fc.constant(true as const)),
})

const anyStanding: fc.Arbitrary<Standing> = fc.record({
  source: some('minato', 'sagamino', 'shiokaze'),
  isFromDuplicateFree: some(false, false, true),
  isHeld: some(false, false, false, true),
  lastSeenOn: some(undefined, undefined, '2020-12-01'),
})

export const anyMembers = (maxLength: number): fc.Arbitrary<Member[]> =>
  fc
    .array(fc.tuple(anyFeatures, anyStanding), { minLength: 1, maxLength })
    .map((all) => all.map(([features, standing], at) => ({ ref: `r ${at}`, features, standing })))
