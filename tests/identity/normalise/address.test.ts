import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldAddress } from '../../../src/identity/normalise/fold-address.ts'
import { MUNICIPALITIES, makeMunicipalities, makeTowns, TOWNS } from '../tables/towns.ts'

const read = (text: string, postalCode?: string) => foldAddress({ text, postalCode })
const lotOf = (text: string, postalCode?: string) => read(text, postalCode).address?.lot
const roomOf = (text: string) => read(text).address?.room

describe('a town that no dictionary knows', () => {
  const same = [
    '神奈川県港台市北岬2丁目3番4号',
    '港台市北岬２－３－４',
    '神奈川県港台市北岬二丁目3番地の4',
    '〒220-9911 神奈川県港台市 北岬2-3-4-305',
    '港台市大字北岬2ー3ー4メゾン帆影305',
    '220‐9911港台市北岬2丁目　3番 4号',
    '港台市北岬2丁目 3－4 305号室',
    '港台市北岬二丁目3番4号305',
    '港台市北岬2の3の4',
  ]
  test.each(same)('%s is one place', (text) =>
    expect(read(text, '２２０-９９１１').address).toMatchObject({
      postalCode: '2209911',
      town: '港台市北岬',
      lot: '2-3-4',
    }),
  )

  test.each([
    '港台市北岬',
    '港台市北岬2丁目',
    '港台市北岬2丁目305号室',
    '港台市北岬2',
    '港台市三田',
    '2-3-4',
    '●●町2-3-4',
    '231-0001',
    '',
  ])('%s does not reach 番地', (text) => expect(read(text, '220-9911').address).toBeUndefined())

  test.each([
    ['港台市三田1234', '1234'],
    ['港台市三田12番地', '12'],
    ['港台市一番町1-2', '1-2'],
    ['港台市一番丁1-2', '1-2'],
    ['港台市3番町1-2', '1-2'],
    ['港台市三田1-2 コーポ3', '1-2'],
    ['港台市三田1-2コーポ3', '1-2'],
    ['港台市三田1-2-コーポ3', '1-2'],
    ['港台市三田1-2 3号室', '1-2'],
    ['港台市三田12番地3号室', '12'],
    ['港台市三田12番地 5-201', '12'],
    ['港台市三田12番地ノ3', '12-3'],
    ['港台市三田3番4号401', '3-4'],
    ['港台市三田123-4567', '123-4567'],
    ['港台市三田123-4-5', '123-4-5'],
    ['港台市三田123-4-101', '123-4'],
    ['港台市三田百二十三番地', '123'],
    ['港台市北1条西2丁目3-4', '2-3-4'],
  ])('%s ends in %s', (text, lot) => expect(lotOf(text)).toBe(lot))

  test.each([
    ['港台市北岬2-3-4-305', '305'],
    ['港台市北岬2-3-4 メゾン帆影305', '305'],
    ['港台市北岬2-3-4メゾン帆影 ３０５号室', '305'],
    ['港台市北岬2-3-4 コーポ A-101', 'A101'],
    ['港台市三田123-4-101', '101'],
    ['港台市北岬2-3-4', undefined],
    ['港台市北岬2-3-4 メゾン帆影', undefined],
  ])('the room in %s is %s', (text, room) => expect(roomOf(text)).toBe(room))
})

