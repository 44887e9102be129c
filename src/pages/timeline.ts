import { html } from 'hono/html'
import type { AlignedEntry, Holding } from '../alignment/index.ts'
import { ITEMS, type Item } from '../vocabulary/index.ts'
import { dateParts, timeText } from './dates.ts'
import { ICONS } from './icons.ts'
import { fitMark, LEVEL_SENTENCE } from './levels.ts'
import type { Page } from './page.ts'
import { DETAIL_CHARS_MAX, NAME_CHARS_MAX, shown } from './shown.ts'
import { flagMarks } from './statements.ts'
import type { ViewerModel } from './viewer-model.ts'

/** Rows open at once, and rows in a page at all: above that a reader narrows the period. */
const ROWS_OPEN = 200
const ROWS_MAX = 2_000
const BODY_CHARS_MAX = 5_000

/** Everything obtained, newest first, each with who recorded it, where, and what proves it. */
export function timeline(model: ViewerModel): Page {
  const { timeline: entries } = model.aligned
  const left = entries.length - ROWS_MAX
  const older = entries.slice(ROWS_OPEN, ROWS_MAX)
  return html`<section aria-labelledby="timeline">
<h2 id="timeline" tabindex="-1">時系列<span class="muted">　新しい順・${entries.length}件</span></h2>
${entries.length === 0 ? html`<p>取得できた範囲に、表示する記録がありません。</p>` : table(entries.slice(0, ROWS_OPEN), '取得した記録（新しい順）', model)}
${older.length === 0 ? '' : html`<details class="older"><summary>それより前の${older.length}件を表示</summary>${table(older, 'それより前の記録', model)}</details>`}
${left > 0 ? html`<p class="notice" data-tone="warning">${ICONS.alert}<span>古い記録${left}件は表示していません。期間を絞って照会してください。</span></p>` : ''}
${levels(entries)}
${undisplayed(model)}
</section>`
}

/** What the marks mean, or where they are asked for: judging takes ten times as long as sorting. */
function levels(entries: readonly AlignedEntry[]): Page {
  if (entries.length === 0) return html``
  return entries.some(({ holdings }) => holdings.some(({ fit }) => fit !== undefined))
    ? html`<p class="muted">国の形式（3文書6情報）：${LEVEL_SENTENCE}</p>`
    : html`<p><a class="button" href="/viewer?levels">国の形式（3文書6情報）への適合を示す</a></p>`
}

function table(entries: readonly AlignedEntry[], caption: string, model: ViewerModel): Page {
  return html`<table class="timeline">
<caption class="visually-hidden">${caption}</caption>
<thead><tr><th scope="col">日付</th><th scope="col">種別</th><th scope="col">内容</th><th scope="col">記録した施設・地域</th></tr></thead>
<tbody>
${entries.map((entry) => row(entry, model))}
</tbody>
</table>`
}

function row(entry: AlignedEntry, model: ViewerModel): Page {
  const { item, date, holdings, standing } = entry
  return html`<tr data-standing="${standing}"><th scope="row" class="when">${when(date)}</th><td><span class="tag" data-item="${item}">${ITEMS[item].ja}</span></td><td>${content(entry)}</td><td>${
    holdings.length > 1 ? html`<p class="folded">${holdings.length}地域に同じ記録</p>` : ''
  }${holdings.map((holding) => holder(item, holding, model))}</td></tr>
`
}

function when(date: string | undefined): Page {
  const parts = date === undefined ? undefined : dateParts(date)
  if (date === undefined || parts === undefined) return html`日付不明`
  return html`<time datetime="${date}">${parts.day}<span class="era">（${parts.era}）${parts.time ?? ''}</span></time>`
}

function content({ title, value, details, notes, flags, isAbnormal, body }: AlignedEntry): Page {
  return html`<p class="what"><span class="title">${shown(title)}</span>${
    value === undefined
      ? ''
      : html` <span class="value"${isAbnormal === true ? html` data-abnormal="yes"` : ''}>${shown(value, DETAIL_CHARS_MAX)}</span>`
  }${notes.map((note) => html` <span class="note">${note}</span>`)}${flagMarks(flags)}</p>${
    details === undefined || details.length === 0
      ? ''
      : html`<p class="details">${shown(details.join('／'), DETAIL_CHARS_MAX)}</p>`
  }${body === undefined ? '' : html`<details class="document"><summary>本文を表示</summary><pre>${shown(body, BODY_CHARS_MAX)}</pre></details>`}`
}

function holder(item: Item, { region, origin, fit }: Holding, model: ViewerModel): Page {
  const { number } = origin
  const name = (number === undefined ? undefined : model.institutions.get(number)) ?? origin.name
  const isOwn = number !== undefined && number === model.asker.institutionNumber
  return html`<div class="holder"><p>${name === undefined ? '施設名不明' : shown(name, NAME_CHARS_MAX)}${
    isOwn ? html` <span class="own">自施設</span>` : ''
  }</p><p class="where">${number === undefined ? '機関番号不明' : html`機関番号 ${shown(number)}`}｜${shown(
    region.name,
    NAME_CHARS_MAX,
  )}</p><p class="where">${proof(region.id, model)}</p>${fitMark(item, fit)}</div>`
}

const RECEIPT_CHARS = 8

/** When it arrived, and the receipt under which it was signed. */
function proof(region: string, { sources }: ViewerModel): Page {
  const { answeredAt: at, receipt } = sources.find((each) => each.region.id === region) ?? {}
  return html`${at === undefined ? '' : html`<span class="nowrap">受信 <time datetime="${at.toISOString()}">${timeText(at)}</time></span>`}${
    receipt === undefined
      ? ''
      : html` <span class="nowrap">受領証 <a href="#receipts">${receipt.slice(0, RECEIPT_CHARS)}…</a></span>`
  }`
}

/** What cannot be shown is counted, never dropped in silence. */
function undisplayed({ aligned }: ViewerModel): Page {
  if (aligned.undisplayed.length === 0) return html``
  return html`<div class="notice" data-tone="warning">${ICONS.alert}<p>${aligned.undisplayed.map(
    ({ region, count }) => html`${shown(region.name, NAME_CHARS_MAX)}：表示できない項目 ${count}件。`,
  )}内容は記録した施設に確認してください。</p></div>`
}
