import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findConsentCopy, putPolicyCopy } from '../../src/gateway/copy-store.ts'
import { COUNCIL, FEED, PATIENT, SYSTEM, type TestRegion, testRegion } from '../gateway/local-region.ts'
import { PRIVACY } from '../gateway/office-pages.ts'
import { policyFrom } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import { focusOf, overflowOf } from './in-page.ts'
import { keepPicture, openBrowser } from './open-browser.ts'

/** The council office's pages at a real gateway, by keyboard alone and without scripts. */
let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** Logs in as from the region's own page, on another site: a form with a login in its body. */
async function open(region: TestRegion, claims: object = COUNCIL, options: object = {}) {
  const context = await browser.newContext({ locale: 'ja-JP', timezoneId: 'Asia/Tokyo', ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  await page.setContent(`<form method="post" action="${region.url}/office/launch">
    <input type="hidden" name="login" value="${await region.login(claims)}"><button>ログイン</button></form>`)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/office')
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
}

async function desk(): Promise<TestRegion> {
  const region = await testRegion()
  region.state.answers = ({ body }) => ({ status: 201, text: body })
  await region.ctx.db.transaction((tx) => putPolicyCopy(tx, policyFrom({ secondCheckPercent: 0 }), NOON))
  await fetch(`${region.url}/fhir/Patient?identifier=${encodeURIComponent(`${SYSTEM}|7001`)}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${await region.login(FEED)}`, 'content-type': 'application/fhir+json' },
    body: JSON.stringify(PATIENT),
  })
  return region
}

/** Tabs on until what has the focus says so. */
async function tabTo(page: Page, what: RegExp): Promise<void> {
  for (let count = 0; count < 60; count++) {
    await page.keyboard.press('Tab')
    if (what.test(await nameOf(page))) return
  }
  throw new Error(`Nothing to tab to says ${what}`)
}

/** What has the focus: its label, or its text. */
function nameOf(page: Page): Promise<string> {
  return page.evaluate(`(() => {
    const element = document.activeElement
    return element.labels?.length ? element.labels[0].textContent : element.textContent
  })()`)
}

test('by keyboard: a faulty stop comes back with its faults and what was typed, then sharing ends', async () => {
  await using region = await desk()
  await using opened = await open(region)
  const { page } = opened
  await tabTo(page, /^停止・撤回など/)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: '停止・撤回など' }).waitFor()
  await tabTo(page, /受付番号/)
  await page.keyboard.type('受付 1')
  await tabTo(page, /地域患者ID/)
  await page.keyboard.type('7001')
  await page.keyboard.press('Enter')
  const faults = page.getByRole('alert')
  await faults.waitFor()
  await keepPicture(page, 'office-faults')
  expect(await focusOf(page)).toMatchObject({ text: expect.stringContaining('受付番号') })
  await tabTo(page, /^受付番号 Receipt number$/)
  await page.keyboard.press('Enter')
  const receipt = page.getByRole('textbox', { name: /受付番号/ })
  expect(await receipt.inputValue()).toBe('受付 1')
  expect(await receipt.getAttribute('aria-invalid')).toBe('true')
  const described = await receipt.getAttribute('aria-describedby')
  expect(described).toBe('receipt-hint receipt-fault')
  await receipt.focus()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('T-2026-1')
  await page.keyboard.press('Enter')
  await page.getByRole('status').waitFor()
  expect(await page.getByRole('status').textContent()).toContain('有効になり')
  expect(await findConsentCopy(region.ctx.db, '7001')).toMatchObject({ status: 'stopped' })
  expect(opened.complaints.filter((each) => !each.includes('422'))).toEqual([])
})

/** One emergency of a patient of this region, as the hub lists it. */
const EMERGENCY = {
  ...{ emergency: 'e-1', region: 'shiokaze', institution: '1410000001', user: 'dr-1', views: 1 },
  ...{ profession: 'physician', post: 'attending', reason: '意識がなく、家族とも連絡がとれないため' },
  ...{
    brokenAt: '2026-06-01T02:00:00Z',
    reportDueAt: '2026-06-02T02:00:00Z',
    reportedAt: null,
    report: null,
  },
  review: {
    patient: '7001',
    dueOn: '2026-06-08',
    reviewedAt: null,
    officer: null,
    finding: null,
    note: null,
  },
}

