import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { session } from '../../src/gateway/tables.ts'
import { EMPTY_ROOT, freshClaims } from '../../src/trust/index.ts'
import { SYSTEMS, WARNING_CODES, WARNINGS } from '../../src/vocabulary/index.ts'
import { NOON } from '../support/test-context.ts'
import { ASKING, promiseOf, receiptOf } from './local-peer.ts'
import { answerTo, type HubAnswers, type HubCall, type TestRegion, testRegion } from './local-region.ts'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const ASTHMA =
  '{"resourceType":"Condition","id":"c-9","subject":{"reference":"Patient/x"},"code":{"text":"喘息"},"recordedDate":"2026-01-15"}'
const WORDS = '意識がなく、家族とも連絡がとれない'
const TWO_FACTORS = { amr: ['pwd', 'otp'] }

/** A hub that gives only to whoever says that this is a first visit, or an emergency. */
function grudging(region: TestRegion): HubAnswers {
  return (call) => {
    const { first_visit: firstVisit, break_glass: glass } = call.claims.extensions?.tsunagi ?? {}
    if (call.path === '/emergencies') return { status: 200, text: JSON.stringify(emergencies(region)) }
    if (call.path === '/emergencies/report') return { status: 204, text: '' }
    if (firstVisit === undefined && glass === undefined) return denial(region, call)
    return answerTo(region, call, { sources: [{ region: 'sagamino', status: 'complete', texts: [ASTHMA] }] })
  }
}

const emergencies = (region: TestRegion) => [
  {
    emergency: 'e'.repeat(43),
    institution: '1410000001',
    user: 'dr-sato',
    brokenAt: NOON.toISOString(),
    region: region.ctx.region,
  },
]

async function denial(region: TestRegion, { digest }: HubCall) {
  const coding = [{ system: SYSTEMS.refusal, code: 'not-provided' }]
  const issue = [{ severity: 'error', code: 'forbidden', details: { coding } }]
  const receipt = await receiptOf(region.peers.hub, {
    ...freshClaims(region.hub.url, ASKING, NOON),
    ...{ req: digest, root: Buffer.from(EMPTY_ROOT).toString('base64url'), count: 0, status: 'denied' },
    promise: promiseOf(NOON, digest),
  })
  return {
    status: 403,
    text: JSON.stringify({ resourceType: 'OperationOutcome', issue }),
    headers: { 'tsunagi-receipt': receipt },
  }
}

interface Opened {
  cookie: string
  patient: string
}

async function open(region: TestRegion, login: object = {}): Promise<Opened> {
  const response = await fetch(`${region.url}/viewer/launch`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ login: await region.login(login), patient: '7001' }),
  })
  expect(response.status).toBe(200)
  const [row] = await region.ctx.db.select().from(session)
  return {
    cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '',
    patient: row?.patientHandle ?? '',
  }
}

async function get(region: TestRegion, { cookie }: Opened, path = '') {
  const response = await fetch(`${region.url}/viewer${path}`, { headers: { cookie } })
  return { status: response.status, text: await response.text() }
}

