import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  foldConfusable,
  foldKanji,
  foldPlace,
  foldSurname,
} from '../../../src/identity/normalise/fold-kanji.ts'
import { CONFUSABLE, FORMS } from '../../../src/identity/normalise/kanji-tables.ts'
import { KANJI_FOLD, makeKanjiFold } from '../tables/kanji-fold.ts'

describe('one form for each character', () => {
  test('variants that one person’s records write interchangeably', () => {
    const variants = '髙﨑邉邊齋齊澤濵濱德栁冨嶋嶌龍峯埜𠮷眞與圡舘兒廣國瀨櫻'
    expect(foldKanji(variants)).toBe('高崎辺辺斎斉沢浜浜徳柳富島島竜峰野吉真与土館児広国瀬桜')
    expect(foldKanji('熈煕熙 悳德徳 尓爾 辧辨弁 槗𣘺橋')).toBe('熙熙熙徳徳徳爾爾弁弁弁橋橋橋')
  })

  test('compatibility ideographs, half and full width, selectors, repeat marks', () => {
    for (const [name, folded] of [
      ['塚\uFA10隆祐', '塚塚隆祐'],
      ['葛\u{E0100}城', '葛城'],
      ['辻\uFE00', '辻'],
      ['佐々木', '佐佐木'],
      ['佐\u{E0101}々木', '佐佐木'],
      ['いすゞ', 'いすず'],
      ['髙　橋', '高橋'],
      ['ｼﾞｮﾝ', 'ジョン'],
      ['ジョン・スミス', 'ジョンスミス'],
    ] as const) {
      expect(foldKanji(name), name).toBe(folded)
    }
  })

  test('a shape with a reduction of its own is looked up before its selector goes', () => {
    expect(foldKanji('樮')).toBe('樮')
    expect(foldKanji('樮\u{E0102}')).toBe('橘')
    expect(foldKanji('祏\u{E0102}')).toBe('祐')
  })

  test.each(['斉斎', '崎埼', '沢択', '桧檜', '籠篭', '凛凜', '藪籔', '礒磯', '曻昇', '養美', '功切'])(
    '%s stay apart',
    (pair) => {
      const [a, b] = [...pair].map(foldKanji)
      expect(a).not.toBe(b)
    },
  )

  test('no character of everyday use folds', () => {
    for (const character of '辺高沢浜崎斉斎富島功切') expect(FORMS.has(character), character).toBe(false)
  })
})

describe('what could not be read', () => {
  test.each([
    ['●橋', '●橋'],
    ['高〓', '高●'],
    ['高?', '高●'],
    ['高？', '高●'],
    ['□田', '●田'],
    ['\u{E000}田', '●田'],
    ['髙\uFFFD', '高●'],
    ['\uD842野', '●野'],
    ['●々木', '●●木'],
  ])('%s is %s: one mark a character', (name, folded) => expect(foldKanji(name)).toBe(folded))

  test.each(['●', '??', '\u{E000}', '　', '', '\0'])('of %j nothing is left', (name) =>
    expect(foldKanji(name)).toBeUndefined(),
  )
})

describe('surnames and places', () => {
  test.each([
    ['三ッ橋', '三ツ橋'],
    ['一之瀬', '一の瀬'],
    ['関ヶ原', '関が原'],
    ['関ケ原', '関ガ原'],
  ])('%s and %s are one surname', (a, b) => expect(foldSurname(a)).toBe(foldSurname(b)))

  test('a surname in kana keeps its letters', () => {
    expect(foldSurname('ガルシア')).toBe('ガルシア')
    expect(foldSurname('ノナカ')).toBe('ノナカ')
  })

  test('a town is folded as a surname is, but for what stands for several older characters', () => {
    expect(foldPlace('霞ヶ關')).toBe(foldPlace('霞が関'))
    expect(foldPlace('臺町')).not.toBe(foldPlace('台町'))
    expect(foldKanji('臺町')).toBe(foldKanji('台町'))
  })
})

describe('characters that clerks take for each other', () => {
  test.each(['斉斎', '斉齋', '桧檜', '籠篭', '凛凜', '藪籔', '薮藪', '礒磯', '曻昇', '崎埼', '遥遙'])(
    '%s share a confusable form',
    (pair) => {
      const [a = '', b = ''] = [...pair].map((each) => foldConfusable(foldKanji(each) ?? ''))
      expect(a).toBe(b)
    },
  )

  test('others do not, and no group holds what is folded already', () => {
    expect(foldConfusable('佐藤')).toBe('佐藤')
    expect(foldConfusable('加')).not.toBe(foldConfusable('佳'))
    const characters = [...CONFUSABLE].flat()
    for (const character of characters) expect(foldKanji(character), character).toBe(character)
    const representatives = new Set([...CONFUSABLE.values()])
    expect([...CONFUSABLE.keys()].filter((each) => representatives.has(each))).toEqual([])
  })
})

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.constantFrom(...[...FORMS.keys()], '々', 'ゞ', '\u{E0100}', '●', ' ', 'ヶ'))
    .map((all) => all.join('')),
)

test('folding is idempotent, and takes any string at all', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const fold of [foldKanji, foldSurname, foldPlace]) {
        const folded = fold(text)
        if (folded === undefined) continue
        expect(fold(folded)).toBe(folded)
        expect(folded.isWellFormed() && !folded.includes('\0')).toBe(true)
        expect(foldConfusable(foldConfusable(folded))).toBe(foldConfusable(folded))
      }
    }),
    { numRuns: 2_000 },
  )
})

test('every variant of the table is equal to its form, alone and within a name', () => {
  const apart = [...FORMS].filter(
    ([variant, form]) =>
      foldKanji(variant) !== foldKanji(form) || foldKanji(`山${variant}子`) !== foldKanji(`山${form}子`),
  )
  expect(apart).toEqual([])
})

test('the table is what `npm run kanji-table` makes', () => {
  expect(readFileSync(KANJI_FOLD, 'utf8') === makeKanjiFold()).toBe(true)
})
