import { html } from 'hono/html'
import { isShortOf, OTHER_REGIONS_LINE, type PublicSourceState, SOURCE_STATES } from '../vocabulary/index.ts'
import { timeText } from './dates.ts'
import { formButton } from './form.ts'
import { ICONS, type IconName } from './icons.ts'
import type { Page } from './page.ts'
import { NAME_CHARS_MAX, shown } from './shown.ts'
import { nameSome } from './statements.ts'
import type { ShownSource, ViewerModel } from './viewer-model.ts'

const STATE_ICONS: Record<PublicSourceState, IconName> = {
  complete: 'done',
  empty: 'done',
  partial: 'alert',
  timeout: 'failed',
  unreachable: 'failed',
  busy: 'failed',
  invalid: 'failed',
  'wrong-person': 'failed',
  maintenance: 'paused',
}

/** One chip a source that may be named, and the one line for everybody about all others. */
export function sourceStrip({ sources }: ViewerModel): Page {
  return html`<section class="sources" aria-labelledby="sources-title">
<h2 id="sources-title">照会先</h2>
<ul class="chips">
${sources.map(chip)}
</ul>
<p class="others">${OTHER_REGIONS_LINE.ja}</p>
</section>`
}

function chip({ region, state, count, answeredAt, elapsedMs }: ShownSource): Page {
  const measures = [
    ...(elapsedMs === undefined ? [] : [`${(elapsedMs / 1000).toFixed(1)}秒`]),
    ...(count > 0 ? [`${count}件`] : []),
  ]
  return html`<li class="chip" data-tone="${toneOf(state)}">${ICONS[STATE_ICONS[state]]}<span class="chip-name">${shown(region.name, NAME_CHARS_MAX)}</span> <span class="chip-state">${SOURCE_STATES[state].ja}</span>${
    answeredAt === undefined || !hasGiven(state)
      ? ''
      : html` <time datetime="${answeredAt.toISOString()}">${timeText(answeredAt)}</time>`
  }${measures.length === 0 ? '' : `（${measures.join('、')}）`}</li>
`
}

/** States in which something arrived, at the time shown. */
function hasGiven(state: PublicSourceState): boolean {
  return !isShortOf(state) || state === 'partial'
}

function toneOf(state: PublicSourceState): 'good' | 'warning' | 'error' {
  if (!isShortOf(state)) return 'good'
  return state === 'partial' || state === 'maintenance' ? 'warning' : 'error'
}

/** The single line above the data that says of how many regions it is. No list stands without it. */
export function coverage({ sources, again }: ViewerModel): Page {
  const short = sources.filter(({ state }) => isShortOf(state))
  const all = sources.length
  if (all === 0)
    return html`<p class="notice" data-tone="warning" role="status">${ICONS.alert}<span>表示できる情報を提供した地域はありません。</span></p>`
  if (short.length === 0) {
    return html`<p class="notice" data-tone="good" role="status">${ICONS.done}<span>照会した${all}地域すべての情報です。</span></p>`
  }
  return html`<div class="notice" data-tone="warning" role="status">${ICONS.alert}<p><strong>${all}地域中${all - short.length}地域の情報です。</strong>${shortSentences(short)}</p>${
    again === undefined ? '' : formButton(again, '再取得', 'primary')
  }</div>`
}

function shortSentences(short: readonly ShownSource[]): Page {
  const partial = short.filter(({ state }) => state === 'partial').map(({ region }) => region.name)
  const silent = short.filter(({ state }) => state !== 'partial')
  return html`${[...Map.groupBy(silent, ({ state }) => state)].map(
    ([state, sources]) =>
      html`${shown(nameSome(sources.map(({ region }) => region.name)), 200)}は${SOURCE_STATES[state].ja}のため、取得できません。`,
  )}${partial.length === 0 ? '' : html`${shown(nameSome(partial), 200)}からは一部しか取得できません。`}`
}
