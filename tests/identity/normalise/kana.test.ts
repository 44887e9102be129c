import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exactKana, foldKana } from '../../../src/identity/normalise/fold-kana.ts'
import { withoutLongVowels, withoutVoicing } from '../../../src/identity/normalise/loose-kana.ts'

test.each([
  ['ｼﾞｮｳｲﾁ', 'ジョウイチ', 'ジヨウイチ'],
  ['しょういち', 'ショウイチ', 'シヨウイチ'],
  ['シヨウイチ', 'シヨウイチ', 'シヨウイチ'],
  ['ナカシ゛マ', 'ナカジマ', 'ナカジマ'],
  ['ﾊﾟｸ', 'パク', 'パク'],
  ['か\u3099', 'ガ', 'ガ'],
  ['チヅル', 'チヅル', 'チズル'],
  ['ヰオリ', 'ヰオリ', 'イオリ'],
  ['ヱイコ', 'ヱイコ', 'エイコ'],
  ['カヲル', 'カヲル', 'カオル'],
  ['ミスヾ', 'ミスズ', 'ミスズ'],
  ['さゝき', 'ササキ', 'ササキ'],
  ['コーイチ', 'コーイチ', 'コイチ'],
  ['コ‐イチ', 'コーイチ', 'コイチ'],
  ['ヤマダ　タロウ', 'ヤマダタロウ', 'ヤマダタロウ'],
  ['ヴィクトリア', 'ヴィクトリア', 'ビクトリア'],
  ['ｳﾞｲｸﾄﾘｱ', 'ヴイクトリア', 'ビクトリア'],
  ['ルヴ', 'ルヴ', 'ルブ'],
])('%s is written %s and read %s', (reading, exact, folded) => {
  expect(exactKana(reading)).toBe(exact)
  expect(foldKana(reading)).toBe(folded)
})

test.each(['山田', 'YAMADA', 'ヤマ田', 'ヤマ?', '', 'ヽ', '゛'])('%j is no reading', (text) =>
  expect(foldKana(text)).toBeUndefined(),
)

describe('fuzzy forms', () => {
  test.each([
    ['コウイチ', 'コオイチ'],
    ['コウイチ', 'コイチ'],
    ['オオノ', 'オノ'],
    ['ニイガタ', 'ニガタ'],
    ['ユウキ', 'ユキ'],
  ])('%s and %s are one without long vowels', (a, b) =>
    expect(withoutLongVowels(a)).toBe(withoutLongVowels(b)),
  )

  test('what is no long vowel is kept', () => {
    expect(withoutLongVowels('カオル')).toBe('カオル')
    expect(withoutLongVowels('アイコ')).toBe('アイコ')
  })

  test.each([
    ['ナカジマ', 'ナカシマ'],
    ['ヤマザキ', 'ヤマサキ'],
    ['ホンバシ', 'ホンハシ'],
  ])('%s and %s are one without voice', (a, b) => expect(withoutVoicing(a)).toBe(withoutVoicing(b)))

  test('the first letter keeps its voice', () => {
    expect(withoutVoicing('ガトウ')).not.toBe(withoutVoicing('カトウ'))
  })
})

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.stringMatching(/^[ぁ-ヿｦ-ﾟ゛゜\s-]{0,12}$/),
)

test('folding a reading is idempotent, and takes any string at all', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const [folded, exact] = [foldKana(text), exactKana(text)]
      if (exact !== undefined) expect(exactKana(exact)).toBe(exact)
      if (folded === undefined) return
      expect(foldKana(folded)).toBe(folded)
      for (const loose of [withoutLongVowels, withoutVoicing])
        expect(loose(loose(folded))).toBe(loose(folded))
    }),
    { numRuns: 2_000 },
  )
})
