import type { Script, WrittenName } from './demographics.ts'
import { exactKana, foldExactKana } from './fold-kana.ts'
import { isLatin } from './fold-latin.ts'
import { surnameLength } from './split-name.ts'

/** One written name, taken apart, in its script. */
export interface ReadName {
  script: Script
  kind: WrittenName['kind']
  family?: string | undefined
  /** First name first. */
  given: readonly string[]
  /** Set where family and given name are a guess, or were not to be parted. */
  whole?: string | undefined
  /** A former surname that was written beside it: 山田（旧姓佐藤）. */
  formerFamily?: string | undefined
}

const SPACE = /[\s\u3000]+/u
const KANA_ONLY = /^[\p{scx=Hiragana}\p{scx=Katakana}\s・ー]+$/u
const BRACKETS = /[(（〔[［【]([^)）〕\]］】]*)[)）〕\]］】]?/gu
/** Without any of these there is nothing to tidy. */
const UNTIDY = /[\s(（〔［[【]/u
const OLD = /[旧元]/u
const FORMER = /^\s*(?:旧姓?|元)[\s:：]*(.+)$/u
/** What letters and labels put behind a name. */
const TITLE = /(?<=.)(?:様|殿|氏)$/u

/** A part without any of these is a name as it stands. */
const WORTH_A_LOOK = /[\s(（〔［[【旧元様殿氏]/u

/** Reads a name by its marks, its letters and its spaces; `reading` helps to part a name written without one. */
export function readName(written: WrittenName, reading?: ReadName): ReadName | undefined {
  return readParted(written) ?? readClosely(written, reading)
}

/** What most sources send: a family name and a given name, with nothing to take away. */
function readParted({ kind, script, family, given, whole }: WrittenName): ReadName | undefined {
  if (!isPlain(family) || given?.length !== 1 || !isPlain(given[0])) return undefined
  if (whole !== undefined && OLD.test(whole)) return undefined
  return { script: scriptOf(script, family + given[0]), kind, formerFamily: undefined, family, given }
}

function isPlain(part: string | undefined): part is string {
  return part !== undefined && part !== '' && !WORTH_A_LOOK.test(part)
}

function readClosely(written: WrittenName, reading: ReadName | undefined): ReadName | undefined {
  const former = formerFamilyIn(written)
  const family = bare(written.family)
  const given = (written.given ?? []).flatMap((each) => withoutTitle(bare(each)) ?? [])
  const isOne = given.length === 0 && (family === undefined || SPACE.test(family))
  const whole = isOne ? withoutTitle(family ?? bare(written.whole)) : undefined
  const letters = whole ?? `${family ?? ''}${given.join('')}`
  if (letters === '') return undefined
  const script = scriptOf(written.script, letters)
  const name = { script, kind: written.kind, formerFamily: former }
  if (whole === undefined)
    return {
      ...name,
      family,
      given: given.some((each) => SPACE.test(each)) ? given.flatMap((each) => each.split(SPACE)) : given,
    }
  return { ...name, ...partsOf(whole, name.script, reading) }
}

/** By its letters: marks are often those of another name; an unmarked name in kana alone is a reading. */
function scriptOf(mark: Script | undefined, letters: string): Script {
  if (isLatin(letters)) return 'ABC'
  return mark ?? (KANA_ONLY.test(letters.normalize('NFKC')) ? 'SYL' : 'IDE')
}

function partsOf(
  whole: string,
  script: Script,
  reading: ReadName | undefined,
): Pick<ReadName, 'family' | 'given' | 'whole'> {
  const [family = '', ...given] = whole.split(/[,，、]\s*/u)
  if (given.length === 1) return { family, given: given.flatMap((each) => each.split(SPACE)) }
  const [first = '', ...others] = whole.split(SPACE)
  if (others.length > 0) {
    // In Latin letters either may come first, and either may be of several words.
    const isGuess = script === 'ABC' || others.length > 1
    return { family: first, given: others, whole: isGuess ? whole : undefined }
  }
  const known = reading?.family === undefined ? undefined : exactKana(reading.family)
  const length = script === 'IDE' ? surnameLength(whole, known && foldExactKana(known)) : undefined
  if (length === undefined) return { given: [], whole }
  return { family: whole.slice(0, length), given: [whole.slice(length)], whole }
}

function formerFamilyIn({ family = '', given = [], whole = '' }: WrittenName): string | undefined {
  const text = given.length === 0 ? family + whole : `${family}${whole}${given.join('')}`
  if (!OLD.test(text)) return undefined
  for (const [, inside = ''] of text.matchAll(BRACKETS)) {
    const former = FORMER.exec(inside)?.[1]
    if (former !== undefined) return former.trim()
  }
  return undefined
}

function bare(text: string | undefined): string | undefined {
  if (text === undefined || !UNTIDY.test(text)) return text === '' ? undefined : text
  const plain = text.replace(BRACKETS, ' ').trim()
  return plain === '' ? undefined : plain
}

/** Behind a given name only: 鵜殿 is a surname. */
function withoutTitle(text: string | undefined): string | undefined {
  return text !== undefined && TITLE.test(text) ? text.replace(TITLE, '').trim() : text
}
