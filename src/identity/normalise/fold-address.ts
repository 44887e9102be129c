import type { WrittenAddress } from './demographics.ts'
import { foldPlace } from './fold-kanji.ts'
import { foldLot } from './fold-lot.ts'
import { findPlace, isPostalCodeElsewhere } from './gazetteer.ts'
import { remembered } from './remembered.ts'

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

const PREFECTURE = /^(北海道|東京都|京都府|大阪府|(?:神奈川|和歌山|鹿児島|.{2})県)\s*/u
const POSTAL_CODE = /^(〒\s*)?\d{3}[-‐‑‒–—―−ー]?\d{4}(?!\d|[-‐‑‒–—―−ー]\d)\s*/u
const FILLER = /^(\d)\1{6}$/
const LARGE_OR_SMALL = /大字|小字/gu
/** Where the number belongs to the town's name: 北1条, 5線, 12地割, 3番町. */
const TOWN_NUMBER = /^\D*?\d+(条|線|地割|番[町丁街])/u
const FIRST_NUMBER = /\d|[〇一二三四五六七八九十百千]+(?=丁目|番地|番(?![町丁街館])|号)/u
/** Directly behind a town of the dictionary: a number, or 字 and what it is called; else the town is another one. */
const NUMBER_NEXT = /^\s*(?:(?:大字|小字|字)\D*?)?(?=[\d〇一二三四五六七八九十百千])/u
const NOTHING_NEXT = /^\s*$/u

/**
 * An address in parts. `address` where it reaches 番地; `area` where it does not, since a town alone confirms nobody.
 * With the dictionary as far as that goes; beyond it the town is whatever stands before the number.
 */
export function foldAddress(written: Omit<WrittenAddress, 'isFormer'>): { address?: Address; area?: Area } {
  const { text, prefecture } = textOf(written)
  const sent = written.postalCode === undefined ? undefined : postalCodeOf(written.postalCode)
  const place = findPlace(text, prefecture, sent)
  const postalCode = sent !== undefined && isPostalCodeElsewhere(sent, place?.cityCode) ? undefined : sent
  const { town, townKey, rest } = townOf(text, place)
  if (town === undefined) return {}
  const area = { postalCode, town, cityCode: place?.cityCode, townKey }
  const { lot, room } = foldLot(rest)
  return lot === undefined ? { area } : { address: { ...area, lot, room } }
}

/** All parts in one, each once: systems that have parts still write everything into the last. */
function textOf(written: Omit<WrittenAddress, 'isFormer'>): { text: string; prefecture: string | undefined } {
  const plain = (written.text ?? '').normalize('NFKC').trim().replace(POSTAL_CODE, '')
  const named = written.prefecture === undefined ? undefined : prefectureOf(written.prefecture)
  const inText = PREFECTURE.exec(plain)
  const body = inText === null ? plain : plain.slice(inText[0].length)
  const city = written.city === undefined ? '' : cityOf(written.city)
  const text = body.startsWith(city) ? body : city + body
  return { text, prefecture: inText?.[1] ?? (named === '' ? undefined : named) }
}

const prefectureOf = remembered((prefecture) => prefecture.normalize('NFKC').trim())
const cityOf = remembered((city) => city.normalize('NFKC').trim().replace(PREFECTURE, ''))

function townOf(
  text: string,
  place: ReturnType<typeof findPlace>,
): { town: string | undefined; townKey?: string | undefined; rest: string } {
  const behind = text.slice(place?.end ?? 0)
  const number = NUMBER_NEXT.exec(behind)
  if (place?.whole !== undefined && (number !== null || NOTHING_NEXT.test(behind))) {
    const rest = behind.slice(number?.[0].length ?? behind.length)
    return { town: place.whole, townKey: place.townKey, rest }
  }
  const named = TOWN_NUMBER.exec(behind)?.[0] ?? ''
  const start = behind.slice(named.length).search(FIRST_NUMBER)
  const end = start < 0 ? behind.length : named.length + start
  const name = foldTown(behind.slice(0, end))
  if (name === undefined && place === undefined) return { town: undefined, rest: '' }
  if (name === '●') return { town: undefined, rest: '' }
  const town = `${place?.whole ?? place?.municipality ?? ''}${name ?? ''}`
  return { town, rest: behind.slice(end) }
}

/** `●` where a character of it could not be read. */
function foldTown(town: string): string | undefined {
  const folded = foldPlace(town.replace(LARGE_OR_SMALL, ''))
  return folded?.includes('●') ? '●' : folded
}

const postalCodeOf = remembered((postalCode) => {
  const digits = postalCode.normalize('NFKC').replace(/\D/gu, '')
  return /^\d{7}$/.test(digits) && !FILLER.test(digits) ? digits : undefined
})
