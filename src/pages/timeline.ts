import { html } from 'hono/html'
import type { AlignedEntry, Holding } from '../alignment/index.ts'
import { ITEMS } from '../vocabulary/index.ts'
import { momentText, timeText } from './dates.ts'
import { ICONS } from './icons.ts'
import type { Page } from './page.ts'
import { DETAIL_CHARS_MAX, NAME_CHARS_MAX, shown } from './shown.ts'
import type { ViewerModel } from './viewer-model.ts'

/** Rows open at once, and rows in a page at all: above that a reader narrows the period. */
const ROWS_OPEN = 200
const ROWS_MAX = 2_000
const BODY_CHARS_MAX = 5_000

const FLAGS = { LTS: '長期保存', UNINFORMED: '本人に未告知' } as const

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
${undisplayed(model)}
</section>`
}

function table(entries: readonly AlignedEntry[], caption: string, model: ViewerModel): Page {
  return html`<table class="timeline">
<caption class="visually-hidden">${caption}</caption>
<thead><tr><th scope="col">日付</th><th scope="col">種別</th><th scope="col">内容</th><th scope="col">記録した施設・地域</th><th scope="col">受信・受領証</th></tr></thead>
<tbody>
${entries.map((entry) => row(entry, model))}
</tbody>
</table>`
}

function row(entry: AlignedEntry, model: ViewerModel): Page {
  const { item, date, holdings, standing } = entry
  const when = date === undefined ? undefined : momentText(date)
  return html`<tr data-standing="${standing}"><th scope="row" class="when">${when === undefined || date === undefined ? '日付不明' : html`<time datetime="${date}">${when}</time>`}</th><td><span class="tag" data-item="${item}">${ITEMS[item].ja}</span></td><td>${content(entry)}</td><td>${
    holdings.length > 1 ? html`<p class="folded">${holdings.length}地域に同じ記録</p>` : ''
  }${holdings.map((holding) => holder(holding, model))}</td><td class="proof">${holdings.map((holding) => proof(holding, model))}</td></tr>
`
}

function content({ title, value, details, notes, flags, isAbnormal, body }: AlignedEntry): Page {
  return html`<p class="what"><span class="title">${shown(title)}</span>${
    value === undefined
      ? ''
      : html` <span class="value"${isAbnormal === true ? html` data-abnormal="yes"` : ''}>${shown(value, DETAIL_CHARS_MAX)}</span>`
  }${notes.map((note) => html` <span class="note">${note}</span>`)}${flags.map((flag) => html` <span class="flag" data-flag="${flag}">${FLAGS[flag]}</span>`)}</p>${
    details === undefined || details.length === 0
      ? ''
      : html`<p class="details">${shown(details.join('／'), DETAIL_CHARS_MAX)}</p>`
  }${body === undefined ? '' : html`<details class="document"><summary>本文を表示</summary><pre>${shown(body, BODY_CHARS_MAX)}</pre></details>`}`
}

function holder({ region, origin }: Holding, { institutions, asker }: ViewerModel): Page {
  const { number } = origin
  const name = (number === undefined ? undefined : institutions.get(number)) ?? origin.name
  const isOwn = number !== undefined && number === asker.institutionNumber
  return html`<p class="holder">${name === undefined ? '施設名不明' : shown(name, NAME_CHARS_MAX)}${isOwn ? html` <span class="note">自施設</span>` : ''}<span class="where">${
    number === undefined ? '機関番号不明' : html`機関番号 ${shown(number)}`
  }｜${shown(region.name, NAME_CHARS_MAX)}</span></p>`
}

const RECEIPT_CHARS = 8

function proof({ region }: Holding, { sources }: ViewerModel): Page {
  const source = sources.find((each) => each.region.id === region.id)
  const at = source?.answeredAt
  return html`<p>${at === undefined ? '' : html`<time datetime="${at.toISOString()}">${timeText(at)}</time> `}${
    source?.receipt === undefined
      ? ''
      : html`<a class="receipt" href="#receipts">${source.receipt.slice(0, RECEIPT_CHARS)}…</a>`
  }</p>`
}

/** What cannot be shown is counted, never dropped in silence. */
function undisplayed({ aligned }: ViewerModel): Page {
  if (aligned.undisplayed.length === 0) return html``
  return html`<div class="notice" data-tone="warning">${ICONS.alert}<p>${aligned.undisplayed.map(
    ({ region, count }) => html`${shown(region.name, NAME_CHARS_MAX)}：表示できない項目 ${count}件。`,
  )}内容は記録した施設に確認してください。</p></div>`
}
