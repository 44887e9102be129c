import { html } from 'hono/html'
import { LEVELS, type Level } from '../alignment/index.ts'
import { momentText } from './dates.ts'
import { LEVEL_NAMES, LEVEL_SENTENCE } from './levels.ts'
import { document, type Page } from './page.ts'
import { NAME_CHARS_MAX, shown } from './shown.ts'

type Levels = Record<Level, { count: number }>

/** How far a network's records fit the national set, as it was counted. */
export interface AlignmentModel {
  /** The network's name; its id stands in `region`. */
  name: string
  region: string
  at: Date
  /** First and last day counted. */
  from: string
  until: string
  records: number
  levels: Levels
  items: { item: string; ja: string; records: number; levels: Levels }[]
  rules: { rule: string; records: number }[]
  codes: {
    mapped: number
    unmapped: number
    top: { system: string; code: string; records: number }[]
  }
  trend: { day: string; records: number; levels: Levels }[]
}

/** Fewer records than that might tell of somebody: anybody may open the page, so their number is not said. */
const CELL_MIN = 10
/** Exact numbers beside a hidden one would give it as what is left, so each is rounded by itself, totals too. */
const ROUNDED_TO = 10
/** Of fewer records than the first, rounding leaves no share worth telling; than the second, none to one per cent. */
const SHARE_BASE_MIN = 100
const FINE_BASE_MIN = 1_000
const COARSE_PERCENT = 5
const CODE_CHARS_MAX = 120
const DAYS_A_WEEK = 7

/** One network's readiness for the national three documents and six data, to read and to print. */
export function alignmentPage(model: AlignmentModel): Page {
  const { name, region, at, from, until, records } = model
  return document(
    { title: `国の形式への適合状況（${region}）` },
    html`<header class="product"><p class="product-name">つなぎ</p><p>地域医療介護連携ネットワーク 相互参照</p></header>
<main class="sheet figures">
<h1>国の形式への適合状況 ${english('Readiness for the national data set')}</h1>
<p><strong>${shown(name, NAME_CHARS_MAX)}</strong> <span class="muted">${region}</span></p>
<p class="muted">集計期間 ${english('counted')} <time datetime="${from}">${from}</time> ～ <time datetime="${until}">${until}</time>、作成 ${english('made')} <time datetime="${at.toISOString()}">${momentText(at.toISOString())}</time></p>
<p>3文書6情報などの共有項目として、この期間に照会へ提供された記録が、国の形式にどこまで合っていたかの集計です。同じ記録も、提供のたびに数えます。数は合計も含めてそれぞれ${ROUNDED_TO}件単位に丸め、割合は丸めた数から求めるので、内訳の和は合計と合わないことがあります。${CELL_MIN}件未満の数は「&lt;${CELL_MIN}」とし、${CELL_MIN}件未満の規則とコードは載せません。 ${english(`Records given in answers, by how far they fit; one given twice counts twice. Every number is rounded to ${ROUNDED_TO} by itself, shares follow from rounded numbers, and parts may not add up. Numbers below ${CELL_MIN} are not told.`)}</p>
${records === 0 ? html`<p class="notice">この期間に集計した記録はありません。 ${english('Nothing was counted.')}</p>` : figures(model)}
<p><a href="/status/alignment">ほかのネットワーク ${english('other networks')}</a>　<a href="/status">接続状況 ${english('network status')}</a></p>
</main>`,
  )
}

function figures({ records, levels, items, rules, codes, trend }: AlignmentModel): Page {
  const manyRules = rules.filter((row) => row.records >= CELL_MIN)
  const manyCodes = codes.top.filter((row) => row.records >= CELL_MIN)
  return html`<h2>全体 ${english('All records')}</h2>
${levelTable('全体の水準', [{ name: html`全体 ${english('all')}`, records, levels }])}
<h2>項目ごと ${english('By item')}</h2>
${levelTable(
  '項目ごとの水準',
  items.map((row) => ({
    name: html`${row.ja} ${english(row.item)}`,
    records: row.records,
    levels: row.levels,
  })),
)}
<h2>推移（週ごと） ${english('Trend, by week')}</h2>
${levelTable(
  '週ごとの水準',
  weeksOf(trend).map((week) => ({ name: html`<time datetime="${week.day}">${week.day}</time> ～`, ...week })),
)}
<h2>多い規則違反 ${english('Rules broken most')}</h2>
${countTable(
  '多い規則違反',
  '規則',
  'rule',
  manyRules.map(({ rule, records }) => ({ name: rule, records })),
)}
<h2>国のコードに対応づけられないコード ${english('Codes without a national counterpart')}</h2>
<p>対応づけ済み ${english('mapped')} <strong>${coverageOf(codes)}</strong>（${counted(codes.mapped)}件、未対応 ${english('unmapped')} ${counted(codes.unmapped)}件）</p>
${countTable(
  '対応づけられないコード',
  'コード体系とコード',
  'system and code',
  manyCodes.map(({ system, code, records }) => ({ name: `${system} | ${code}`, records })),
)}
<p class="muted">水準：${LEVEL_SENTENCE}</p>`
}

