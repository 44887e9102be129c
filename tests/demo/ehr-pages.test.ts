import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type EhrRegion, openEhrPages } from '../../src/demo/ehr-pages.ts'
import { openIdentityProvider } from '../../src/demo/identity-provider.ts'
import { buildWorld, DEMO_REGIONS, type RegionId, STORY } from '../../src/demo/world/index.ts'
import { textOf } from '../pages/read-html.ts'

/** The regions' simulated EHRs, whose gateways are where they would be. */
async function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-ehr-'))
  const world = buildWorld({ residents: 20, today: new Date('2026-11-22T03:00:00Z') })
  const regions = {} as Record<RegionId, EhrRegion>
  for (const [index, region] of DEMO_REGIONS.entries()) {
    const provider = await openIdentityProvider(region.id, folder)
    regions[region.id] = { ...region, provider, localUrl: `http://127.0.0.1:${4001 + index}` }
  }
  const pages = await openEhrPages({ regions, world })
  return {
    world,
    url: (region: RegionId) => pages.urls[region],
    listOf: async (region: RegionId) => textOf(await (await fetch(pages.urls[region])).text()),
    open: (region: RegionId, row: string) =>
      fetch(`${pages.urls[region]}/open`, { method: 'POST', body: new URLSearchParams({ row }) }),
    async [Symbol.asyncDispose]() {
      await pages[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

test('each region lists its residents as it spells them itself, which another spells otherwise', async () => {
  await using t = await setup()
  const [minato, shiokaze] = [await t.listOf('minato'), await t.listOf('shiokaze')]
  expect(minato).toContain('髙橋 文乃')
  expect(shiokaze).toContain('高橋 文乃')
  for (const { region, localId, record } of t.world.registrations) {
    if (Object.values(STORY).every(({ localIds }) => localIds[region] !== localId)) continue
    expect(await t.listOf(region)).toContain(`${record.family.kanji} ${record.given.kanji}`)
  }
})

test('what hands over to the viewer says that it is simulated, and for whom, and carries a login in its body', async () => {
  await using t = await setup()
  const response = await t.open('shiokaze', '0')
  const page = await response.text()
  expect(textOf(page)).toContain('模擬の電子カルテ')
  expect(textOf(page)).toContain('高橋 文乃')
  expect(page).toContain('action="http://127.0.0.1:4003/viewer/launch"')
  expect(page).toMatch(/name="login" value="ey/)
  expect(response.headers.get('content-security-policy')).toContain('form-action http://127.0.0.1:4003')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect((await t.open('shiokaze', '99')).status).toBe(404)
})

test('a council’s office is let in at a page of its own: two at the desk and a privacy officer, each with a fresh login', async () => {
  await using t = await setup()
  const entry = textOf(await (await fetch(`${t.url('minato')}/office`)).text())
  for (const user of ['m-desk', 'm-desk-2', 'm-privacy']) expect(entry).toContain(user)
  expect(entry).not.toContain('s-desk')
  const open = (user: string) =>
    fetch(`${t.url('minato')}/office/open`, { method: 'POST', body: new URLSearchParams({ user }) })
  const loginIn = async (response: Response) => {
    const page = await response.text()
    expect(page).toContain('action="http://127.0.0.1:4001/office/launch"')
    const token = /name="login" value="([^"]+)"/.exec(page)?.[1] ?? ''
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  }
  const first = await loginIn(await open('m-privacy'))
  expect(first).toMatchObject({ sub: 'm-privacy', role: 'council', duties: ['privacy'] })
  expect((await loginIn(await open('m-privacy'))).jti).not.toBe(first.jti)
  expect(await loginIn(await open('m-desk'))).toMatchObject({ duties: ['desk'] })
  expect((await open('s-desk')).status).toBe(404)
})
