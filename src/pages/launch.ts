import { html } from 'hono/html'
import { formButton } from './form.ts'
import { document, type Page } from './page.ts'
import { DETAIL_CHARS_MAX, NAME_CHARS_MAX, shown } from './shown.ts'

/** A simulated record system's list of patients, each with a button that opens the viewer for one of them. */
export interface LaunchModel {
  title: string
  /** Where the buttons post to: a path on this server. */
  action: string
  patients: readonly { name: string; note: string; fields: Readonly<Record<string, string>> }[]
}

export function launchPage({ title, action, patients }: LaunchModel): Page {
  return document(
    { title: '患者一覧（模擬）' },
    html`<div class="product" data-kind="simulated"><p class="product-name">模擬の電子カルテ</p><p>実在の人物・施設の情報は含まれていません。</p></div>
<main class="sheet">
<h1>${shown(title)}</h1>
<ul class="patients">
${patients.map(
  ({ name, note, fields }) =>
    html`<li><div><p class="patient-name">${shown(name, NAME_CHARS_MAX)}</p><p class="muted">${shown(note, DETAIL_CHARS_MAX)}</p></div>${formButton(
      { action, fields },
      html`他の地域の情報を見る<span class="visually-hidden">（${shown(name, NAME_CHARS_MAX)}）</span>`,
      'primary',
    )}</li>
`,
)}
</ul>
</main>`,
  )
}
