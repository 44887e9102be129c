import { html } from 'hono/html'
import type { Sentence } from '../../kernel/hub-error.ts'
import type { Page } from '../page.ts'
import { bilingual } from './frame.ts'

/** One field of a form, with what was typed into it and what is wrong with that. */
export interface Field {
  name: string
  label: Sentence
  kind: 'text' | 'date' | 'textarea' | 'radios' | 'checkboxes'
  /** As it was typed, so that nothing has to be typed twice. */
  values: readonly string[]
  isRequired?: boolean
  /** What belongs here. */
  hint?: Sentence | undefined
  /** To choose from; of a text, to offer. */
  options?: readonly { value: string; label: string }[]
  fault?: Sentence | undefined
}

/** The field's name, its hint, what is wrong, then where to type: read out in that order too. */
export function field(each: Field, prefix = ''): Page {
  const id = `${prefix}${each.name}`
  return each.kind === 'radios' || each.kind === 'checkboxes' ? choices(each, id) : box(each, id)
}

function box(each: Field, id: string): Page {
  const { name, label, kind, values, options, isRequired = false } = each
  const about = attributesOf(each, id)
  const value = values[0] ?? ''
  const input =
    kind === 'textarea'
      ? html`<textarea id="${id}" name="${name}" rows="3"${about}>${value}</textarea>`
      : html`<input id="${id}" name="${name}" type="${kind}" value="${value}" autocomplete="off"${
          options === undefined ? '' : html` list="${id}-list"`
        }${about}>`
  return html`<div class="field"${each.fault === undefined ? '' : html` data-fault="yes"`}>
<label for="${id}">${label.ja}${need(isRequired)} <span class="muted" lang="en">${label.en}</span></label>
${notes(each, id)}${input}${
  options === undefined
    ? ''
    : html`<datalist id="${id}-list">${options.map(
        (option) => html`<option value="${option.value}">${option.label}</option>`,
      )}</datalist>`
}
</div>`
}

function choices(each: Field, id: string): Page {
  const { name, label, kind, values, options = [], isRequired = false } = each
  const type = kind === 'radios' ? 'radio' : 'checkbox'
  return html`<fieldset class="field" id="${id}" tabindex="-1"${each.fault === undefined ? '' : html` data-fault="yes"`}${describedBy(
    each,
    id,
  )}>
<legend>${label.ja}${need(isRequired)} <span class="muted" lang="en">${label.en}</span></legend>
${notes(each, id)}<div class="choices">${options.map(
    (option) =>
      html`<label><input type="${type}" name="${name}" value="${option.value}"${
        values.includes(option.value) ? html` checked` : ''
      }> ${option.label}</label>`,
  )}</div>
</fieldset>`
}

function need(isRequired: boolean): Page {
  return isRequired ? html` <span class="need">必須</span>` : html``
}

/** The hint, then the fault, each in its own line. */
function notes({ hint, fault }: Field, id: string): Page {
  return html`${hint === undefined ? '' : html`<p class="hint" id="${id}-hint">${bilingual(hint)}</p>`}${
    fault === undefined ? '' : html`<p class="fault" id="${id}-fault">× ${bilingual(fault)}</p>`
  }`
}

function attributesOf(each: Field, id: string): Page {
  return html`${each.isRequired === true ? html` aria-required="true"` : ''}${
    each.fault === undefined ? '' : html` aria-invalid="true"`
  }${describedBy(each, id)}`
}

function describedBy({ hint, fault }: Field, id: string): Page {
  const about = [
    ...(hint === undefined ? [] : [`${id}-hint`]),
    ...(fault === undefined ? [] : [`${id}-fault`]),
  ]
  return about.length === 0 ? html`` : html` aria-describedby="${about.join(' ')}"`
}

/** Stands before a form that was sent with faults: takes the focus and leads to each field. */
export function faultSummary(fields: readonly Field[], general: Sentence | undefined, prefix = ''): Page {
  const wrong = fields.filter(({ fault }) => fault !== undefined)
  if (wrong.length === 0 && general === undefined) return html``
  return html`<div class="notice faults" data-tone="warning" role="alert" tabindex="-1" autofocus><div>
<p><strong>登録していません。次を直してください。</strong> <span class="muted" lang="en">Nothing was recorded. Please mend:</span></p>
${general === undefined ? '' : html`<p>${bilingual(general)}</p>`}
${
  wrong.length === 0
    ? ''
    : html`<ul>${wrong.map(({ name, label }) => html`<li><a href="#${prefix}${name}">${label.ja} <span class="muted" lang="en">${label.en}</span></a></li>`)}</ul>`
}
</div></div>`
}
