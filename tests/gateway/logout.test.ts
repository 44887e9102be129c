import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { auditDetail, auditEntry } from '../../src/audit/tables.ts'
import { session } from '../../src/gateway/tables.ts'
import { NOON } from '../support/test-context.ts'
import { COUNCIL, FEED, type TestRegion, testRegion } from './local-region.ts'

/** Case D23: whoever the identity provider disables, or gives another role, is out with the next request. */
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const SECONDS = NOON.getTime() / 1000
const saying = (changes: object = {}) => ({ sub: 'dr-sato', events: { [EVENT]: {} }, ...changes })

function launch(region: TestRegion, login: string): Promise<Response> {
  return fetch(`${region.url}/viewer/launch`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ login, patient: '7001' }),
  })
}

async function open(region: TestRegion, login: string): Promise<string> {
  const response = await launch(region, login)
  expect(response.status).toBe(200)
  return response.headers.get('set-cookie')?.split(';')[0] ?? ''
}

const view = async (region: TestRegion, cookie: string) =>
  (await fetch(`${region.url}/viewer/emergency`, { headers: { cookie } })).status

function logOut(region: TestRegion, token: string, ...more: string[]): Promise<Response> {
  const body = new URLSearchParams([token, ...more].map((each): [string, string] => ['logout_token', each]))
  return fetch(`${region.url}/backchannel-logout`, { method: 'POST', body })
}

test('D23: disabled at the identity provider, the next request is refused: sessions, logins not used yet, bearers', async () => {
  await using region = await testRegion()
  const cookie = await open(region, await region.login())
  const other = await open(region, await region.login({ sub: 'dr-abe' }))
  const [unused, bearer] = [await region.login(), await region.login({ ...COUNCIL, sub: 'dr-sato' })]
  const read = (token: string) =>
    fetch(`${region.url}/council/notices`, { headers: { authorization: `Bearer ${token}` } })
  expect([await view(region, cookie), (await read(bearer)).status]).toEqual([200, 200])
  const answer = await logOut(region, await region.says(saying()))
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect([await view(region, cookie), (await read(bearer)).status]).toEqual([401, 401])
  expect((await launch(region, unused)).status).toBe(401)
  expect(await view(region, other)).toBe(200)
  const [entry] = await region.ctx.db
    .select({ detail: auditDetail.detail })
    .from(auditEntry)
    .innerJoin(auditDetail, eq(auditDetail.entry, auditEntry.number))
    .where(eq(auditEntry.kind, 'gateway.login-ended'))
  expect(JSON.parse(entry?.detail ?? '')).toEqual({ user: 'dr-sato', closed: 1 })
})

test('D23: who proves themselves anew is let in; the same notice again, or an older one, puts nobody out', async () => {
  await using region = await testRegion()
  const first = await region.says(saying({ iat: SECONDS - 10 }))
  const older = await region.says(saying({ iat: SECONDS - 200 }))
  expect((await logOut(region, first)).status).toBe(200)
  const cookie = await open(region, await region.login())
  expect((await logOut(region, first)).status).toBe(200)
  expect(await view(region, cookie)).toBe(200)
  expect((await launch(region, await region.login({ auth_time: SECONDS - 60 }))).status).toBe(401)
  expect((await logOut(region, older)).status).toBe(200)
  expect((await launch(region, await region.login({ auth_time: SECONDS - 60 }))).status).toBe(401)
})

test.each<[string, (region: TestRegion) => Promise<string[]>]>([
  [
    'names only a session of the provider',
    async (t) => [await t.says(saying({ sub: undefined, sid: 's-1' }))],
  ],
  ['is no logout', async (t) => [await t.says(saying({ events: {} }))]],
  ['carries a nonce', async (t) => [await t.says(saying({ nonce: 'n' }))]],
  ['is a login', async (t) => [await t.login()]],
  ['is a feed’s login', async (t) => [await t.login(FEED)]],
  [
    'is for another gateway',
    async (t) => [await t.says(saying({ aud: 'https://gateway.sagamino.example' }))],
  ],
  ['is valid for longer than a logout', async (t) => [await t.says(saying({ exp: SECONDS + 3_600 }))]],
  ['comes twice in one call', async (t) => [await t.says(saying()), await t.says(saying())]],
  ['is nothing', async () => ['']],
])('D23: 400 for what %s, and nobody is put out', async (_what, tokens) => {
  await using region = await testRegion()
  const cookie = await open(region, await region.login())
  const [token = '', ...more] = await tokens(region)
  expect((await logOut(region, token, ...more)).status).toBe(400)
  expect(await view(region, cookie)).toBe(200)
  expect(await region.ctx.db.$count(session)).toBe(1)
})
