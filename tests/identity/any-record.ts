import fc from 'fast-check'
import type { ResidentRecord } from './resident.ts'

const some = <T>(...values: T[]) => fc.constantFrom(...values)

/** Records of a few people much alike: variants, missing fields, twins, namesakes, shared and changed numbers. */
export const anyRecord: fc.Arbitrary<ResidentRecord> = fc.record({
  family: some('髙橋', '高橋', '佐藤', '●橋', null),
  given: some('裕子', '優子', '春子', null),
  familyKana: some('タカハシ', 'ﾀｶﾊｼ', 'サトウ', null),
  givenKana: some('ユウコ', 'ﾕｳｺ', 'ハルコ', null),
  birthDate: some('1961-02-03', '1961-02-03', '1961-02-08', '1990-08-09', '1961-01-01', '1961', null),
  gender: some('female', 'female', 'male', 'unknown', null),
  insured: some(
    '00149906:港台:1234567:02',
    '00149906:港台:1234567:03',
    '00149906:港台:1234567:',
    '00149914:77:7654321:01',
    null,
  ),
  address: some(
    '港台市北岬2丁目3番4号',
    '港台市北岬２－３－４',
    '汐凪市白砂5丁目6番7号',
    '港台市北岬2丁目',
    null,
  ),
  postalCode: some('220-9911', '259-9911', null),
  phone: some('070-0000-0001', '090-0000-0002', '045-000-0001', null),
})
