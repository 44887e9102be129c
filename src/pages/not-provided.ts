import { html } from 'hono/html'
import { WARNINGS, type Warning } from '../vocabulary/index.ts'
import { type FormAction, formButton, localPath } from './form.ts'
import { ICONS } from './icons.ts'
import { document, type Page } from './page.ts'
import { NAME_CHARS_MAX, shown } from './shown.ts'

/** Nothing is provided. What may be done about it depends on who is logged in, and on nothing about the patient. */
export interface NotProvidedModel {
  patientName: string | undefined
  sentence: { ja: string; en: string }
  /** お問い合わせ番号. */
  reference: string
  warnings: readonly Warning[]
  /** Confirms a first visit; for those whose own council lets them. */
  firstVisit?: FormAction | undefined
  /** Where breaking the glass is explained; likewise. */
  emergency?: string | undefined
  close: FormAction
}

export function notProvidedPage(model: NotProvidedModel): Page {
  const { patientName, sentence, reference, warnings, firstVisit, emergency, close } = model
  return document(
    { title: '表示できません' },
    html`<div class="product"><p class="product-name">つなぎ</p></div>
<main class="sheet">
<h1>表示できません</h1>
<p class="notice" data-tone="warning">${ICONS.alert}<span>${sentence.ja}</span></p>
<dl class="facts"><div><dt>患者</dt><dd>${shown(patientName, NAME_CHARS_MAX)}</dd></div><div><dt>お問い合わせ番号</dt><dd><code>${reference}</code></dd></div></dl>
${
  firstVisit === undefined
    ? ''
    : html`<section aria-labelledby="first-visit"><h2 id="first-visit">初診の場合</h2>
<ul>${warnings.map((code) => html`<li>${WARNINGS[code].ja}</li>`)}</ul>
${formButton(firstVisit, '上記を確認し、初診として閲覧する', 'secondary')}</section>`
}
${
  emergency === undefined
    ? ''
    : html`<section aria-labelledby="emergency"><h2 id="emergency">緊急の場合</h2>
<p>意識がないなど、生命・身体の保護に必要なときは、理由を記して緊急時閲覧ができます。</p>
<p><a class="button" data-kind="secondary" href="${localPath(emergency)}">緊急時閲覧へ進む</a></p></section>`
}
${formButton(close, '患者を閉じる', 'primary')}
</main>`,
  )
}
