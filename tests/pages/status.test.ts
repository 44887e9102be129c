import { expect, test } from 'vitest'
import { assetRoutes, PAGE_CSP, refusalPage, statusPage } from '../../src/pages/index.ts'
import { tagsOf, textOf } from './read-html.ts'

const AT = '2026-11-22T05:03:12.000Z'

const region = {
  id: 'minato',
  name: 'みなと連携ネット',
  stage: 'asking',
  state: 'up',
  lastAnswerAt: AT,
  lastAskedAt: AT,
  latencyMs: 183.4,
} as const

test('every network with its state in words, its stage, its last answer in Japanese time', async () => {
  const html = String(
    await statusPage({
      at: AT,
      hub: { state: 'up', auditSize: 12_345, sealedAt: AT },
      regions: [
        region,
        { ...region, id: 'sagamino', state: 'down', lastAnswerAt: null, latencyMs: null },
        { ...region, id: 'shiokaze', state: 'degraded' },
        { ...region, id: 'oyama', state: 'maintenance' },
      ],
    }),
  )
  const text = textOf(html)
  for (const word of [
    '正常',
    '停止',
    '低下',
    '計画停止',
    '照会と応答',
    '応答の記録がありません',
    '183 ms',
    '12,345件',
  ])
    expect(text).toContain(word)
  expect(text).toContain('更新 2026年11月22日（令和8年）14:03')
  expect(text).toContain('4ネットワーク中2ネットワークに障害があります。')
})

test('the stylesheet comes from the own server, and the policy allows nothing else', async () => {
  const response = await assetRoutes().request('/assets/tsunagi.css')
  expect(response.headers.get('content-type')).toBe('text/css; charset=utf-8')
  expect(await response.text()).not.toMatch(/@import|url\(/)
  expect(PAGE_CSP).toBe(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  )
})

test('a refusal says its one sentence, its code and the number to ask with', async () => {
  const html = String(
    await refusalPage({
      code: 'not-provided',
      sentence: { ja: '提供できる情報がありません。', en: 'Nothing is provided.' },
      reference: '7f3c1a90b2d4',
      back: { label: '患者一覧へ', to: '/launch' },
    }),
  )
  expect(textOf(html)).toContain('提供できる情報がありません。')
  expect(textOf(html)).toContain('お問い合わせ番号7f3c1a90b2d4')
  expect(tagsOf(html).filter((tag) => tag.startsWith('<script'))).toEqual([])
  expect(html).toContain('<html lang="ja">')
})