describe('the dictionary', () => {
  test.each([
    ['神奈川県厚木市三田1234番地5', '厚木市三田', '1234-5'],
    ['厚木市大字三田字原123番地', '厚木市三田', '123'],
    ['厚木市三田二丁目3番4号', '厚木市三田', '2-3-4'],
    ['厚木市三田二ー三ー四', '厚木市三田', '2-3-4'],
    ['厚木市三田南1-2-3', '厚木市三田南', '1-2-3'],
    ['厚木市三田百二十三番地の四', '厚木市三田', '123-4'],
    ['横浜市鶴見中央1-2-3', '横浜市鶴見区鶴見中央', '1-2-3'],
    ['足柄上郡中井町井の口123', '足柄上郡中井町井ノ口', '123'],
    ['中井町井ノ口一二三番地', '足柄上郡中井町井ノ口', '123'],
    ['横浜市保土ヶ谷区霞台1-2', '横浜市保土ケ谷区霞台', '1-2'],
    ['東京都千代田区千代田1-1', '千代田区千代田', '1-1'],
  ])('%s is in %s, %s', (text, town, lot) => expect(read(text).address).toMatchObject({ town, lot }))

  test.each([
    ['鶴見中央一丁目2番3号', '230-0051', '14101'],
    ['鶴見区鶴見中央1-2-3', '230-0051', '14101'],
    ['府中市宮西町2-24', undefined, undefined],
    ['東京都府中市宮西町2-24', undefined, '13206'],
    ['厚木市三田1-2-3', undefined, '14212'],
  ])('%s (%s) is in municipality %s', (text, postalCode, cityCode) =>
    expect(read(text, postalCode).address?.cityCode).toBe(cityCode),
  )

  test('parts and one line, and one line within parts, are one address', () => {
    const whole = foldAddress({ text: '神奈川県厚木市三田1-2-3' })
    expect(foldAddress({ prefecture: '神奈川県', city: '厚木市', text: '三田1-2-3' })).toEqual(whole)
    expect(foldAddress({ prefecture: '神奈川県', city: '厚木市', text: '神奈川県厚木市三田1-2-3' })).toEqual(
      whole,
    )
  })

  test('a town beyond the dictionary is not the one that its name begins with', () => {
    expect(read('厚木市三田西町1-2-3').address).toMatchObject({ town: '厚木市三田西町', lot: '1-2-3' })
    expect(read('厚木市三田西町1-2-3').address?.townKey).toBeUndefined()
  })

  test('a town alone is an area, which confirms nobody', () => {
    expect(read('厚木市三田', '2430211')).toEqual({
      area: { postalCode: '2430211', town: '厚木市三田', cityCode: '14212', townKey: '14212:三田' },
    })
  })

  test('old and new names of a town are one town, and so are municipalities that were joined', () => {
    const keyOf = (text: string) => read(text).address?.townKey
    expect(keyOf('厚木市飯山南1-2-3')).toBe(keyOf('厚木市飯山123'))
    expect(keyOf('川崎市宮前区南野川1-2-3')).toBe(keyOf('川崎市宮前区野川3000'))
    expect(keyOf('津久井郡津久井町青野原123')).toBe(keyOf('相模原市緑区青野原123'))
    expect(keyOf('川崎市高津区北野川1-2')).not.toBe(keyOf('川崎市宮前区南野川1-2'))
  })

  test('a postal code of another municipality, or a filler, is not believed', () => {
    expect(read('厚木市三田1-2-3', '243-0200').address?.postalCode).toBe('2430200')
    expect(read('厚木市三田1-2-3', '250-0001').address?.postalCode).toBeUndefined()
    expect(read('港台市北岬1-2-3', '000-0000').address?.postalCode).toBeUndefined()
  })
})

test('any text at all is an address or none', () => {
  const unit = fc.constantFrom(
    ...'神奈川県厚木市三田大字港台区郡町丁目番地号のノー-－〒0123456789一二三十百 　ＡA●\uD842\0',
  )
  const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit, maxLength: 40 }))
  fc.assert(
    fc.property(anyText, anyText, (text, postalCode) => {
      const { address, area } = foldAddress({ text, postalCode, city: text, prefecture: postalCode })
      for (const value of Object.values({ ...area, ...address })) {
        expect(value === undefined || (value.isWellFormed() && !value.includes('\0'))).toBe(true)
      }
      if (address !== undefined) expect(address.lot).toMatch(/^\d+(-\d+){0,2}$/)
    }),
    { numRuns: 2_000 },
  )
})

test('the tables are what `npm run town-table` makes', () => {
  expect(readFileSync(MUNICIPALITIES, 'utf8') === makeMunicipalities()).toBe(true)
  expect(readFileSync(TOWNS, 'utf8') === makeTowns()).toBe(true)
})
