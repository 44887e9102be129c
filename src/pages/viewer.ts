import { html } from 'hono/html'
import { PROFESSIONS, PURPOSES } from '../vocabulary/index.ts'
import { banner } from './banner.ts'
import { momentText, timeText } from './dates.ts'
import { formButton, localPath } from './form.ts'
import { document, type Page } from './page.ts'
import { NAME_CHARS_MAX, shown } from './shown.ts'
import { coverage, sourceStrip } from './source-strip.ts'
import { summary } from './summary.ts'
import { timeline } from './timeline.ts'
import type { ViewerModel } from './viewer-model.ts'

/** One patient across regions: who, from where, what, and what proves it. Works without scripts; prints. */
export function viewerPage(model: ViewerModel): Page {
  return document(
    { title: '診療情報の閲覧' },
    html`<a class="skip" href="#content">本文へ移動</a>
${askerBar(model)}
<div class="printed">
${banner(model)}
<div class="content">
<main id="content" tabindex="-1">
<h1>他の地域の診療・介護情報</h1>
<p class="own-region"><strong>${shown(model.asker.regionName, NAME_CHARS_MAX)}（自地域）の記録は含みません。</strong>「なし」も他の地域についてのことです。自地域の記録は電子カルテで確認してください。</p>
${sourceStrip(model)}
${coverage(model)}
${summary(model)}
${timeline(model)}
</main>
${proofs(model)}
</div>
</div>`,
  )
}

function askerBar(model: ViewerModel): Page {
  const { asker, close } = model
  return html`${emergencyBar(model)}<div class="product" role="region" aria-label="利用者"><p class="product-name">つなぎ</p><p class="asker">${shown(asker.regionName, NAME_CHARS_MAX)}｜${shown(asker.institutionName, NAME_CHARS_MAX)}｜${shown(asker.userName, NAME_CHARS_MAX)}（${PROFESSIONS[asker.profession].ja}）｜利用目的：${PURPOSES[asker.purpose].ja}</p>${
    close === undefined ? '' : formButton(close, '患者を閉じる', 'quiet')
  }</div>`
}

/** How long the emergency lasts still, and what is owed for it. */
function emergencyBar({ asker: { emergencyUntil }, fetchedAt, report }: ViewerModel): Page {
  if (emergencyUntil === undefined) return html``
  const minutes = Math.max(0, Math.ceil((emergencyUntil.getTime() - fetchedAt.getTime()) / 60_000))
  return html`<div class="emergency" role="status"><p><strong>緊急時閲覧中</strong> 残り${minutes}分（${timeText(emergencyUntil).slice(0, 5)}まで）。記録され、協議会に通知されています。24時間以内に報告してください。</p>${
    report === undefined
      ? ''
      : html`<p><a class="button" data-kind="secondary" href="${localPath(report)}">事後報告を書く</a></p>`
  }</div>`
}

/** What anybody can check afterwards. */
function proofs({ sources, receipt, reference, fetchedAt }: ViewerModel): Page {
  const signed = sources.filter((source) => source.receipt !== undefined)
  return html`<footer class="proofs">
<h2 id="receipts" tabindex="-1">受領証</h2>
<dl class="facts">
${signed.map((source) => html`<div><dt>${shown(source.region.name, NAME_CHARS_MAX)}</dt><dd><code>${source.receipt}</code></dd></div>`)}
${receipt === undefined ? '' : html`<div><dt>連携ハブ</dt><dd><code>${receipt}</code></dd></div>`}
</dl>
<p>取得 ${momentText(fetchedAt)}:${timeText(fetchedAt).slice(6)}。時刻は日本標準時です。この閲覧は監査記録に残り、本人に開示されることがあります。</p>
${reference === undefined ? '' : html`<p>お問い合わせ番号 <code>${reference}</code></p>`}
</footer>`
}
