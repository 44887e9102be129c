import { html } from 'hono/html'
import type { AlignedEntry, AlignedItem } from '../alignment/index.ts'
import { ITEM_CODES, ITEMS, type Item } from '../vocabulary/index.ts'
import { dateParts, dateText } from './dates.ts'
import { ICONS } from './icons.ts'
import type { Page } from './page.ts'
import { DETAIL_CHARS_MAX, shown } from './shown.ts'
import { caution, flagMarks, onRecord, STATUS_WORDS } from './statements.ts'
import type { ViewerModel } from './viewer-model.ts'

const ENTRIES_SHOWN = 4

const DOCUMENTS = ITEM_CODES.filter((item) => isDocument(item))
const DATA = ITEM_CODES.filter((item) => ITEMS[item].national && !isDocument(item))
const BEYOND = ITEM_CODES.filter((item) => !ITEMS[item].national)

function isDocument(item: Item): boolean {
  return (ITEMS[item].types as readonly string[]).includes('DocumentReference')
}

/** 6情報 and 3文書, and what regions share beyond them: each says of itself how much its emptiness means. */
export function summary(model: ViewerModel): Page {
  return html`<section aria-labelledby="summary-title">
<h2 id="summary-title">概要</h2>
${group('６情報', DATA, model)}
${group('３文書', DOCUMENTS, model)}
${group('介護・在宅の情報', BEYOND, model)}
</section>`
}

function group(title: string, items: readonly Item[], { aligned }: ViewerModel): Page {
  return html`<h3 class="group-title">${title}</h3>
<div class="boxes">
${items.map((item) =>
  box(
    item,
    aligned.items.find((each) => each.item === item),
  ),
)}
</div>`
}

function box(item: Item, aligned: AlignedItem | undefined): Page {
  const { ja } = ITEMS[item]
  if (aligned === undefined) {
    return html`<section class="box" data-item="${item}" data-status="not-asked"><h4>${ja}</h4><p class="status">${ICONS.unknown}照会していません</p></section>
`
  }
  const { status, freshest, incomplete } = aligned
  const { ja: word, icon } = STATUS_WORDS[status]
  const entries = onRecord(aligned)
  const note = caution(aligned)
  return html`<section class="box" data-item="${item}" data-status="${status}"${incomplete ? html` data-incomplete="yes"` : ''}>
<h4>${ja}</h4>
<p class="status">${ICONS[icon]}<span>${word}${entries.length > 0 ? `　${entries.length}件` : ''}</span></p>
${freshest === undefined ? '' : html`<p class="freshest">最新 ${dateText(freshest)}</p>`}
${note === undefined ? '' : html`<p class="caution">${incomplete ? ICONS.alert : ''}<span>${shown(note, DETAIL_CHARS_MAX)}</span></p>`}
${list(entries)}
</section>
`
}

function list(entries: readonly AlignedEntry[]): Page {
  if (entries.length === 0) return html``
  const more = entries.length - ENTRIES_SHOWN
  return html`<ul class="newest">${entries.slice(0, ENTRIES_SHOWN).map(line)}</ul>${
    more > 0 ? html`<p class="more"><a href="#timeline">ほか${more}件は時系列へ</a></p>` : ''
  }`
}

/** A document is told from another by its description; anything else by what it is about. */
function line({ item, title, value, details, date, isAbnormal, notes, flags, standing }: AlignedEntry): Page {
  const day = date === undefined ? undefined : dateParts(date)?.day
  const about = isDocument(item) ? (details?.[0] ?? title) : title
  return html`<li data-standing="${standing}"><span class="on">${day ?? '日付不明'}</span><span>${shown(about)}</span>${
    value === undefined
      ? ''
      : html` <span class="value"${isAbnormal === true ? html` data-abnormal="yes"` : ''}>${shown(value)}</span>`
  }${notes.map((each) => html` <span class="note">${each}</span>`)}${flagMarks(flags)}</li>
`
}
