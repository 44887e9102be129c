import { html } from 'hono/html'
import type { AlignedEntry, AlignedItem } from '../alignment/index.ts'
import { ITEMS, type Item, SOURCE_STATES } from '../vocabulary/index.ts'
import { ageText, dateText, momentText } from './dates.ts'
import { ICONS } from './icons.ts'
import type { Page } from './page.ts'
import { NAME_CHARS_MAX, shown } from './shown.ts'
import { caution, onRecord, STATUS_WORDS } from './statements.ts'
import type { ViewerModel } from './viewer-model.ts'

/** As pages say it. */
export const SEXES = { male: '男性', female: '女性', other: 'その他', unknown: '不明' } as const

const ALLERGY_ITEMS: readonly Item[] = ['allergy-drug', 'allergy-other']
/** The banner must stay low: browsers repeat a printed head only while it is at most a quarter of the page. */
const ALLERGENS_SHOWN = 4
const ALLERGENS_QUALIFIED = 2
const ALLERGEN_CHARS_MAX = 26

/**
 * Who this is about, on top of every screenful and every printed page, in the order of NHS CUI's patient banner:
 * name, birth, sex, id; then the allergies. What is unknown is written as 不明, never left blank.
 */
export function banner(model: ViewerModel): Page {
  const { patient, fetchedAt, aligned } = model
  return html`<header class="banner" aria-label="患者情報"${patient.deceased === false ? '' : html` data-deceased="yes"`}>
<dl class="identity">
<div class="identity-name"><dt>氏名</dt><dd><span class="kana">${shown(patient.kana, NAME_CHARS_MAX)}</span><strong class="name">${shown(patient.kanji, NAME_CHARS_MAX)}</strong></dd></div>
<div><dt>生年月日</dt><dd>${birth(model)}${death(model)}</dd></div>
<div><dt>性別</dt><dd>${SEXES[patient.sex]}</dd></div>
${
  patient.ids.length === 0
    ? html`<div><dt>地域患者ID</dt><dd>不明（この地域に登録なし）</dd></div>`
    : patient.ids.map(
        ({ label, value }) =>
          html`<div><dt>地域患者ID <span class="whose">${shown(label)}</span></dt><dd class="id">${shown(value)}</dd></div>`,
      )
}
</dl>
<div class="allergies" role="group" aria-label="アレルギー">
${ALLERGY_ITEMS.map((item) =>
  allergyLine(
    item,
    aligned.items.find((each) => each.item === item),
  ),
)}
</div>
<p class="print-only">取得 ${momentText(fetchedAt)}（日本標準時）｜${printedStates(model)}</p>
</header>`
}

function birth({ patient, fetchedAt }: ViewerModel): Page {
  const { birthDate, deceased } = patient
  const date = birthDate === undefined ? undefined : dateText(birthDate)
  if (birthDate === undefined || date === undefined) return html`不明`
  if (deceased === true) return html`${date}`
  const age = ageText(
    birthDate,
    deceased === false ? fetchedAt : new Date(`${deceased.slice(0, 10)}T12:00:00+09:00`),
  )
  return html`${date}${age === undefined ? '' : html` <span class="age">${age}${deceased === false ? '' : '（死亡時）'}</span>`}`
}

function death({ patient: { deceased } }: ViewerModel): Page {
  if (deceased === false) return html``
  return html`<span class="death">死亡 ${deceased === true ? '（日付不明）' : dateText(deceased)}</span>`
}

function allergyLine(item: Item, aligned: AlignedItem | undefined): Page {
  const name = ITEMS[item].ja
  if (aligned === undefined) {
    return html`<p class="allergy" data-status="not-asked"><span class="allergy-name">${name}</span><span class="allergy-status">${ICONS.unknown}照会していません</span></p>`
  }
  const { status } = aligned
  const entries = onRecord(aligned).toSorted((one, other) => rankOf(one) - rankOf(other))
  const icon = status === 'recorded' ? ICONS.allergy : ICONS[STATUS_WORDS[status].icon]
  const word = status === 'recorded' ? 'あり' : STATUS_WORDS[status].ja
  const note = caution(aligned)
  return html`<p class="allergy" data-status="${status}"><span class="allergy-name">${name}</span><span class="allergy-status">${icon}${word}</span>${allergens(entries)}${
    note === undefined
      ? ''
      : html`<span class="allergy-note">${aligned.incomplete ? ICONS.alert : ''}${shown(note)}</span>`
  }</p>
`
}

/** What endangers life first, what has passed last; the newest first among equals. */
function rankOf({ isCritical, standing }: AlignedEntry): number {
  if (standing === 'ended') return 2
  return isCritical === true ? 0 : 1
}

function allergens(entries: readonly AlignedEntry[]): Page {
  if (entries.length === 0) return html``
  const more = entries.length - ALLERGENS_SHOWN
  const isQualified = entries.length <= ALLERGENS_QUALIFIED
  return html`<span class="allergens">${entries
    .slice(0, ALLERGENS_SHOWN)
    .map(
      (entry) =>
        html`<span class="allergen"><strong>${shown(entry.title, ALLERGEN_CHARS_MAX)}</strong>${isQualified ? qualifier(entry) : ''}</span> `,
    )}${more > 0 ? html`<a href="#timeline">ほか${more}件</a>` : ''}</span>`
}

function qualifier({ details, notes }: AlignedEntry): Page {
  const texts = [...(details ?? []), ...notes]
  return texts.length === 0 ? html`` : html` ${shown(texts.join('／'), ALLERGEN_CHARS_MAX)}`
}

/** Every printed page says how whole it is. */
function printedStates({ sources }: ViewerModel): Page {
  return html`${sources.map(({ region, state, count }, index) => html`${index > 0 ? '／' : ''}${shown(region.name, NAME_CHARS_MAX)}：${SOURCE_STATES[state].ja}${count > 0 ? `（${count}件）` : ''}`)}`
}
