import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WrittenName } from '../../../src/identity/normalise/demographics.ts'
import { encodeNames } from '../../../src/identity/normalise/encode-names.ts'
import { foldKana } from '../../../src/identity/normalise/fold-kana.ts'
import { foldLatin } from '../../../src/identity/normalise/fold-latin.ts'
import { withoutLongVowels } from '../../../src/identity/normalise/loose-kana.ts'
import { romajiKana } from '../../../src/identity/normalise/romaji-kana.ts'

const kanji = { kind: 'official', script: 'IDE', family: '髙橋', given: ['花子'] } satisfies WrittenName
const kana = { kind: 'official', script: 'SYL', family: 'ﾀｶﾊｼ', given: ['ハナコ'] } satisfies WrittenName

describe('scripts', () => {
  test('kanji, kana and Latin letters are one name', () => {
    const roman = {
      kind: 'official',
      script: 'ABC',
      family: 'Takahashi',
      given: ['Hanako'],
    } satisfies WrittenName
    expect(encodeNames([kanji, kana, roman])).toEqual({
      family: { kanji: '高橋', kana: 'タカハシ', kanaExact: 'タカハシ', latin: 'TAKAHASHI' },
      given: { kanji: '花子', kana: 'ハナコ', kanaExact: 'ハナコ', latin: 'HANAKO' },
    })
  })

  test('without a mark the letters say which', () => {
    const unmarked = [kanji, kana].map((name) => ({ ...name, script: undefined }))
    expect(encodeNames(unmarked)).toEqual(encodeNames([kanji, kana]))
  })

  test('a legal name in Latin letters is one, whatever its mark', () => {
    const { family, given } = encodeNames([
      { kind: 'official', script: 'IDE', family: 'Müller', given: ['José'] },
      { kind: 'official', script: 'SYL', family: 'ミュラー', given: ['ホセ'] },
    ])
    expect(family).toMatchObject({ latin: 'MULLER', kana: 'ミユラ' })
    expect(given).toMatchObject({ latin: 'JOSE', kana: 'ホセ' })
    expect(family.kanji).toBeUndefined()
  })

  test('a name in kana is its own reading, where no other is given', () => {
    const sakura = { ...kanji, given: ['さくら'] }
    expect(encodeNames([sakura]).given).toEqual({ kanji: 'さくら', kana: 'サクラ', kanaExact: 'サクラ' })
    expect(encodeNames([sakura, kana]).given).toMatchObject({ kanji: 'さくら', kana: 'ハナコ' })
  })
})

describe('names sent whole', () => {
  const whole = (text: string, script: WrittenName['script'] = 'IDE'): WrittenName => ({
    kind: 'official',
    script,
    whole: text,
  })

  test.each(['髙橋 花子', '髙橋　花子'])('%s is parted at its space', (text) => {
    expect(encodeNames([whole(text)])).toEqual({ family: { kanji: '高橋' }, given: { kanji: '花子' } })
  })

  test('family and given name in the field of the family are parted too', () => {
    expect(encodeNames([{ kind: 'official', script: 'IDE', family: '髙橋 花子' }])).toMatchObject({
      family: { kanji: '高橋' },
      given: { kanji: '花子' },
    })
  })

  test.each([
    ['髙橋花子', '高橋', '花子'],
    ['佐々木一', '佐佐木', '一'],
    ['渡邉一郎', '渡辺', '一郎'],
    ['森田一', '森田', '一'],
  ])(
    '%s is parted behind the longest common surname, and says that this is a guess',
    (text, family, given) => {
      expect(encodeNames([whole(text)])).toMatchObject({
        family: { kanji: family },
        given: { kanji: given },
        whole: { kanji: family + given },
      })
    },
  )

  test('the reading says where a shorter surname ends', () => {
    const reading = { ...kana, family: 'モリ', given: ['タイチ'] }
    expect(encodeNames([whole('森田一'), reading]).family.kanji).toBe('森')
  })

  test('a title behind it is no part of it', () => {
    expect(encodeNames([whole('髙橋 花子 様')]).given.kanji).toBe('花子')
    expect(encodeNames([whole('髙橋花子様')]).given.kanji).toBe('花子')
    expect(encodeNames([{ ...kanji, family: '鵜殿' }]).family.kanji).toBe('鵜殿')
  })

  test('a name that nothing parts is kept whole', () => {
    expect(encodeNames([whole('黴黶鼇')])).toEqual({ family: {}, given: {}, whole: { kanji: '黴黶鼇' } })
  })

  test('in Latin letters a comma parts, and a space is a guess', () => {
    expect(encodeNames([whole('Smith, John', 'ABC')])).toMatchObject({
      family: { latin: 'SMITH' },
      given: { latin: 'JOHN' },
    })
    expect(encodeNames([whole('JOHN SMITH')])).toMatchObject({
      family: { latin: 'JOHN' },
      given: { latin: 'SMITH' },
      whole: { latin: 'JOHN SMITH' },
    })
  })
})

