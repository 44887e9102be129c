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

/** The project's own maps and rules; any other is shown by its own name. */
const MAP_NAMES = new Map([
  ['oid-url', 'OIDの読替え'],
  ['url-oid', 'OIDへの読替え'],
  ['jlac10-group', 'JLAC10から国の検査項目'],
  ['group-jlac10', '国の検査項目からJLAC10'],
  ['yj-ingredient', 'YJから成分'],
  ['hot13-hot9', 'HOT13からHOT9'],
  ['hot9-yj', 'HOT9からYJ'],
  ['jfagy-yj', 'J-FAGYからYJ'],
  ['jfagy-ingredient', 'J-FAGYから成分'],
  ['section-1.5.4', '節コードの読替え'],
  ['unit', '単位'],
  ['qualitative', '定性結果'],
  ['fill-in', '要素の補完'],
])

const MAPS_SHOWN = 3
const MAP_CHARS_MAX = 60

/** How far a record fits the national set, in words; for an item of that set only, since the others have no form there. */
export function fitMark(item: Item, fit: Fit | undefined): Page {
  if (fit === undefined || !ITEMS[item].national) return html``
  const { level, maps, broken } = fit
  const rules = broken === 0 ? '' : `（規則${broken}件）`
  return html`<p class="fit" data-level="${level}">国の形式：${LEVEL_NAMES[level].ja}${rules}${mapWords(maps)}</p>`
}

function mapWords(maps: readonly string[]): Page {
  if (maps.length === 0) return html``
  const names = maps.slice(0, MAPS_SHOWN).map((map) => shown(MAP_NAMES.get(map) ?? map, MAP_CHARS_MAX))
  const left = maps.length - names.length
  return html`（変換：${names.map((name, at) => html`${at > 0 ? '、' : ''}${name}`)}${left > 0 ? `ほか${left}` : ''}）`
}
