import { html } from 'hono/html'
import { formButton, localPath } from './form.ts'
import { document, type Page } from './page.ts'
import { DETAIL_CHARS_MAX, NAME_CHARS_MAX, shown } from './shown.ts'

/** A simulated record system's list of patients, each with a button that opens the viewer for one of them. */
export interface LaunchModel {
  title: string
  /** Where the buttons post to: a path on this server. */
  action: string
  patients: readonly { name: string; note: string; fields: Readonly<Record<string, string>> }[]
  /** Where the region's council has its own entrance: a path on this server. */
  office?: string
}

/** On every page of a simulated system, so that nobody takes it for a real one. */
const simulated = (what: string) =>
  html`<div class="product" data-kind="simulated"><p class="product-name">${what}</p><p>実在の人物・施設の情報は含まれていません。</p></div>`
const SIMULATED = simulated('模擬の電子カルテ')

export function launchPage({ title, action, patients, office }: LaunchModel): Page {
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
${office === undefined ? '' : html`<p><a href="${localPath(office)}">協議会事務局の入口</a></p>`}
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

/** Where a simulated region's council office logs in: who works there, each with a button. */
export interface OfficeEntryModel {
  title: string
  /** Where the buttons post to: a path on this server. */
  action: string
  officers: readonly { name: string; note: string; fields: Readonly<Record<string, string>> }[]
}

const SIMULATED_OFFICE = simulated('模擬の協議会事務局')

export function officeEntryPage({ title, action, officers }: OfficeEntryModel): Page {
  return document(
    { title: '協議会事務局の入口（模擬）' },
    html`${SIMULATED_OFFICE}
<main class="sheet">
<h1>${shown(title)}</h1>
<ul class="patients">
${officers.map(
  ({ name, note, fields }) =>
    html`<li><div><p class="patient-name">${shown(name, NAME_CHARS_MAX)}</p><p class="muted">${shown(note, DETAIL_CHARS_MAX)}</p></div>${formButton(
      { action, fields },
      html`ログイン<span class="visually-hidden">（${shown(name, NAME_CHARS_MAX)}）</span>`,
      'primary',
    )}</li>
`,
)}
</ul>
<p><a href="/">電子カルテの患者一覧へ</a></p>
</main>`,
  )
}

/** Signs somebody of the office on to its pages, which are on another server. */
export function officeHandOverPage({
  officerName,
  action,
  fields,
}: Omit<HandOverModel, 'patientName'> & { officerName: string }): Page {
  return document(
    { title: '協議会事務局の画面を開く（模擬）' },
    html`${SIMULATED_OFFICE}
<main class="sheet">
<h1>協議会事務局の画面を開きます</h1>
<p>${shown(officerName, NAME_CHARS_MAX)} さんとしてログインします。</p>
<form method="post" action="${action}">${Object.entries(fields).map(
      ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
    )}<button type="submit" class="button" data-kind="primary">開く</button></form>
<p><a href="/office">入口へ戻る</a></p>
</main>`,
  )
}
