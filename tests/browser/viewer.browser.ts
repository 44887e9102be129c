import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MINATO, RESOURCES, SAGAMINO, sampleModel } from '../pages/sample-model.ts'
import { bannerOf, bannerStyleOf, focusOf, moveTimeline, overflowOf, scrollTo } from './in-page.ts'
import { keepPicture, openBrowser, openPage } from './open-browser.ts'
import { printedPages } from './printed-pages.ts'
import { CROWDED, FULL, sampleApp } from './sample-app.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

const WIDTHS = [1280, 820] as const

describe.each(WIDTHS)('the viewer at %i pixels', (width) => {
  const viewport = { width, height: 1000 }

  test('keeps the patient on top and unobscured, wherever one scrolls to', async () => {
    await using open = await openPage(browser, sampleApp(), { viewport })
    const { page } = open
    await page.goto(`${open.url}/viewer`)
    await keepPicture(page, `viewer-${width}-top`)
    for (const part of [0.2, 0.5, 1]) {
      await scrollTo(page, part)
      const banner = await bannerOf(page)
      expect(banner).toMatchObject({ top: 0, isCovered: false })
      expect(banner.height).toBeLessThan(viewport.height / 3)
      await keepPicture(page, `viewer-${width}-${part}`)
    }
  })

  test('needs no sideways scrolling', async () => {
    await using open = await openPage(browser, sampleApp(), { viewport })
    for (const path of ['/viewer', '/', '/hand-over', '/status']) {
      await open.page.goto(open.url + path)
      expect(await overflowOf(open.page)).toBeLessThanOrEqual(0)
    }
  })

  test('shows where the keyboard is, and never under the banner', async () => {
    await using open = await openPage(browser, sampleApp(), { viewport, reducedMotion: 'reduce' })
    await open.page.goto(`${open.url}/viewer`)
    const seen = []
    for (let count = 0; count < 12; count++) {
      await open.page.keyboard.press('Tab')
      seen.push(await focusOf(open.page))
      if (count === 4) await keepPicture(open.page, `viewer-${width}-focus`)
    }
    expect(seen.slice(0, 2).map(({ text }) => text)).toEqual(['本文へ移動', '患者を閉じる'])
    expect(seen.map(({ text }) => text)).toContain('再取得')
    for (const each of seen)
      expect(each).toMatchObject({ outline: '4px solid rgb(0, 0, 0)', isHidden: false })
  })
})

test('the whole way works without scripts: list, viewer, close', async () => {
  await using open = await openPage(browser, sampleApp(), { javaScriptEnabled: false })
  const { page } = open
  await page.goto(open.url)
  await keepPicture(page, 'launch')
  await page.getByRole('button', { name: /他の地域の情報を見る.*髙橋 文乃/ }).click()
  await page.getByRole('heading', { name: '時系列' }).waitFor()
  expect(await page.title()).toBe('診療情報の閲覧｜つなぎ')
  expect(page.url()).toBe(`${open.url}/viewer`)
  await page.getByText('本文を表示').first().click()
  await page.getByText('平素より大変お世話になっております。').waitFor()
  await page.getByRole('button', { name: '再取得' }).click()
  await page.getByRole('button', { name: '患者を閉じる' }).click()
  await page.getByRole('heading', { name: 'しおかぜ総合病院 本日の外来' }).waitFor()
  expect(open.complaints).toEqual([])
})

test.each(['/', '/hand-over'])('a simulated page says so: %s', async (path) => {
  await using open = await openPage(browser, sampleApp())
  await open.page.goto(open.url + path)
  await keepPicture(open.page, `simulated-${path.slice(1) || 'list'}`)
  expect(await open.page.getByText('模擬の電子カルテ').isVisible()).toBe(true)
  expect(await open.page.getByRole('button').first().isVisible()).toBe(true)
  expect(open.complaints).toEqual([])
})

