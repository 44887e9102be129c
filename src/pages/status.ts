import { html } from 'hono/html'
import type { NetworkStatus, ServiceState } from '../monitoring/index.ts'
import type { Stage } from '../vocabulary/index.ts'
import { momentText, timeText } from './dates.ts'
import { ICONS, type IconName } from './icons.ts'
import { document, type Page } from './page.ts'
import { NAME_CHARS_MAX, shown } from './shown.ts'

const STATES = {
  up: { ja: '正常', icon: 'done' },
  degraded: { ja: '低下', icon: 'alert' },
  down: { ja: '停止', icon: 'failed' },
  maintenance: { ja: '計画停止', icon: 'paused' },
  unknown: { ja: '未確認', icon: 'unknown' },
} as const satisfies Record<ServiceState, { ja: string; icon: IconName }>

const STAGES_JA = {
  registered: '登録済',
  connected: '接続試験中（模擬データのみ）',
  feeding: '登録情報を送信中',
  answering: '照会に応答',
  asking: '照会と応答',
  suspended: '停止措置中',
  left: '離脱',
} as const satisfies Record<Stage, string>

const REFRESH_SECONDS = 60

/** How the linked networks answered last, for anybody to read: counts and times, nobody's data. */
export function statusPage({ at, hub, regions }: NetworkStatus): Page {
  const troubled = regions.filter(({ state }) => state === 'down' || state === 'degraded')
  return document(
    { title: '接続状況', refreshSeconds: REFRESH_SECONDS },
    html`<header class="product"><p class="product-name">つなぎ</p><p>地域医療介護連携ネットワーク 相互参照</p></header>
<main class="sheet">
<h1>接続状況</h1>
<p class="muted">更新 <time datetime="${at}">${momentText(at)}</time>（日本標準時、${REFRESH_SECONDS}秒ごとに更新）</p>
${overall(troubled.length, regions.length)}
<h2>連携ハブ</h2>
<dl class="facts">
<div><dt>状態</dt><dd>${stateText(hub.state)}</dd></div>
<div><dt>監査記録</dt><dd>${hub.auditSize.toLocaleString('ja-JP')}件を封印済み</dd></div>
<div><dt>最後の封印</dt><dd>${hub.sealedAt === null ? '未実施' : moment(hub.sealedAt)}</dd></div>
</dl>
<h2>参加ネットワーク</h2>
<table>
<caption class="visually-hidden">ネットワークごとの状態</caption>
<thead><tr><th scope="col">ネットワーク</th><th scope="col">状態</th><th scope="col">接続段階</th><th scope="col">最後の応答</th><th scope="col" class="number">応答時間</th></tr></thead>
<tbody>${regions.map(regionRow)}</tbody>
</table>
<p class="muted">状態は直近の照会の結果です。同じ内容は <a href="/status.json">/status.json</a> でも取得できます。</p>
<p><a href="/status/alignment">国の形式への適合状況</a></p>
</main>`,
  )
}

function overall(troubled: number, all: number): Page {
  if (all === 0) return html`<p class="notice">接続しているネットワークはまだありません。</p>`
  return troubled === 0
    ? html`<p class="notice" data-tone="good">${ICONS.done}<span>障害が確認されているネットワークはありません。</span></p>`
    : html`<p class="notice" data-tone="warning">${ICONS.alert}<span>${all}ネットワーク中${troubled}ネットワークに障害があります。</span></p>`
}

function regionRow({
  id,
  name,
  stage,
  state,
  lastAnswerAt,
  latencyMs,
}: NetworkStatus['regions'][number]): Page {
  return html`<tr><th scope="row">${shown(name, NAME_CHARS_MAX)} <span class="muted">${id}</span></th><td>${stateText(state)}</td><td>${STAGES_JA[stage]}</td><td>${lastAnswerAt === null ? '応答の記録がありません' : moment(lastAnswerAt)}</td><td class="number">${latencyMs === null ? '―' : `${Math.round(latencyMs).toLocaleString('ja-JP')} ms`}</td></tr>
`
}

function stateText(state: ServiceState): Page {
  const { ja, icon } = STATES[state]
  return html`<span class="state" data-state="${state}">${ICONS[icon]}${ja}</span>`
}

function moment(at: string): Page {
  return html`<time datetime="${at}">${momentText(at)}:${timeText(new Date(at)).slice(6)}</time>`
}
