import type { WrittenAddress } from '../sources/draft.ts'
import { fullWidth } from '../sources/spoil-name.ts'

const KANJI_DIGITS = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九']

/** Town and lot, in the style of whoever wrote it. */
export function townAndLot({ town, chome, lot, style }: WrittenAddress): string {
  if (lot === undefined) return chome === 0 ? town : `${town}${chome}丁目`
  switch (style) {
    case 'words':
      return chome === 0 ? `${town}${lot.ban}番地${lot.go}` : `${town}${chome}丁目${lot.ban}番${lot.go}号`
    case 'hyphens':
      return `${town}${hyphens(chome, lot)}`
    case 'full-width':
      return `${town}${hyphens(chome, lot).replace(/\d/g, fullWidth).replaceAll('-', '－')}`
    case 'kanji-chome':
      return chome === 0
        ? `${town}${lot.ban}番地の${lot.go}`
        : `${town}${KANJI_DIGITS[chome]}丁目${lot.ban}-${lot.go}`
    case 'lot-words':
      return chome === 0 ? `${town}${lot.ban}番地${lot.go}号` : `${town}${chome}丁目${lot.ban}番地${lot.go}`
  }
}

function hyphens(chome: number, { ban, go }: { ban: number; go: number }): string {
  return chome === 0 ? `${ban}-${go}` : `${chome}-${ban}-${go}`
}

/** Building and room, where there is one. */
export function buildingAndRoom({ building, room, style }: WrittenAddress): string | undefined {
  if (building === undefined) return undefined
  return style === 'words' ? `${building}${room}号室` : `${building} ${room}`
}

export function wholeAddress(address: WrittenAddress): string {
  const building = buildingAndRoom(address)
  const prefecture = address.hasPrefecture ? '神奈川県' : ''
  return `${prefecture}${address.city}${townAndLot(address)}${building === undefined ? '' : `　${building}`}`
}
