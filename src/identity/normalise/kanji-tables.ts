import { readFileSync } from 'node:fs'
import CONFUSABLE_GROUPS from './confusable-kanji.json' with { type: 'json' }

/** Written for each character that could not be read: whoever compares may take it for any one character. */
export const UNREADABLE = '●'

/** In a table of UTF-16 units: nothing is left of it; and: it takes a closer look than a table. */
export const DROPPED = 0
export const SPECIAL = 0xffff

/** What systems write for a character they do not have. */
const UNREADABLE_MARKS = '●〓□■○◯?？＊*\uFFFD'

/** Where MJ's choice among equals is not the one that people make. */
const OURS: readonly (readonly [string, string])[] = [['尓', '爾']]

/** Characters that stand for several of the older ones (弁: 辨 辯 瓣): the same person's name, not the same town. */
const LOSSY = '弁予芸台糸余欠'

/** A variant (a character, or one with its variation selector) and the form it folds to. */
export const FORMS: ReadonlyMap<string, string> = new Map([...formsIn('kanji-fold.tsv'), ...OURS])

/** Lines that start with # are remarks. */
function* formsIn(file: string): Generator<[string, string]> {
  const text = readFileSync(new URL(`./${file}`, import.meta.url), 'utf8')
  for (const [, variant = '', form = ''] of text.matchAll(/^([^#\t\n]+)\t([^\t\n]+)/gmu))
    yield [variant, form]
}

/** The character that stands for its confusable group. */
export const CONFUSABLE: ReadonlyMap<string, string> = new Map(
  CONFUSABLE_GROUPS.flatMap((group) => {
    const [first = '', ...others] = [...group]
    return others.map((other): [string, string] => [other, first])
  }),
)

/** By UTF-16 unit: the unit it folds to, DROPPED or SPECIAL. One for names, one for places. */
export const NAME_UNITS = unitsOf('')
export const PLACE_UNITS = unitsOf(LOSSY)

/** Variants of what is `kept` do not fold to it. */
function unitsOf(kept: string): Uint16Array {
  const units = new Uint16Array(0x1_0000).fill(SPECIAL)
  const keep = (first: number, last: number) => {
    for (let unit = first; unit <= last; unit++) units[unit] = unit
  }
  keep(0x3400, 0x4dbf)
  keep(0x4e00, 0x9fff)
  keep(0x3041, 0x3096)
  keep(0x30a1, 0x30fa)
  keep(0x30fc, 0x30fc)
  keep(0x30, 0x39)
  keep(0x41, 0x5a)
  for (let unit = 0x61; unit <= 0x7a; unit++) units[unit] = unit - 0x20
  for (const space of ' \u3000・') units[space.charCodeAt(0)] = DROPPED
  for (const mark of UNREADABLE_MARKS) units[mark.charCodeAt(0)] = UNREADABLE.charCodeAt(0)
  for (const [variant, form] of FORMS) {
    if (variant.length > 1 || kept.includes(form)) continue
    units[variant.charCodeAt(0)] = form.length === 1 ? form.charCodeAt(0) : SPECIAL
  }
  return units
}