async function post(region: TestRegion, { cookie, patient }: Opened, path: string, fields: object = {}) {
  const response = await fetch(`${region.url}/viewer/${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      cookie,
      'sec-fetch-site': 'same-origin',
    },
    body: new URLSearchParams({ patient, ...fields }),
  })
  return { status: response.status, text: await response.text() }
}

async function grudgingRegion(): Promise<TestRegion> {
  const region = await testRegion()
  region.state.answers = grudging(region)
  return region
}

const queries = ({ calls }: TestRegion) => calls.filter(({ path }) => path === '/fhir/_search')

test('where nothing is provided, a first visit and an emergency are offered, with both warnings', async () => {
  await using region = await grudgingRegion()
  const { status, text } = await get(region, await open(region))
  expect(status).toBe(403)
  for (const code of WARNING_CODES) expect(text).toContain(WARNINGS[code].ja)
  expect(text).toContain('action="/viewer/first-visit"')
  expect(text).toContain('href="/viewer/emergency"')
  expect(text).not.toMatch(/未受診|撤回|支援措置/)
})

test('to whom the own council names for neither, neither is offered, and asking for it is refused', async () => {
  await using region = await grudgingRegion()
  const opened = await open(region, { profession: 'pharmacist', ...TWO_FACTORS })
  const { text } = await get(region, opened)
  expect(text).not.toContain('/viewer/first-visit')
  expect(text).not.toContain('/viewer/emergency')
  expect((await get(region, opened, '/emergency')).status).toBe(403)
  const started = await post(region, opened, 'emergency', { kind: 'unconscious', words: WORDS })
  expect(started.status).toBe(403)
})

test('one confirmation, and the signed request says that it is a first visit and what was acknowledged', async () => {
  await using region = await grudgingRegion()
  const opened = await open(region)
  await get(region, opened)
  expect((await post(region, opened, 'first-visit')).status).toBe(303)
  const { status, text } = await get(region, opened)
  expect([status, text]).toEqual([200, expect.stringContaining('喘息')])
  expect(queries(region).map(({ claims }) => claims.extensions?.tsunagi.first_visit)).toEqual([
    undefined,
    { warnings: WARNING_CODES },
  ])
})

test('D18, D20: an emergency asks for two factors and a reason, says who is told, and lasts an hour', async () => {
  await using region = await grudgingRegion()
  const opened = await open(region, TWO_FACTORS)
  const { status, text } = await get(region, opened, '/emergency')
  expect(status).toBe(200)
  for (const said of ['60分', '協議会に通知', '24時間以内', '港 花子', '女性']) expect(text).toContain(said)
  expect((await post(region, opened, 'emergency', { kind: 'unconscious', words: '急患' })).status).toBe(400)
  expect((await post(region, opened, 'emergency', { words: WORDS })).status).toBe(400)
  expect((await post(region, opened, 'emergency', { kind: 'unconscious', words: WORDS })).status).toBe(303)
  const shown = await get(region, opened)
  expect(shown.text).toContain('喘息')
  expect(shown.text).toMatch(/緊急時閲覧中<\/strong> 残り60分（13:00まで）/)
  expect(queries(region).at(-1)?.claims.extensions).toMatchObject({
    ihe_iua: { purpose_of_use: [{ code: 'BTG' }] },
    tsunagi: {
      break_glass: {
        reason: `意識障害：${WORDS}`,
        since: NOON.getTime() / 1000,
        second_factor: true,
      },
    },
  })
  const [row] = await region.ctx.db.select().from(session)
  expect(row?.expiresAt).toEqual(new Date(NOON.getTime() + 3_600_000))
})

test('D18: by one factor nobody breaks the glass: the page says how, and the form is refused', async () => {
  await using region = await grudgingRegion()
  const opened = await open(region)
  const { text } = await get(region, opened, '/emergency')
  expect(text).toContain('二要素')
  expect(text).not.toContain('name="words"')
  const started = await post(region, opened, 'emergency', { kind: 'unconscious', words: WORDS })
  expect(started.status).toBe(403)
})

test('the report goes to the hub for the emergency that the session was', async () => {
  await using region = await grudgingRegion()
  const opened = await open(region, TWO_FACTORS)
  await post(region, opened, 'emergency', { kind: 'life', words: WORDS })
  expect((await get(region, opened, '/report')).text).toContain('name="report"')
  const sent = await post(region, opened, 'report', { report: 'アレルギーを確かめ、処置に用いた。' })
  expect([sent.status, sent.text]).toEqual([200, expect.stringContaining('報告しました')])
  const call = region.calls.find(({ path }) => path === '/emergencies/report')
  expect(JSON.parse(call?.body ?? '')).toEqual({
    emergency: 'e'.repeat(43),
    by: 'dr-sato',
    report: 'アレルギーを確かめ、処置に用いた。',
  })
})

test('D20: a form made for another patient acts on nobody', async () => {
  await using region = await grudgingRegion()
  const opened = await open(region, TWO_FACTORS)
  const other = { ...opened, patient: 'another' }
  for (const [path, fields] of [
    ['first-visit', {}],
    ['emergency', { kind: 'life', words: WORDS }],
    ['report', { report: WORDS }],
  ] as const) {
    expect((await post(region, other, path, fields)).status).toBe(409)
  }
  const [row] = await region.ctx.db.select().from(session)
  expect(row?.opened).not.toHaveProperty('breakGlass')
  expect(row?.opened).not.toHaveProperty('firstVisit')
})

test.skipIf(!existsSync(CHROMIUM))(
  'a first visit and an emergency by keyboard alone',
  async () => {
    await using region = await grudgingRegion()
    const login = await region.login(TWO_FACTORS)
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage()
      await page.setContent(`<form method="post" action="${region.url}/viewer/launch">
        <input type="hidden" name="login" value="${login}"><input type="hidden" name="patient" value="7001">
        <button id="open">開く</button></form>`)
      await page.click('#open')
      await page.waitForURL('**/viewer')
      const press = async (label: string) => {
        for (let turn = 0; turn < 20; turn++) {
          await page.keyboard.press('Tab')
          const focused = await page.evaluate<string>("document.activeElement?.textContent?.trim() ?? ''")
          if (focused === label) return page.keyboard.press('Enter')
        }
        throw new Error(`No way to ${label} by keyboard.`)
      }
      await press('緊急時閲覧へ進む')
      await page.waitForURL('**/viewer/emergency')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Space')
      await page.keyboard.press('Tab')
      await page.keyboard.type(WORDS)
      await press('緊急時閲覧を開始')
      await page.waitForURL('**/viewer')
      expect(await page.textContent('body')).toContain('緊急時閲覧中')
      expect(await page.textContent('body')).toContain('喘息')
    } finally {
      await browser.close()
    }
  },
  60_000,
)
