import { ageOn } from '../days.ts'
import { misread } from '../population/given-names.ts'
import { BEYOND_JIS, inCommonForm, inRegisterForm } from '../population/legal-spelling.ts'
import { onDay } from '../population/person.ts'
import { OTHER_SURNAME_READINGS } from '../population/surnames.ts'
import type { Draft, WrittenName } from './draft.ts'
import type { Spoilers } from './spoilers.ts'
import { inKana, inKanji } from './write-down.ts'

/** Characters taken for each other, that the law holds to be different ones. */
const CONFUSED: Readonly<Record<string, string>> = {
  斎: '斉',
  斉: '斎',
  崎: '埼',
  太: '大',
  郎: '朗',
  朗: '郎',
  祐: '裕',
  裕: '祐',
  和: '知',
  菜: '奈',
  奈: '菜',
  紀: '記',
  幸: '孝',
  孝: '考',
  彦: '産',
  浩: '活',
  治: '冶',
  緒: '諸',
  凛: '凜',
  藪: '薮',
  桧: '檜',
  川: '河',
  河: '川',
  原: '源',
  美: '実',
  子: '予',
  一: '市',
  介: '助',
  博: '傅',
}

const NEWBORN_NAMES = [
  'ベビー',
  'ベビー１',
  '児',
  '新生児',
  '長男',
  '長女',
  '次男',
  '次女',
  'ベイビー',
  'Baby',
  '未定',
]
const NEWBORN_DAYS = 45

/** What goes wrong in a name's characters and parts. */
export const NAME_SPOILERS: Spoilers = {
  'alias-only': (draft) => {
    const alias = draft.person.foreign?.alias
    if (alias === undefined) return false
    draft.kanji = inKanji(alias)
    draft.kana = inKana(alias)
    draft.roman = undefined
    draft.nameVersion = 'alias'
    return true
  },
  'alias-given': (draft) => {
    const alias = draft.person.foreign?.alias
    if (alias === undefined || draft.nameVersion === 'alias') return false
    draft.alias = { kanji: inKanji(alias), kana: inKana(alias) }
    return true
  },
  'former-name-given': (draft) => {
    const earlier = draft.person.names.filter(({ from }) => from <= draft.day).slice(0, -1)
    const now = onDay(draft.person.names, draft.day)
    const former = earlier.find(({ value }) => value.family.kanji !== now.family.kanji)
    if (former === undefined) return false
    draft.formerNames.push({ kanji: inKanji(former.value), kana: inKana(former.value) })
    return true
  },
  'newborn-placeholder': (draft, random) => {
    if (draft.day - draft.person.birth > NEWBORN_DAYS) return false
    const placeholder = random.pick(NEWBORN_NAMES)
    if (draft.kanji !== undefined) draft.kanji.given = placeholder
    if (draft.kana !== undefined) draft.kana.given = random.chance(0.5) ? 'ベビー' : ''
    return true
  },
  'common-form': (draft) => changeKanji(draft, inCommonForm),
  'register-form': (draft, random) => changeKanji(draft, (kanji) => inRegisterForm(random, kanji)),
  'unreadable-character': (draft, random) => {
    const mark = random.pick(['●', '●', '〓', '?', '□'])
    return changeKanji(draft, (kanji) => kanji.replace(BEYOND_JIS, mark))
  },
  'confused-character': (draft, random) => {
    const family = random.chance(0.4)
    return changeKanji(draft, (kanji, part) => {
      if ((part === 'family') !== family) return kanji
      const place = [...kanji].findIndex((character) => CONFUSED[character] !== undefined)
      return [...kanji]
        .map((character, index) => (index === place ? CONFUSED[character] : character))
        .join('')
    })
  },
  'repeat-mark-written-out': (draft) => changeKanji(draft, (kanji) => kanji.replace(/(.)々/u, '$1$1')),
  'reading-guessed': (draft, random) => {
    const { kanji, kana } = draft
    if (kanji === undefined || kana === undefined || draft.person.foreign !== undefined) return false
    const given = misread(random, { kanji: inCommonForm(kanji.given), kana: kana.given })
    const family = OTHER_SURNAME_READINGS[inCommonForm(kanji.family)]
    if (given !== undefined && (family === undefined || random.chance(0.7))) kana.given = given
    else if (family !== undefined && family !== kana.family) kana.family = family
    else return false
    return true
  },
  'roman-name-cut': (draft) => {
    const { roman } = draft
    if (roman === undefined || !roman.given.includes(' ')) return false
    roman.given = roman.given.split(' ')[0] ?? roman.given
    if (draft.kana !== undefined) draft.kana.given = draft.kana.given.split(' ')[0] ?? draft.kana.given
    if (draft.kanji !== undefined && /^[A-Z ]+$/.test(draft.kanji.given)) draft.kanji.given = roman.given
    return true
  },
  'full-width-latin': (draft) => changeKanji(draft, (kanji) => kanji.replace(/[A-Z]/g, fullWidth)),
  'parts-swapped': (draft) => {
    for (const name of [draft.kanji, draft.kana]) {
      if (name !== undefined) [name.family, name.given] = [name.given, name.family]
    }
    return true
  },
  unsplit: (draft) => {
    for (const name of [draft.kanji, draft.kana]) if (name !== undefined) join(name)
    return true
  },
  'courtesy-title': (draft, random) => {
    if (draft.kanji === undefined) return false
    draft.suffix = random.pick([' 様', '　', ' ', '殿'])
    return true
  },
  'kanji-missing': (draft) => {
    if (draft.kana === undefined || ageOn(draft.person.birth, draft.day) < 0) return false
    draft.kanji = undefined
    return true
  },
  'kana-missing': (draft) => {
    if (draft.kanji === undefined) return false
    draft.kana = undefined
    return true
  },
}

function join(name: WrittenName): void {
  name.family = `${name.family}${name.given}`
  name.given = ''
}

/** Changes the name's characters; false where that changes nothing. */
function changeKanji(draft: Draft, change: (kanji: string, part: 'family' | 'given') => string): boolean {
  const { kanji } = draft
  if (kanji === undefined) return false
  const family = change(kanji.family, 'family')
  const given = change(kanji.given, 'given')
  if (family === kanji.family && given === kanji.given) return false
  draft.kanji = { family, given }
  return true
}

export function fullWidth(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) + 0xfee0)
}
