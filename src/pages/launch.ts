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

/** On every page of a simulated record system, so that nobody takes it for a real one. */
const SIMULATED = html`<div class="product" data-kind="simulated"><p class="product-name">模擬の電子カルテ</p><p>実在の人物・施設の情報は含まれていません。</p></div>`

export function launchPage({ title, action, patients }: LaunchModel): Page {
  return document(
    { title: '患者一覧（模擬）' },
    html`${SIMULATED}
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

/** Signs the user on to the viewer, which is on another server: the login travels in the body of this form. */
export interface HandOverModel {
  patientName: string
  /** The viewer's own address. */
  action: string
  fields: Readonly<Record<string, string>>
}

export function handOverPage({ patientName, action, fields }: HandOverModel): Page {
  return document(
    { title: '連携ビューアを開く（模擬）' },
    html`${SIMULATED}
<main class="sheet">
<h1>連携ビューアを開きます</h1>
<p>${shown(patientName, NAME_CHARS_MAX)} さんについて、他の地域の情報を照会します。閲覧は監査記録に残ります。</p>
<form method="post" action="${action}">${Object.entries(fields).map(
      ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
    )}<button type="submit" class="button" data-kind="primary">開く</button></form>
<p><a href="/">患者一覧へ戻る</a></p>
</main>`,
  )
}
