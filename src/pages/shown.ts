import { html } from 'hono/html'
import type { Page } from './page.ts'

export const NAME_CHARS_MAX = 100
export const TITLE_CHARS_MAX = 120
export const DETAIL_CHARS_MAX = 300

const UNKNOWN = '不明'
const CUT = '…（以下略）'

/** Characters that change how others are shown, or are not shown at all; variation selectors of kanji are kept. */
const UNSHOWABLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu

const graphemes = new Intl.Segmenter('ja', { granularity: 'grapheme' })

/**
 * Text from outside, isolated so that it cannot turn its surroundings round. A control character shows as �, and
 * what is too long is cut between two characters as people see them, with a word that it was.
 */
export function shown(text: string | undefined, charsMax: number = TITLE_CHARS_MAX): Page {
  if (text === undefined || text.trim() === '') return html`${UNKNOWN}`
  const { kept, isCut } = cut(text.replace(UNSHOWABLE, '\ufffd'), charsMax)
  return html`<bdi>${kept}</bdi>${isCut ? html`<span class="cut">${CUT}</span>` : ''}`
}

/** No character people see needs more than a few code units; beyond that nothing is looked at. */
const UNITS_PER_CHAR = 8

function cut(text: string, charsMax: number): { kept: string; isCut: boolean } {
  if (text.length <= charsMax) return { kept: text, isCut: false }
  let end = 0
  let count = 0
  for (const { segment, index } of graphemes.segment(text.slice(0, charsMax * UNITS_PER_CHAR))) {
    if (count === charsMax || segment.length > UNITS_PER_CHAR * 4) break
    count++
    end = index + segment.length
  }
  return { kept: text.slice(0, end), isCut: end < text.length }
}
