import { foldPlace } from './fold-kanji.ts'

export interface Area {
  /** Seven digits. */
  postalCode: string | undefined
  /** Municipality and town as far as they were written, without the prefecture. */
  town: string
  /** The municipality's five digits (全国地方公共団体コード), where the dictionary knows it. */
  cityCode?: string | undefined
  /** The town's key in the dictionary: old and new names of one town have the same. */
  townKey?: string | undefined
}

export interface Address extends Area {
  /** 丁目, 番地 and 号 as `2-3-4`; at least down to 番地. */
  lot: string
  /** The room, where one was written. */
  room?: string | undefined
}

const PREFECTURE = /^(北海道|東京都|京都府|大阪府|.{2,3}県)/u
const POSTAL_CODE = /^(〒\s*)?\d{3}-?\d{4}(?!\d|-\d)\s*/u
const DASH = /(?<=\d)[‐‑‒–—―−ー]/gu
const KANJI_NUMBER =
  /(?<![百千〇一二三四五六七八九十])[〇一二三四五六七八九十]+(?=丁目|番地|番(?![町丁街館])|号)/gu
/** Where the number belongs to the town's name: 北1条, 5線, 12地割, 3番町. */
const TOWN_NUMBER = /^\D*?\d+(条|線|地割|番[町丁街])/u
/** A room is written after a space, a building's name or 号室, and is not part of the lot. */
const LOT = /^(\d+)((?:(?:丁目|番地?[のノ之]?|号の|-|[のノ之])\d+(?!\d|号[室棟館]))*)(丁目|番地|番|号)?/u

/** A number alone names a lot only when it is too high for a 丁目, or says that it is one. */
const CHOME_MAX = 99
const LOT_PARTS_MAX = 3

/**
 * An address down to 番地, without building and room; undefined when it does not reach that far: a town alone
 * confirms nobody. First version: without a dictionary of towns, so the town is whatever stands before the number.
 */
export function foldAddress(text: string, postalCode: string | undefined): Address | undefined {
  const plain = text
    .normalize('NFKC')
    .trim()
    .replace(DASH, '-')
    .replace(POSTAL_CODE, '')
    .replace(PREFECTURE, '')
    .replace(KANJI_NUMBER, arabic)
    .replace(/丁目\s+(?=\d)/gu, '丁目')
    .replace(/(番地?)\s+(?=\d+号(?![室棟館]))/gu, '$1')
  const named = TOWN_NUMBER.exec(plain)?.[0] ?? ''
  const start = plain.slice(named.length).search(/\d/)
  if (start < 0) return undefined
  const town = foldTown(named + plain.slice(named.length, named.length + start))
  const lot = lotOf(plain.slice(named.length + start))
  if (town === undefined || lot === undefined) return undefined
  return { postalCode: digitsOf(postalCode), town, lot }
}

/** Postal code and lot, or the whole name of the town and the lot; where both have both, both must agree. */
export function isSameAddress(a: Address, b: Address): boolean {
  if (a.lot !== b.lot) return false
  if (a.postalCode !== undefined && b.postalCode !== undefined) {
    return a.postalCode === b.postalCode && (a.town.endsWith(b.town) || b.town.endsWith(a.town))
  }
  return a.town === b.town && /.[市郡区]./u.test(a.town)
}

function lotOf(text: string): string | undefined {
  const match = LOT.exec(text)
  if (match === null) return undefined
  const [, first = '', rest = '', unit] = match
  const parts = [first, ...(rest.match(/\d+/g) ?? [])].map(Number)
  if (parts.length === 1 && (unit === '丁目' || (unit === undefined && Number(first) <= CHOME_MAX)))
    return undefined
  return parts.slice(0, LOT_PARTS_MAX).join('-')
}

/** Undefined where there is none, or a character of it could not be read. */
function foldTown(town: string): string | undefined {
  const folded = foldPlace(town.replace(/大字|小字/gu, ''))
  return folded?.includes('●') ? undefined : folded
}

/** 二丁目, 十二番, 三十九号, 一二号. */
function arabic(kanji: string): string {
  const digit = (character: string) => '〇一二三四五六七八九'.indexOf(character)
  if (!kanji.includes('十')) return [...kanji].map(digit).join('')
  const [tens = '', ones = ''] = kanji.split('十')
  return String((tens === '' ? 1 : digit(tens)) * 10 + (ones === '' ? 0 : digit(ones)))
}

function digitsOf(postalCode: string | undefined): string | undefined {
  const digits = postalCode?.normalize('NFKC').replace(/\D/gu, '')
  return digits !== undefined && /^\d{7}$/.test(digits) ? digits : undefined
}
