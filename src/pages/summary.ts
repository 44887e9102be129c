import { html } from 'hono/html'
import type { AlignedEntry, AlignedItem } from '../alignment/index.ts'
import { ITEM_CATALOGUE, ITEM_CODES, ITEMS, type Item, type ItemGroup } from '../vocabulary/index.ts'
import { dateParts, dateText } from './dates.ts'
import { ICONS } from './icons.ts'
import type { Page } from './page.ts'
import { DETAIL_CHARS_MAX, shown } from './shown.ts'
import { caution, flagMarks, onRecord, STATUS_WORDS } from './statements.ts'
import type { ViewerModel } from './viewer-model.ts'

const ENTRIES_SHOWN = 4

const inGroup = (...groups: ItemGroup[]) =>
  ITEM_CODES.filter((item) => groups.includes(ITEM_CATALOGUE[item].group))
const DOCUMENTS = inGroup('document')

/** 6情報 and 3文書, and what regions share beyond them: each says of itself how much its emptiness means. */
export function summary(model: ViewerModel): Page {
  return html`<section aria-labelledby="summary-title">
<h2 id="summary-title">概要</h2>
${group('６情報', inGroup('data'), model)}
${group('３文書', DOCUMENTS, model)}
${foldedGroup('基本情報', inGroup('basic'), model)}
${foldedGroup('その他の医療情報', inGroup('medical'), model)}
${foldedGroup('介護情報', inGroup('care'), model)}
</section>`
}

function group(title: string, items: readonly Item[], { aligned }: ViewerModel): Page {
  return html`<h3 class="group-title">${title}</h3>
${boxes(items.map((item) => ({ item, aligned: alignedOf(aligned.items, item) })))}
`
}

interface Boxed {
  item: Item
  aligned: AlignedItem | undefined
}

/** What has something on record stands open; the rest is folded under a line that says how much its emptiness means. */
function foldedGroup(title: string, items: readonly Item[], { aligned }: ViewerModel): Page {
  const all = items.map((item) => ({ item, aligned: alignedOf(aligned.items, item) }))
  const { open = [], folded = [] } = Object.groupBy(all, (each) =>
    each.aligned?.status === 'recorded' ? 'open' : 'folded',
  )
  return html`<h3 class="group-title">${title}</h3>
${open.length === 0 ? '' : boxes(open)}
${
  folded.length === 0
    ? ''
    : html`<details class="folded-items"><summary>${foldedWords(folded, open.length > 0)}</summary>
${boxes(folded)}
</details>`
}
`
}

/** The statuses of what is folded, each with the number of items: nothing unobtainable may hide as something empty. */
function foldedWords(folded: readonly Boxed[], isRest: boolean): Page {
  const words = folded.map((each) =>
    each.aligned === undefined ? NOT_ASKED : STATUS_WORDS[each.aligned.status].ja,
  )
  const byWord = [...Map.groupBy(words, (word) => word)]
  const counts = byWord.map(([word, { length }]) => (byWord.length === 1 ? word : `${word} ${length}`))
  const isShort = folded.some((each) => each.aligned?.incomplete === true)
  return html`${isShort ? ICONS.alert : ''}<span>${isRest ? 'ほか' : ''}${folded.length}項目：${counts.join('、')}</span>`
}

function alignedOf(items: readonly AlignedItem[], item: Item): AlignedItem | undefined {
  return items.find((each) => each.item === item)
}

function boxes(boxed: readonly Boxed[]): Page {
  return html`<div class="boxes">
${boxed.map(({ item, aligned }) => box(item, aligned))}
</div>`
}

const NOT_ASKED = '照会していません'

function box(item: Item, aligned: AlignedItem | undefined): Page {
  const { ja } = ITEMS[item]
  if (aligned === undefined) {
    return html`<section class="box" data-item="${item}" data-status="not-asked"><h4>${ja}</h4><p class="status">${ICONS.unknown}${NOT_ASKED}</p></section>
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

/** A national document is told from another by its description; anything else by what it is about. */
function line({ item, title, value, details, date, isAbnormal, notes, flags, standing }: AlignedEntry): Page {
  const day = date === undefined ? undefined : dateParts(date)?.day
  const about = DOCUMENTS.includes(item) ? (details?.[0] ?? title) : title
  return html`<li data-standing="${standing}"><span class="on">${day ?? '日付不明'}</span><span>${shown(about)}</span>${
    value === undefined
      ? ''
      : html` <span class="value"${isAbnormal === true ? html` data-abnormal="yes"` : ''}>${shown(value)}</span>`
  }${notes.map((each) => html` <span class="note">${each}</span>`)}${flagMarks(flags)}</li>
`
}