/** Which networks there are to look at. */
export function alignmentListPage(regions: readonly { id: string; name: string }[]): Page {
  return document(
    { title: '国の形式への適合状況' },
    html`<header class="product"><p class="product-name">つなぎ</p><p>地域医療介護連携ネットワーク 相互参照</p></header>
<main class="sheet figures">
<h1>国の形式への適合状況 ${english('Readiness for the national data set')}</h1>
<ul>${regions.map(({ id, name }) => html`<li><a href="/status/alignment/${id}">${shown(name, NAME_CHARS_MAX)}</a> <span class="muted">${id}</span></li>`)}</ul>
${regions.length === 0 ? html`<p class="notice">ネットワークはまだありません。 ${english('No network yet.')}</p>` : ''}
<p><a href="/status">接続状況 ${english('network status')}</a></p>
</main>`,
  )
}

function english(text: string): Page {
  return html`<span class="muted" lang="en">${text}</span>`
}

interface LevelRow {
  name: Page
  records: number
  levels: Levels
}

function levelTable(caption: string, rows: readonly LevelRow[]): Page {
  return html`<table>
<caption class="visually-hidden">${caption}</caption>
<thead><tr><th scope="col"><span class="visually-hidden">${caption}</span></th><th scope="col" class="number">記録 ${english('records')}</th>${LEVELS.map((level) => html`<th scope="col" class="number">${LEVEL_NAMES[level].ja} ${english(LEVEL_NAMES[level].en)}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({
      name,
      records,
      levels,
    }) => html`<tr><th scope="row">${name}</th><td class="number">${counted(records)}</td>${LEVELS.map((level) => levelCell(levels[level], records))}</tr>
`,
  )}</tbody>
</table>`
}

function levelCell({ count }: Levels[Level], records: number): Page {
  const isTold = isShown(records) && isShown(count)
  return html`<td class="number">${counted(count)}${isTold && rounded(records) >= SHARE_BASE_MIN ? `（${percent(rounded(count), rounded(records))}）` : ''}</td>`
}

/** A dash where either number is hidden. */
function coverageOf({ mapped, unmapped }: AlignmentModel['codes']): string {
  const all = rounded(mapped) + rounded(unmapped)
  return isShown(mapped) && isShown(unmapped) && all >= SHARE_BASE_MIN ? percent(rounded(mapped), all) : '－'
}

function countTable(
  caption: string,
  ja: string,
  en: string,
  rows: readonly { name: string; records: number }[],
): Page {
  if (rows.length === 0) return html`<p>${CELL_MIN}件以上のものはありません。 ${english('None.')}</p>`
  return html`<table>
<caption class="visually-hidden">${caption}</caption>
<thead><tr><th scope="col">${ja} ${english(en)}</th><th scope="col" class="number">記録 ${english('records')}</th></tr></thead>
<tbody>${rows.map(
    ({
      name,
      records,
    }) => html`<tr><th scope="row">${shown(name, CODE_CHARS_MAX)}</th><td class="number">${counted(records)}</td></tr>
`,
  )}</tbody>
</table>`
}

function isShown(count: number): boolean {
  return count === 0 || count >= CELL_MIN
}

function rounded(count: number): number {
  return Math.round(count / ROUNDED_TO) * ROUNDED_TO
}

function counted(count: number): string {
  return isShown(count) ? rounded(count).toLocaleString('ja-JP') : `<${CELL_MIN}`
}

/** Takes rounded numbers. */
function percent(part: number, whole: number): string {
  const step = whole < FINE_BASE_MIN ? COARSE_PERCENT : 1
  return `${Math.round((part / whole) * (100 / step)) * step}%`
}

/** Days put together by weeks that begin on Mondays, the newest first. */
function weeksOf(trend: AlignmentModel['trend']): AlignmentModel['trend'] {
  const weeks = [...Map.groupBy(trend, ({ day }) => mondayOf(day))].map(([day, days]) => {
    const records = days.reduce((sum, each) => sum + each.records, 0)
    const levels = Object.fromEntries(
      LEVELS.map((level) => {
        const count = days.reduce((sum, each) => sum + each.levels[level].count, 0)
        return [level, { count }]
      }),
    ) as Levels
    return { day, records, levels }
  })
  return weeks.sort((one, other) => (one.day < other.day ? 1 : -1))
}

const DAY_MS = 86_400_000

function mondayOf(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`)
  const sinceMonday = (new Date(at).getUTCDay() + DAYS_A_WEEK - 1) % DAYS_A_WEEK
  return new Date(at - sinceMonday * DAY_MS).toISOString().slice(0, 10)
}