test('by keyboard: an emergency is reviewed, and the hub is told in the officer’s name', async () => {
  await using region = await desk()
  const headers = { 'content-type': 'application/json' }
  region.state.answers = ({ method }) =>
    method === 'GET' ? { status: 200, text: JSON.stringify([EMERGENCY]), headers } : { status: 204, text: '' }
  await using opened = await open(region, PRIVACY)
  const { page } = opened
  await tabTo(page, /^緊急時閲覧/)
  await page.keyboard.press('Enter')
  await page.getByText('未確認。期限 2026年6月8日').waitFor()
  await keepPicture(page, 'office-emergency')
  await tabTo(page, /適切 Proper/)
  await page.keyboard.press('Space')
  await tabTo(page, /確認したこと/)
  await page.keyboard.type('救急搬送の記録と一致した。')
  await tabTo(page, /^記録する/)
  await page.keyboard.press('Enter')
  await page.getByRole('status').waitFor()
  expect(JSON.parse(region.calls.at(-1)?.body ?? '')).toEqual({
    ...{ emergency: 'e-1', officer: PRIVACY.name, finding: 'proper' },
    note: '救急搬送の記録と一致した。',
  })
  expect(opened.complaints).toEqual([])
})

test('every page shows where the keyboard is, needs no sideways scrolling and no scripts', async () => {
  await using region = await desk()
  region.state.answers = () => ({ status: 200, text: '[]', headers: { 'content-type': 'application/json' } })
  for (const width of [1280, 820, 320]) {
    await using opened = await open(region, COUNCIL, {
      ...{ javaScriptEnabled: width !== 820, viewport: { width, height: 900 } },
    })
    const { page } = opened
    const links = await page
      .locator('.office-nav a')
      .evaluateAll((all) => all.map((each) => each.getAttribute('href')))
    expect(links).toHaveLength(7)
    for (const path of ['/office', ...links]) {
      await page.goto(region.url + path)
      expect(await page.locator('h1').count()).toBe(1)
      expect(await page.locator('body').textContent()).not.toMatch(/undefined|\[object/)
      await keepPicture(page, `office-${width}${path?.replaceAll('/', '-')}`)
      if (width === 820) continue
      expect(await overflowOf(page)).toBeLessThanOrEqual(0)
      await page.keyboard.press('Tab')
      expect(await focusOf(page)).toMatchObject({ text: '本文へ移動', outline: '4px solid rgb(0, 0, 0)' })
    }
    expect(opened.complaints).toEqual([])
  }
})

test('a disclosure report prints alone, without the office around it', async () => {
  await using region = await desk()
  const text = '診療情報等の閲覧・照会の記録（本人開示用）\n\n1. 2026年6月1日\n'
  const headers = { 'content-type': 'text/plain; charset=utf-8' }
  region.state.answers = () => ({ status: 200, text, headers })
  await using opened = await open(region, PRIVACY)
  const { page } = opened
  await page.goto(`${region.url}/office/privacy/disclosures`)
  await tabTo(page, /地域患者ID/)
  await page.keyboard.type('7001')
  await tabTo(page, /本人 The resident$/)
  await page.keyboard.press('Space')
  await tabTo(page, /確認した書類/)
  await page.keyboard.type('運転免許証 第1234号')
  await page.keyboard.press('Enter')
  await page.getByText('（本人開示用）').waitFor()
  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('.report').isVisible()).toBe(true)
  for (const hidden of ['.office-nav', 'h1', '.no-print', '.ways', 'form'])
    expect(await page.locator(hidden).first().isVisible()).toBe(false)
  expect((await page.pdf({ preferCSSPageSize: true })).byteLength).toBeGreaterThan(1_000)
})
