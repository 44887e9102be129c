import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { answerTo, type TestRegion, testRegion } from './local-region.ts'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** The local record system's page, on another site than the gateway: `localhost` and `127.0.0.1` are two. */
async function recordSystem(region: TestRegion): Promise<AsyncDisposable & { url: string }> {
  const login = await region.login()
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<form method="post" action="${region.url}/viewer/launch"><input type="hidden" name="login" value="${login}">
      <input type="hidden" name="patient" value="7001"><button id="open">開く</button></form>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

test.skipIf(!existsSync(CHROMIUM))(
  'a browser keeps the session over the launch from another site, and its own forms act',
  async () => {
    await using region = await testRegion()
    region.state.answers = (call) =>
      answerTo(region, call, {
        sources: [{ region: 'sagamino', status: 'timeout', texts: [], isSilent: true }],
      })
    await using ehr = await recordSystem(region)
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage()
      await page.goto(ehr.url)
      await page.click('#open')
      await page.waitForURL('**/viewer')
      expect(await page.textContent('body')).toContain('港 花子')
      expect(page.url()).toBe(`${region.url}/viewer`)
      await page.click('form[action="/viewer/again"] button')
      await page.waitForURL('**/viewer')
      expect(await page.textContent('body')).toContain('港 花子')
      await page.click('form[action="/viewer/close"] button')
      await page.waitForURL('**/viewer/close')
      expect(await page.textContent('h1')).toBe('患者を閉じました')
      await page.goto(`${region.url}/viewer`)
      expect(await page.textContent('body')).not.toContain('港 花子')
    } finally {
      await browser.close()
    }
  },
  60_000,
)
