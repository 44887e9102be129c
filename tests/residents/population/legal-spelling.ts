import type { Random } from '../random.ts'
import type { Spelling } from './person.ts'
import { pickSurname } from './surnames.ts'

/**
 * Other forms of a character that a family register may have, the common form first in every system that lacks them.
 * Each is one and the same character to the law's reduction (MJ縮退マップ, 戸籍統一文字の親字・正字).
 */
export const REGISTER_FORMS: Readonly<Record<string, readonly string[]>> = {
  高: ['髙'],
  崎: ['﨑', '嵜'],
  辺: ['邊', '邉', '邉󠄂', '邊󠄆'],
  吉: ['𠮷'],
  浜: ['濱', '濵'],
  島: ['嶋', '嶌'],
  富: ['冨'],
  沢: ['澤'],
  広: ['廣'],
  国: ['國'],
  桜: ['櫻'],
  徳: ['德'],
  滝: ['瀧'],
  斎: ['齋'],
  斉: ['齊'],
  真: ['眞'],
  恵: ['惠'],
  栄: ['榮'],
  実: ['實'],
  寿: ['壽'],
  竜: ['龍'],
  塚: ['\u{fa10}'],
  柳: ['栁'],
  辻: ['辻󠄀'],
  土: ['圡'],
  峰: ['峯'],
  野: ['埜'],
  児: ['兒'],
  瀬: ['瀨'],
  鉄: ['鐵'],
  隆: ['\u{f9dc}'],
  祐: ['\u{fa4f}'],
  神: ['\u{fa19}'],
  福: ['\u{fa1b}'],
  清: ['淸'],
  静: ['靜'],
  角: ['⻆'],
}

/** These old forms are frequent; the others are rare. */
const FREQUENT = '高崎辺浜島富沢斎斉桜徳瀬真'
const FREQUENT_SHARE = 0.09
const RARE_SHARE = 0.008

/** A family's name as its register has it: here and there with an old form. */
export function pickLegalSurname(random: Random): Spelling {
  const { kanji, kana } = pickSurname(random)
  return { kanji: inRegisterForm(random, kanji), kana }
}

export function inRegisterForm(random: Random, kanji: string): string {
  let written = ''
  for (const character of kanji) {
    const forms = REGISTER_FORMS[character]
    written +=
      forms !== undefined && random.chance(FREQUENT.includes(character) ? FREQUENT_SHARE : RARE_SHARE)
        ? random.pick(forms)
        : character
  }
  return written
}

const COMMON_FORMS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(REGISTER_FORMS).flatMap(([common, forms]) => forms.map((form) => [form, common])),
)
const ANY_REGISTER_FORM = new RegExp(
  Object.keys(COMMON_FORMS)
    .sort((one, other) => other.length - one.length)
    .join('|'),
  'gu',
)

/** The same name in the common forms. */
export function inCommonForm(kanji: string): string {
  return kanji.replace(ANY_REGISTER_FORM, (form) => COMMON_FORMS[form] ?? form)
}

/** Characters that systems kept to JIS X 0208 can't write. */
export const BEYOND_JIS =
  /[髙﨑邉濵嵜嶌德栁圡瀨淸⻆\u{f9dc}\u{fa4f}\u{fa19}\u{fa1b}\u{fa10}\u{20bb7}][\u{e0100}-\u{e01ef}]?|.[\u{e0100}-\u{e01ef}]/gu
