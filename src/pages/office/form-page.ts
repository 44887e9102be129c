import { html } from 'hono/html'
import type { Sentence } from '../../kernel/hub-error.ts'
import { type FormAction, localPath } from '../form.ts'
import type { Page } from '../page.ts'
import { type Field, faultSummary, field } from './fields.ts'
import { bilingual, type OfficeFrame, officePage } from './frame.ts'

/** A form to fill in: what it is for, its fields in groups, and what pressing its button does. */
export interface OfficeForm {
  title: Sentence
  /** What is to be known before. */
  about: readonly Sentence[]
  groups: readonly { name: Sentence; fields: readonly Field[] }[]
  /** What is wrong and no field's own. */
  general?: Sentence | undefined
  send: FormAction
  submit: Sentence
}

/** Our own sentences say what is wrong, in both languages, so the browser's are left out. */
export function officeFormPage(frame: OfficeFrame, form: OfficeForm): Page {
  const { title, about, groups, general, send, submit } = form
  const fields = groups.flatMap((group) => group.fields)
  return officePage(
    frame,
    title,
    html`${faultSummary(fields, general)}
${about.map((each) => html`<p>${bilingual(each)}</p>`)}
<form method="post" action="${localPath(send.action)}" novalidate>
${hiddenFields(send)}
${groups.map(
  (group) => html`<section class="group" aria-label="${group.name.ja}"><h2>${bilingual(group.name)}</h2>
${group.fields.map((each) => field(each))}</section>
`,
)}
<p><button type="submit" class="button" data-kind="primary">${submit.ja}</button> <span class="muted" lang="en">${submit.en}</span></p>
</form>`,
  )
}

export function hiddenFields({ fields }: FormAction): Page {
  return html`${Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}`
}