test('hostile text does nothing: no script, no request, nothing for the policy to refuse', async () => {
  const hostile = '"><img src=https://elsewhere.example/x onerror=alert(1)><script>alert(2)</script>\u202e'
  const region = { ...MINATO, name: hostile }
  const model = sampleModel([
    {
      region,
      state: 'complete',
      resources: [
        {
          resourceType: 'Condition',
          id: 'c',
          code: { text: hostile },
          text: { div: `<div>${hostile}</div>` },
        },
        { resourceType: 'AllergyIntolerance', id: 'a', category: ['medication'], code: { text: hostile } },
      ],
    },
    { region: SAGAMINO, state: 'timeout' },
  ])
  await using open = await openPage(
    browser,
    sampleApp({ ...model, patient: { ...model.patient, kanji: hostile, kana: hostile } }),
  )
  await open.page.goto(`${open.url}/viewer`)
  await keepPicture(open.page, 'viewer-hostile')
  expect(open.complaints).toEqual([])
  expect(await open.page.locator('script, img').count()).toBe(0)
  expect(await overflowOf(open.page)).toBeLessThanOrEqual(0)
})

/** The ground of a recorded allergy in the banner: after the first page nothing else has this colour. */
const BANNER_COLOUR = /\.992\d* \.933\d* \.933\d* rg/

test.each([
  ['a common patient', FULL],
  ['many allergies and a long name', CROWDED],
])('prints on A4 with the patient as the head of every page: %s', async (name, model) => {
  await using open = await openPage(browser, sampleApp(model))
  await open.page.goto(`${open.url}/viewer`)
  const folder = process.env.SCREENSHOTS
  const pdf = await open.page.pdf({
    preferCSSPageSize: true,
    ...(folder === undefined ? {} : { path: `${folder}/${name.replaceAll(' ', '-')}.pdf` }),
  })
  const headed = printedPages(pdf).map((drawn) => BANNER_COLOUR.test(drawn))
  expect(headed.length).toBeGreaterThan(2)
  expect(headed).not.toContain(false)
  await open.page.emulateMedia({ media: 'print' })
  expect(await bannerStyleOf(open.page)).toEqual({ display: 'table-header-group', position: 'static' })
  expect(await open.page.getByText('さがみ野つながるネット：応答なし（時間切れ）').isVisible()).toBe(true)
  expect(await open.page.getByRole('button').count()).toBe(0)
  if (model === FULL)
    expect(
      await open.page
        .getByText(/^国の形式：不適合/)
        .first()
        .isVisible(),
    ).toBe(true)
})

/** A page of A4 is about 1,000 pixels high, a heading with its table's head 60. */
const PLACES_PX = Array.from({ length: 27 }, (_, at) => at * 40)
/** What `moveTimeline` painted, as a PDF says it. */
const PAINTED = { heading: /(^|\s)\.2 0 0 rg/, head: /(^|\s)0 \.2 0 rg/, row: /(^|\s)0 0 \.2 rg/ }

test('printed, the timeline’s heading and its table’s head are never left without a row', async () => {
  const resources = [RESOURCES.drugAllergy, RESOURCES.potassium, RESOURCES.referral, RESOURCES.checkup]
  const model = sampleModel([{ region: MINATO, state: 'complete', resources }])
  await using open = await openPage(browser, sampleApp(model))
  await open.page.goto(`${open.url}/viewer`)
  for (const downPx of PLACES_PX) {
    await moveTimeline(open.page, downPx)
    const pages = printedPages(await open.page.pdf({ preferCSSPageSize: true }))
    const headed = pages.filter((drawn) => PAINTED.heading.test(drawn) || PAINTED.head.test(drawn))
    expect(headed.length).toBeGreaterThan(0)
    expect(
      headed.map((drawn) => PAINTED.row.test(drawn)),
      `${downPx} px further down`,
    ).not.toContain(false)
  }
})

test.each([
  ['four times as large', { viewport: { width: 320, height: 256 } }],
  ['with the colours of the reader', { viewport: { width: 1280, height: 900 }, forcedColors: 'active' }],
] as const)('stays readable %s', async (name, options) => {
  await using open = await openPage(browser, sampleApp(FULL), options)
  for (const path of ['/viewer', '/', '/hand-over', '/status']) {
    await open.page.goto(open.url + path)
    expect(await overflowOf(open.page)).toBeLessThanOrEqual(0)
  }
  await open.page.goto(`${open.url}/viewer`)
  await keepPicture(open.page, `viewer-${name.replaceAll(' ', '-')}`)
})