describe('other names', () => {
  const former = { kind: 'former', script: 'IDE', family: '佐藤', given: ['花子'] } satisfies WrittenName

  test('a former name is kept with its reading', () => {
    const reading = {
      kind: 'former',
      script: 'SYL',
      family: 'サトウ',
      given: ['ハナコ'],
    } satisfies WrittenName
    expect(encodeNames([kanji, kana, former, reading]).otherNames).toEqual([
      {
        kind: 'former',
        family: { kanji: '佐藤', kana: 'サトウ', kanaExact: 'サトウ' },
        given: { kanji: '花子', kana: 'ハナコ', kanaExact: 'ハナコ' },
      },
    ])
  })

  test('a maiden name alone goes with the given name of today', () => {
    const maiden = { ...former, given: [] }
    expect(encodeNames([kanji, maiden]).otherNames).toEqual([
      { kind: 'former', family: { kanji: '佐藤' }, given: { kanji: '花子' } },
    ])
  })

  test('a former surname written in brackets is one, and does not stand in the name', () => {
    const written = { ...kanji, family: '髙橋（旧姓：佐藤）' }
    expect(encodeNames([written])).toMatchObject({
      family: { kanji: '高橋' },
      otherNames: [{ kind: 'former', family: { kanji: '佐藤' }, given: { kanji: '花子' } }],
    })
  })

  test('a 通称 stands beside the legal name', () => {
    const legal = { kind: 'official', script: 'ABC', family: 'KIM', given: ['YUNA'] } satisfies WrittenName
    const alias = { kind: 'alias', script: 'IDE', family: '金田', given: ['由奈'] } satisfies WrittenName
    expect(encodeNames([legal, alias]).otherNames).toContainEqual({
      kind: 'alias',
      family: { kanji: '金田' },
      given: { kanji: '由奈' },
    })
  })

  test('a name in Latin letters alone has the reading that they stand for', () => {
    const roman = {
      kind: 'official',
      script: 'ABC',
      family: 'Satoh',
      given: ['Yuichi'],
    } satisfies WrittenName
    expect(encodeNames([roman]).otherNames).toEqual([
      { kind: 'roman', family: { kana: 'サト', latin: 'SATOH' }, given: { kana: 'ユイチ', latin: 'YUICHI' } },
    ])
  })
})

test('a resident from abroad as sources write them: Latin letters twice, words of a given name in one', () => {
  const encoded = encodeNames([
    { kind: 'official', script: 'IDE', family: 'ＷＩＬＳＯＮ', given: ['ＨＥＬＥＮ ＡＮＮ'] },
    { kind: 'official', script: 'SYL', family: 'ウィルソン', given: ['ヘレン アン'] },
    { kind: 'official', script: 'ABC', family: 'Wilson', given: ['Helen', 'Ann'] },
  ])
  expect(encoded).toMatchObject({
    family: { latin: 'WILSON', kana: 'ウイルソン' },
    given: { latin: 'HELEN ANN', kana: 'ヘレンアン' },
  })
  expect(encoded.otherNames).toBeUndefined()
})

test('of two names in one script that which its source parted is the name', () => {
  const encoded = encodeNames([
    { kind: 'official', script: 'IDE', family: 'COSTAJULIANA CRISTINA' },
    { kind: 'official', script: 'ABC', family: 'COSTA', given: ['JULIANA', 'CRISTINA'] },
  ])
  expect(encoded).toMatchObject({ family: { latin: 'COSTA' }, given: { latin: 'JULIANA CRISTINA' } })
  expect(encoded.whole).toBeUndefined()
})

