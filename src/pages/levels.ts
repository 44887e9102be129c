import { html } from 'hono/html'
import type { Fit, Level } from '../alignment/index.ts'
import { ITEMS, type Item } from '../vocabulary/index.ts'
import type { Page } from './page.ts'
import { shown } from './shown.ts'

/** What each level is called, everywhere alike. */
export const LEVEL_NAMES: Record<Level, { ja: string; en: string }> = {
  'national-conformant': { ja: '適合', en: 'conformant' },
  convertible: { ja: '変換可能', en: 'convertible' },
  readable: { ja: '閲覧のみ', en: 'readable' },
  nonconformant: { ja: '不適合', en: 'nonconformant' },
}

/** The levels in one sentence. */
export const LEVEL_SENTENCE =
  '適合＝そのままで国の形式に合う。変換可能＝コードや単位を足せば合う。閲覧のみ＝人が読める。不適合＝規則に反する。'

const MAPS_SHOWN = 3
const MAP_CHARS_MAX = 60

/** How far a record fits the national set, in words; for an item of that set only, since the others have no form there. */
export function fitMark(item: Item, fit: Fit | undefined): Page {
  if (fit === undefined || !ITEMS[item].national) return html``
  const { level, maps, broken } = fit
  const left = maps.length - MAPS_SHOWN
  return html`<p class="fit" data-level="${level}">国の形式：${LEVEL_NAMES[level].ja}${
    broken === 0 ? '' : `（規則${broken}件）`
  }${
    maps.length === 0
      ? ''
      : html`<span class="nowrap">（対応表 ${maps
          .slice(0, MAPS_SHOWN)
          .map(
            (map, at) => html`${at > 0 ? '、' : ''}${shown(map, MAP_CHARS_MAX)}`,
          )}${left > 0 ? `ほか${left}` : ''}）</span>`
  }</p>`
}
