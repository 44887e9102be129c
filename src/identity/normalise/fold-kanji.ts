import { CONFUSABLE, DROPPED, FORMS, NAME_UNITS, PLACE_UNITS, SPECIAL, UNREADABLE } from './kanji-tables.ts'

/** 佐々木 is 佐佐木; いすゞ is いすず. */
const REPEATS = '々〻ゝヽ'
const VOICED_REPEATS = 'ゞヾ'
const VOICED = '\u3099'

/** What a surname or town writes in several ways. */
const SMALL_WORDS: ReadonlyMap<string, string> = new Map([
  ...[...'ヶヵケがガ'].map((word) => [word, 'ケ'] as const),
  ...[...'之ノの'].map((word) => [word, 'ノ'] as const),
  ...[...'ッツっつ'].map((word) => [word, 'ツ'] as const),
])
const SMALL_WORD = /[ヶヵケがガ之ノのッツっつ]/u
const CONFUSABLE_CHARACTER = new RegExp(`[${[...CONFUSABLE.keys()].join('')}]`, 'u')
const HAN = /\p{Script=Han}/u
const LEGIBLE = /[^●]/u

/** A character with its variation selector, if any, after NFKC. */
const CHARACTERS = /.[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]?/gsu
const SELECTOR = /[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]/u
const INVISIBLE = /[\s\p{Cc}\p{Cf}\p{M}・]/u
const ILLEGIBLE = /[\p{Co}\p{Cs}\p{Cn}]/u

/**
 * The comparison form of a name in kanji: compatibility forms and variants folded (`kanji-fold.tsv`), repeat marks
 * written out, without spaces, `●` for each character that could not be read. Undefined when nothing is legible.
 */
export function foldKanji(name: string): string | undefined {
  return fold(name, NAME_UNITS)
}

/** A surname has more spellings of its small words: 三ツ橋 and 三ッ橋, 一之瀬 and 一ノ瀬, 関ヶ原 and 関が原. */
export function foldSurname(name: string): string | undefined {
  const folded = fold(name, NAME_UNITS)
  return folded === undefined ? undefined : foldSmallWords(folded)
}

/** As a surname, but without those folds that make two towns one (台 and 臺 are different places). */
export function foldPlace(name: string): string | undefined {
  const folded = fold(name, PLACE_UNITS)
  return folded === undefined ? undefined : foldSmallWords(folded)
}

/**
 * One form for characters that clerks take for each other (斉 斎, 桧 檜, 籠 篭), given what `foldKanji` returned.
 * They are different names: equal only together with an equal reading.
 */
export function foldConfusable(folded: string): string {
  if (!CONFUSABLE_CHARACTER.test(folded)) return folded
  let form = ''
  for (const character of folded) form += CONFUSABLE.get(character) ?? character
  return form
}

function fold(name: string, units: Uint16Array): string | undefined {
  let folded = ''
  for (let at = 0; at < name.length; at++) {
    const unit = units[name.charCodeAt(at)] ?? SPECIAL
    if (unit === SPECIAL) return foldSlowly(name, units)
    if (unit !== DROPPED) folded += String.fromCharCode(unit)
  }
  return LEGIBLE.test(folded) ? folded : undefined
}

/** For whatever the table does not settle: other scripts, selectors, half width, repeat marks, broken text. */
function foldSlowly(name: string, units: Uint16Array): string | undefined {
  let folded = ''
  let last = ''
  for (const [shape] of name.normalize('NFKC').toUpperCase().matchAll(CHARACTERS)) {
    if (VOICED_REPEATS.includes(shape)) last = voiced(last)
    else if (!REPEATS.includes(shape))
      last = shapeForm(shape) ?? foldCharacter(shape.replace(SELECTOR, ''), units)
    folded += last
  }
  return LEGIBLE.test(folded) ? folded : undefined
}

/** か becomes が; what has no voiced sound stays. */
function voiced(character: string): string {
  const one = (character + VOICED).normalize('NFC')
  return one.length === character.length ? one : character
}

/** A few shapes have a form other than that of the character they are a shape of. */
function shapeForm(shape: string): string | undefined {
  return SELECTOR.test(shape) ? FORMS.get(shape) : undefined
}

function foldCharacter(character: string, units: Uint16Array): string {
  const unit = character.length === 1 ? (units[character.charCodeAt(0)] ?? SPECIAL) : SPECIAL
  if (unit === DROPPED || INVISIBLE.test(character)) return ''
  if (unit !== SPECIAL) return String.fromCharCode(unit)
  return ILLEGIBLE.test(character) ? UNREADABLE : (FORMS.get(character) ?? character)
}

/** Between or after kanji only: a name in kana is left as it is. */
function foldSmallWords(name: string): string {
  if (!SMALL_WORD.test(name)) return name
  let folded = ''
  for (const character of name) {
    const word =
      HAN.test(folded.at(-1) ?? '') || folded.endsWith('●') ? SMALL_WORDS.get(character) : undefined
    folded += word ?? character
  }
  return folded
}
