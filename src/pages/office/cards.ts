import { html } from 'hono/html'
import type { Sentence } from '../../kernel/hub-error.ts'
import { type FormAction, localPath } from '../form.ts'
import type { Page } from '../page.ts'
import { DETAIL_CHARS_MAX, shown } from '../shown.ts'
import { type Field, faultSummary, field } from './fields.ts'
import { hiddenFields } from './form-page.ts'
import { bilingual, type OfficeFrame, officePage } from './frame.ts'

/** One thing on a list, what is known of it, and what may be done about it. */
export interface Card {
  /** Names it within the page. */
  id: string
  title: string
  facts: readonly { label: string; value: string | undefined }[]
  /** Why nothing may be done about it here and now. */
  note?: Sentence | undefined
  form?: CardForm | undefined
}

/** What is asked about a card, and the ways to answer. */
export interface CardForm {
  send: FormAction
  fields: readonly Field[]
  buttons: readonly { label: string; name?: string; value?: string; kind: 'primary' | 'secondary' }[]
}

export interface CardList {
  name: Sentence
  cards: readonly Card[]
  /** Said where there are none. */
  none: Sentence
}

/** Lists of things, each with the form that settles it. A form with faults stands open, with what was typed in. */
export function officeCardsPage(
  frame: OfficeFrame,
  page: {
    title: Sentence
    about: readonly Sentence[]
    /** Why what was just sent was not done, where it belongs to no field. */
    general?: Sentence | undefined
    lists: readonly CardList[]
  },
): Page {
  return officePage(
    frame,
    page.title,
    html`${faultSummary([], page.general)}
${page.about.map((each) => html`<p>${bilingual(each)}</p>`)}
${page.lists.map(
  ({ name, cards, none }) => html`<section class="group" aria-label="${name.ja}">
<h2>${bilingual(name)} <span class="count">${cards.length} 件</span></h2>
${cards.length === 0 ? html`<p>${bilingual(none)}</p>` : cards.map(card)}
</section>
`,
)}`,
  )
}

function card({ id, title, facts, note, form }: Card): Page {
  return html`<article class="card" aria-labelledby="${id}">
<h3 id="${id}">${shown(title)}</h3>
<dl class="facts">${facts.map(
    ({ label, value }) => html`<div><dt>${label}</dt><dd>${shown(value, DETAIL_CHARS_MAX)}</dd></div>`,
  )}</dl>
${note === undefined ? '' : html`<p class="hint">${bilingual(note)}</p>`}
${form === undefined ? '' : cardForm(id, title, form)}
</article>
`
}

function cardForm(id: string, title: string, { send, fields, buttons }: CardForm): Page {
  return html`<form method="post" action="${localPath(send.action)}" aria-label="${title}" novalidate>
${faultSummary(fields, undefined, `${id}-`)}
${hiddenFields(send)}
${fields.map((each) => field(each, `${id}-`))}
<p>${buttons.map(
    ({ label, name, value, kind }) =>
      html`<button type="submit" class="button" data-kind="${kind}"${
        name === undefined ? '' : html` name="${name}" value="${value ?? ''}"`
      }>${label}<span class="visually-hidden">（${title}）</span></button> `,
  )}</p>
</form>`
}
