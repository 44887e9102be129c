import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPatient } from '../../src/alignment/index.ts'
import { SYSTEMS } from '../../src/vocabulary/index.ts'

const name = (valueCode: string, family: string, given: string) => ({
  extension: [{ url: SYSTEMS.nameRepresentation, valueCode }],
  text: `${family} ${given}`,
  family,
  given: [given],
})

test('kanji and kana by their representation, whatever their order', () => {
  const patient = {
    name: [name('SYL', 'タカハシ', 'フミノ'), name('IDE', '髙橋', '文乃')],
    gender: 'female',
    birthDate: '1957-04-03',
  }
  expect(readPatient(patient)).toEqual({
    kanji: '髙橋 文乃',
    kana: 'タカハシ フミノ',
    birthDate: '1957-04-03',
    sex: 'female',
    deceased: false,
  })
})

test('without a representation, by the script itself; a former name is not the name', () => {
  const read = readPatient({
    name: [
      { use: 'old', text: '旧姓 花子' },
      { family: 'ﾀﾅｶ', given: ['ﾊﾅｺ'] },
      { family: '田中', given: ['花子'] },
    ],
  })
  expect(read).toMatchObject({ kanji: '田中 花子', kana: 'ﾀﾅｶ ﾊﾅｺ', sex: 'unknown', birthDate: undefined })
})

test('deceased with or without a date', () => {
  expect(readPatient({ deceasedDateTime: '2026-11-20' }).deceased).toBe('2026-11-20')
  expect(readPatient({ deceasedBoolean: true }).deceased).toBe(true)
})

test('any JSON is somebody unknown, never a fault', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (whole, part) => {
      readPatient(whole)
      readPatient({ name: part, gender: part, birthDate: part })
    }),
  )
})
