export interface Lot {
  /** 丁目, 番地 and 号 as `2-3-4`; undefined when it does not reach 番地. */
  lot: string | undefined
  room: string | undefined
}

/** Without any of these there is nothing to spell out. */
const SPELLED = /[〇一二三四五六七八九十百千‐‑‒–—―−ー\s]/u
const DASH = /(?<=\d)[‐‑‒–—―−ー](?=\d|[^\d\sァ-ヿ]|$)/gu
/** A numeral, unless it is part of a word: 二千代ビル. */
const KANJI_NUMBER =
  /[〇一二三四五六七八九十百千]+(?=丁目|番地|番(?![丁町街館])|号|[-‐‑‒–—―−ーノの之]?(?:\d|[〇一二三四五六七八九十百千]|$))/gu
const CHOME_SPACE = /丁目\s+(?=\d)/gu
const NUMBER_SPACE = /(番地?)\s+(?=\d+号(?![室棟館]))/gu
const DASH_SPACE = /(?<=\d)\s*-\s*(?=\d)/gu
/** A room is written after a space, a building's name or 号室, and is not part of the lot. */
const LOT = /^(\d+)((?:(?:丁目|番地?[のノ之-]?|号の|-|[のノ之])\d+(?!\d|号[室棟館]))*)(丁目|番地|番|号)?/u
const ROOM = /(?<![\d-])([A-Z]?-?\d{1,5}[A-Z]?)\s*(?:号室|号|室)?\s*$/u

/** A number alone names a lot only when it is too high for a 丁目, or says that it is one. */
const CHOME_MAX = 99
const LOT_PARTS_MAX = 3
/** The third number behind a high 番地 is a room when it is as high as rooms are. */
const ROOM_MIN = 100

/** What stands behind the town: numbers in all their spellings, then building and room. */
export function foldLot(text: string): Lot {
  const plain = SPELLED.test(text) ? spelled(text) : text
  const match = LOT.exec(plain)
  if (match === null) return { lot: undefined, room: undefined }
  const [whole, first = '', rest = '', unit] = match
  const parts = [first, ...(rest.match(/\d+/g) ?? [])].map(Number)
  if (parts.length === 1 && (unit === '丁目' || (unit === undefined && Number(first) <= CHOME_MAX))) {
    return { lot: undefined, room: undefined }
  }
  const [high = 0, , third = 0] = parts
  const isRoomThird = parts.length === 3 && high > CHOME_MAX && third >= ROOM_MIN
  const length = isRoomThird ? 2 : LOT_PARTS_MAX
  const roomPart = parts[length]
  return {
    lot: parts.slice(0, length).join('-'),
    room: roomPart === undefined ? roomOf(plain.slice(whole.length)) : String(roomPart),
  }
}

function spelled(text: string): string {
  return text
    .replace(KANJI_NUMBER, arabic)
    .replace(DASH, '-')
    .replace(DASH_SPACE, '-')
    .replace(CHOME_SPACE, '丁目')
    .replace(NUMBER_SPACE, '$1')
}

function roomOf(text: string): string | undefined {
  return ROOM.exec(text.toUpperCase())?.[1]?.replace('-', '')
}

const DIGITS = '〇一二三四五六七八九'
const UNITS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 }

/** 二, 十二, 三十九, 百二十, 一二. */
function arabic(kanji: string): string {
  if (!/[十百千]/u.test(kanji)) return [...kanji].map((each) => DIGITS.indexOf(each)).join('')
  let total = 0
  let digit = 0
  for (const each of kanji) {
    const unit = UNITS[each]
    if (unit === undefined) digit = DIGITS.indexOf(each)
    else {
      total += (digit === 0 ? 1 : digit) * unit
      digit = 0
    }
  }
  return String(total + digit)
}