describe('what stands in place of a name', () => {
  test.each([
    [{ family: 'テスト', given: ['患者'] }, 'unknown'],
    [{ family: 'ﾃｽﾄ', given: ['太郎'] }, 'unknown'],
    [{ family: '氏名', given: ['不詳'] }, 'unknown'],
    [{ family: 'TEST', given: ['taro'] }, 'unknown'],
    [{ family: '髙橋', given: ['ベビー'] }, 'newborn'],
    [{ family: '髙橋', given: ['花子児'] }, 'newborn'],
    [{ family: '髙橋', given: ['長女'] }, 'newborn'],
    [{ family: '髙橋', given: ['ベビー１'] }, 'newborn'],
    [{ family: '髙橋', given: ['第２子'] }, 'newborn'],
    [{ family: '髙橋', given: ['花子'] }, undefined],
    [{ family: '髙橋', given: ['１'] }, 'unknown'],
    [{ family: '髙橋', given: ['太郎2'] }, 'unknown'],
    [{ family: '髙橋３', given: ['太郎'] }, 'unknown'],
    [{ family: '髙橋', given: ['太郎①'] }, 'unknown'],
    [{ family: '髙橋', given: ['❷'] }, 'unknown'],
    [{ family: 'ﾀｶﾊｼ', given: ['ﾀﾛｳ1'] }, 'unknown'],
    [{ family: 'Takahashi', given: ['Taro 2'] }, 'unknown'],
    [{ whole: '髙橋 太郎２' }, 'unknown'],
    [{ family: '髙橋', given: ['二号'] }, 'unknown'],
    [{ family: '髙橋', given: ['三番目'] }, 'unknown'],
    [{ family: '髙橋', given: ['一'] }, undefined],
    [{ family: '髙橋', given: ['㊀郎'] }, undefined],
    [{ family: '三', given: ['三郎'] }, undefined],
    [{ family: '一二三', given: ['百'] }, undefined],
    [{ family: '九十九', given: ['八重子'] }, undefined],
    [{ family: '髙橋', given: ['太郎（2）'] }, undefined],
    [{ family: 'Smith', given: ['John', 'III'] }, undefined],
  ])('%j is %s', (name, placeholder) => {
    expect(encodeNames([{ kind: 'official', script: undefined, ...name }]).placeholder).toBe(placeholder)
  })
})

describe('Latin letters', () => {
  test.each([
    ["O'Brien", 'OBRIEN'],
    ['José María', 'JOSE MARIA'],
    ['Müller-Lüdenscheidt', 'MULLER LUDENSCHEIDT'],
    ['Łukasz', 'LUKASZ'],
    ['Straße', 'STRASSE'],
    ['Ｎｇｕｙễｎ', 'NGUYEN'],
    ['山田', undefined],
    ['Иван', undefined],
    ['...', undefined],
  ])('%s is %s', (text, folded) => expect(foldLatin(text)).toBe(folded))

  test.each([
    ['SATO', 'サトウ'],
    ['SATOH', 'サトウ'],
    ['OHNO', 'オオノ'],
    ['OONO', 'オオノ'],
    ['HATTORI', 'ハットリ'],
    ['SHIMBA', 'シンバ'],
    ['KYOKO', 'キョウコ'],
    ['INOUE', 'イノウエ'],
    ['NIIGATA', 'ニイガタ'],
    ['ZYUN', 'ジュン'],
    ['TSUCHIYA', 'ツチヤ'],
    ['TUTIYA', 'ツチヤ'],
    ['HATCHO', 'ハッチョウ'],
  ])('%s is read %s', (latin, reading) =>
    expect(romajiKana(latin)).toBe(withoutLongVowels(foldKana(reading) ?? '')),
  )

  test.each(['SMITH', 'NGUYEN', ''])('%j is no Japanese name', (latin) =>
    expect(romajiKana(latin)).toBeUndefined(),
  )
})

test('any text at all is a name or none, and what comes out can be kept', () => {
  const unit = fc.constantFrom(...'髙橋花子旧姓（佐藤）()[] 　,様ｱﾞアー々ヶTest●?\uD842\0')
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ unit, maxLength: 20 }))
  const name: fc.Arbitrary<WrittenName> = fc.record({
    kind: fc.constantFrom('official', 'former', 'alias'),
    script: fc.constantFrom(undefined, 'IDE', 'SYL', 'ABC'),
    family: fc.option(text, { nil: undefined }),
    given: fc.option(fc.array(text, { maxLength: 3 }), { nil: undefined }),
    whole: fc.option(text, { nil: undefined }),
  })
  fc.assert(
    fc.property(fc.array(name, { maxLength: 5 }), (names) => {
      const encoded = JSON.stringify(encodeNames(names))
      expect(/\\u0000|\\ud[89a-f]/i.test(encoded)).toBe(false)
    }),
    { numRuns: 2_000 },
  )
})
