import { html } from 'hono/html'
import { type FormAction, localPath } from './form.ts'
import { document, type Page } from './page.ts'
import { NAME_CHARS_MAX, shown } from './shown.ts'

const REASON_CHARS_MIN = 10
const REASON_CHARS_MAX = 180

/** The page that stands before breaking the glass: what will happen, who is told, and of whom. */
export interface EmergencyModel {
  facts: readonly { label: string; value: string | undefined }[]
  /** False asks for a login by two factors instead. */
  hasSecondFactor: boolean
  reasons: readonly { code: string; label: string }[]
  start: FormAction
}

export function emergencyPage({ facts, hasSecondFactor, reasons, start }: EmergencyModel): Page {
  return document(
    { title: '緊急時閲覧の確認' },
    html`<main class="sheet" data-emergency="yes">
<h1>緊急時閲覧の確認</h1>
<p>この方の他地域の情報を、受診・利用の記録がないまま閲覧します。閲覧できるのは、この患者について60分までです。</p>
<ul>
<li>閲覧者・所属・日時・理由は直ちに記録され、情報を保有する協議会に通知されます。</li>
<li>24時間以内に事後報告が必要です。</li>
<li>協議会の個人情報管理者が5営業日以内に確認します。本人にも開示されます。</li>
</ul>
<dl class="facts">${facts.map(
      ({ label, value }) => html`<div><dt>${label}</dt><dd>${shown(value, NAME_CHARS_MAX)}</dd></div>`,
    )}</dl>
${hasSecondFactor ? reasonForm(reasons, start) : html`<p class="notice" data-tone="warning">緊急時閲覧には、二要素によるログインが必要です。電子カルテから二要素でログインし直してください。</p>`}
<p><a class="button" data-kind="primary" href="/viewer">戻る</a></p>
</main>`,
  )
}

function reasonForm(reasons: EmergencyModel['reasons'], { action, fields }: FormAction): Page {
  return html`<form method="post" action="${localPath(action)}">${Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}
<fieldset><legend>理由（必須）</legend>
${reasons.map(
  ({ code, label }) =>
    html`<p><label><input type="radio" name="kind" value="${code}" required> ${label}</label></p>`,
)}
</fieldset>
<p><label for="words">状況（10文字以上、必須）</label></p>
<p><textarea id="words" name="words" rows="3" required minlength="${REASON_CHARS_MIN}" maxlength="${REASON_CHARS_MAX}"></textarea></p>
<button type="submit" class="button" data-kind="danger">緊急時閲覧を開始</button>
</form>`
}

export interface ReportModel {
  patientName: string | undefined
  send: FormAction
}

/** What the user owes within a day of breaking the glass. */
export function reportPage({ patientName, send: { action, fields } }: ReportModel): Page {
  return document(
    { title: '緊急時閲覧の事後報告' },
    html`<div class="product"><p class="product-name">つなぎ</p></div>
<main class="sheet">
<h1>緊急時閲覧の事後報告</h1>
<dl class="facts"><div><dt>患者</dt><dd>${shown(patientName, NAME_CHARS_MAX)}</dd></div></dl>
<form method="post" action="${localPath(action)}">${Object.entries(fields).map(
      ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
    )}
<p><label for="report">何のために閲覧し、どう用いたか（10文字以上、必須）</label></p>
<p><textarea id="report" name="report" rows="5" required minlength="10" maxlength="2000"></textarea></p>
<button type="submit" class="button" data-kind="primary">報告する</button>
</form>
<p><a class="button" data-kind="quiet" href="/viewer">閲覧画面に戻る</a></p>
</main>`,
  )
}
