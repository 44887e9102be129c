import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { session } from '../../src/gateway/tables.ts'
import { EMPTY_ROOT, freshClaims, sha256 } from '../../src/trust/index.ts'
import { OTHER_REGIONS_LINE, SYSTEMS } from '../../src/vocabulary/index.ts'
import { NOON } from '../support/test-context.ts'
import { ASKING, promiseOf, receiptOf } from './local-peer.ts'
import { answerTo, FEED, PATIENT, SYSTEM, type TestRegion, testRegion } from './local-region.ts'

const ASTHMA =
  '{"resourceType":"Condition","id":"c-9","subject":{"reference":"Patient/x"},"code":{"text":"喘息"},"recordedDate":"2026-01-15"}'
const SECOND = {
  ...PATIENT,
  id: 'p-2',
  identifier: [{ system: SYSTEM, value: '7002' }],
  name: [{ text: '山田 太郎' }],
}
const REASON = '意識がなく、本人に確認できないため'

interface Browser {
  cookie: string | undefined
  /** What the viewer's forms carry for the patient shown. */
  handle: string
}

/** Opens the viewer as the local record system's page does: a form, posted from another site. */
async function launch(
  region: TestRegion,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
) {
  const patient: Record<string, string> = 'demographics' in fields ? {} : { patient: '7001' }
  return fetch(`${region.url}/viewer/launch`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'http://ehr.minato.example',
      'sec-fetch-site': 'cross-site',
      ...headers,
    },
    body: new URLSearchParams({ login: await region.login(), ...patient, ...fields }),
  })
}

async function open(region: TestRegion, fields: Record<string, string> = {}): Promise<Browser> {
  const response = await launch(region, fields)
  expect(response.status).toBe(200)
  const cookie = response.headers.get('set-cookie')?.split(';')[0]
  const idHash = sha256(cookie?.split('=')[1] ?? '')
  const [row] = await region.ctx.db.select().from(session).where(eq(session.idHash, idHash))
  return { cookie, handle: row?.patientHandle ?? '' }
}

function view(region: TestRegion, { cookie }: Pick<Browser, 'cookie'>) {
  return fetch(`${region.url}/viewer`, { headers: cookie === undefined ? {} : { cookie } })
}

async function post(
  region: TestRegion,
  path: string,
  browser: Browser,
  headers: Record<string, string> = { 'sec-fetch-site': 'same-origin', origin: 'null' },
) {
  return fetch(`${region.url}/viewer/${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(browser.cookie && { cookie: browser.cookie }),
      ...headers,
    },
    body: new URLSearchParams({ patient: browser.handle }),
  })
}

/** A region whose hub answers honestly. */
async function answeringRegion(handle?: string): Promise<TestRegion> {
  const region = await testRegion()
  region.state.patients = [PATIENT, SECOND]
  region.state.answers = (call) =>
    answerTo(region, call, {
      sources: [
        { region: 'sagamino', status: 'complete', texts: [ASTHMA] },
        { region: 'shiokaze', status: 'timeout', texts: [], isSilent: true },
      ],
      ...(handle === undefined ? {} : { handle }),
    })
  return region
}

test('how far each record fits the national set is said where the reader asks for it', async () => {
  await using region = await answeringRegion()
  const { cookie = '' } = await open(region)
  const plain = await (await view(region, { cookie })).text()
  expect([plain.includes('data-level='), plain.includes('href="/viewer?levels"')]).toEqual([false, true])
  const judged = await (await fetch(`${region.url}/viewer?levels`, { headers: { cookie } })).text()
  expect(judged).toContain('data-level="readable"')
})

test('the page shows one patient, from where, and what is missing; the address says nothing', async () => {
  await using region = await answeringRegion()
  const opened = await launch(region)
  expect(opened.headers.get('refresh')).toBe('0;url=/viewer')
  expect(opened.headers.get('set-cookie')).toMatch(
    /^__Host-tsunagi=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  )
  const cookie = opened.headers.get('set-cookie')?.split(';')[0]
  const response = await view(region, { cookie })
  const text = await response.text()
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  for (const shown of [
    '港 花子',
    '喘息',
    'さがみ野つながるネット',
    'しおかぜ医療介護ネット',
    'みなと病院',
    '佐藤 一郎',
    OTHER_REGIONS_LINE.ja,
  ]) {
    expect(text).toContain(shown)
  }
  expect(/<title>([^<]*)/.exec(text)?.[1]).not.toContain('港')
  expect(text).not.toMatch(/(href|action|src)="[^"]*7001/)
  expect(region.calls[0]?.claims).toMatchObject({
    sub: 'dr-sato',
    extensions: { ihe_iua: { purpose_of_use: [{ code: 'TREAT' }] } },
  })
})

test('the database holds neither the session’s id nor, once a handle is there, demographics', async () => {
  await using region = await answeringRegion('opaque')
  const demographics = JSON.stringify({
    resourceType: 'Patient',
    name: [{ text: '海野 次郎' }],
    birthDate: '1940-01-05',
    gender: 'male',
    address: [{ text: '湊町1-2-3' }],
  })
  const browser = await open(region, { demographics })
  expect(await (await view(region, browser)).text()).toContain('海野 次郎')
  const rows = JSON.stringify(await region.ctx.db.select().from(session))
  expect(rows).not.toContain(browser.cookie?.split('=')[1])
  expect(rows).not.toContain('湊町')
  expect(await (await view(region, browser)).text()).toContain('海野 次郎')
  expect(new URLSearchParams(region.calls[1]?.body).get('patient.identifier')).toBe(
    `${SYSTEMS.handle}|opaque`,
  )
})

test('D20: break-glass carries its reason, and ends after an hour', async () => {
  await using region = await answeringRegion()
  const browser = await open(region, {
    reason: REASON,
    login: await region.login({ amr: ['pwd', 'otp'], visit: { kind: 'outpatient', patient: '7001' } }),
  })
  await view(region, browser)
  expect(region.calls[0]?.claims.extensions).toMatchObject({
    ihe_iua: { purpose_of_use: [{ code: 'BTG' }] },
    tsunagi: {
      break_glass: { reason: REASON, second_factor: true, since: NOON.getTime() / 1000 },
      visit: { kind: 'outpatient', on: '2026-06-01' },
    },
  })
  const [row] = await region.ctx.db.select().from(session)
  expect(row?.expiresAt).toEqual(new Date(NOON.getTime() + 3_600_000))
})

test('a login opens the viewer once; opening again needs another', async () => {
  await using region = await answeringRegion()
  const login = await region.login()
  expect((await launch(region, { login })).status).toBe(200)
  const again = await launch(region, { login })
  expect(again.status).toBe(401)
  expect(again.headers.get('set-cookie')).toBeNull()
  expect(await again.text()).toContain('token-replayed')
})

const REFUSED: [string, (region: TestRegion) => Promise<Record<string, string>>, number][] = [
  ['without a login', async () => ({ login: 'x.y.z' }), 401],
  ['with a feeding system’s login', async (region) => ({ login: await region.login(FEED) }), 403],
  ['for an unknown patient', async () => ({ patient: '9999' }), 404],
  ['with an unknown field', async () => ({ next: '//evil.example' }), 400],
  ['with a visit of its own', async () => ({ visit: 'outpatient' }), 400],
  ['with a user of its own', async () => ({ user: 'dr-other' }), 400],
  ['for two patients', async () => ({ demographics: '{"resourceType":"Patient"}', patient: '7001' }), 400],
  ['with a reason of a few letters', async () => ({ reason: '急' }), 400],
]

test('a launch that is not right is refused with a page that says no more than no', async () => {
  await using region = await answeringRegion()
  for (const [what, fields, status] of REFUSED) {
    const response = await launch(region, await fields(region))
    expect(response.status, what).toBe(status)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(await response.text()).toContain('お問い合わせ番号')
  }
  for (const type of ['application/json', 'text/plain', 'multipart/form-data']) {
    expect((await launch(region, {}, { 'content-type': type })).status).toBe(415)
  }
  expect(await region.ctx.db.select().from(session)).toEqual([])
})

test('401 page without a session, with a made-up one, after 15 idle minutes and after 12 hours', async () => {
  await using region = await answeringRegion()
  expect((await view(region, { cookie: undefined })).status).toBe(401)
  expect((await view(region, { cookie: `__Host-tsunagi=${'A'.repeat(43)}` })).status).toBe(401)
  const idle = await open(region)
  await region.ctx.db.update(session).set({ lastSeen: new Date(NOON.getTime() - 15 * 60_000) })
  const response = await view(region, idle)
  expect(response.status).toBe(401)
  expect(await response.text()).toContain('ログインが必要です')
  const old = await open(region)
  await region.ctx.db.update(session).set({ expiresAt: NOON, lastSeen: NOON })
  expect((await view(region, old)).status).toBe(401)
  expect(region.calls).toEqual([])
})

test('every launch is a session of its own', async () => {
  await using region = await answeringRegion()
  const [first, second] = [await open(region), await open(region)]
  expect(first.cookie).not.toBe(second.cookie)
  expect(first.handle).not.toBe(second.handle)
})

test('two windows, two patients: the old window’s form does nothing and names both', async () => {
  await using region = await answeringRegion()
  const old = await open(region)
  const now = await open(region, { patient: '7002' })
  const response = await post(region, 'close', { cookie: now.cookie, handle: old.handle })
  expect(response.status).toBe(409)
  const text = await response.text()
  expect(text).toContain('港 花子')
  expect(text).toContain('山田 太郎')
  expect((await view(region, now)).status).toBe(200)
})

test('another user’s patient is not named by a guessed form', async () => {
  await using region = await answeringRegion()
  const other = await open(region, { login: await region.login({ sub: 'dr-other' }) })
  const mine = await open(region, { patient: '7002' })
  const response = await post(region, 'again', { cookie: mine.cookie, handle: other.handle })
  expect(response.status).toBe(409)
  expect(await response.text()).not.toContain('港 花子')
})

test('asking again goes back to the page; closing ends the session', async () => {
  await using region = await answeringRegion()
  const browser = await open(region)
  const again = await post(region, 'again', browser)
  expect([again.status, again.headers.get('location')]).toEqual([303, '/viewer'])
  const closed = await post(region, 'close', browser)
  expect(closed.status).toBe(200)
  expect(closed.headers.get('clear-site-data')).toBe('"cache"')
  expect((await view(region, browser)).status).toBe(401)
})

test('403 for a form of any other site, whatever its origin says', async () => {
  await using region = await answeringRegion()
  const browser = await open(region)
  const others: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site', origin: 'http://evil.example' },
    { 'sec-fetch-site': 'same-site', origin: 'http://localhost:1' },
    { 'sec-fetch-site': 'none' },
    { origin: 'null' },
    { origin: 'http://evil.example' },
    {},
  ]
  for (const headers of others) expect((await post(region, 'close', browser, headers)).status).toBe(403)
  expect((await view(region, browser)).status).toBe(200)
  expect((await post(region, 'close', browser, { origin: region.url })).status).toBe(200)
})

test('a refusal is a page that gives no reason', async () => {
  await using region = await answeringRegion()
  region.state.answers = async ({ digest }) => ({
    status: 403,
    text: JSON.stringify({
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'error',
          code: 'forbidden',
          details: { coding: [{ system: SYSTEMS.refusal, code: 'not-provided' }] },
        },
      ],
    }),
    headers: {
      'tsunagi-receipt': await receiptOf(region.peers.hub, {
        ...freshClaims(region.hub.url, ASKING, NOON),
        req: digest,
        root: Buffer.from(EMPTY_ROOT).toString('base64url'),
        count: 0,
        status: 'denied',
        promise: promiseOf(NOON, digest),
      }),
    },
  })
  const response = await view(region, await open(region))
  expect(response.status).toBe(403)
  const text = await response.text()
  expect(text).toContain(OTHER_REGIONS_LINE.ja)
  expect(text).not.toMatch(/同意|撤回|支援措置/)
})

test('nothing of a condemned answer reaches the page, and the page is styled by one asset', async () => {
  await using region = await answeringRegion()
  region.state.answers = (call) =>
    answerTo(region, call, {
      sources: [{ region: 'sagamino', status: 'complete', texts: [ASTHMA] }],
      alter: ([first = '', ...rest]) => [first.replace('2026', '2025'), ...rest],
    })
  const response = await view(region, await open(region))
  expect(response.status).toBe(502)
  expect(await response.text()).not.toContain('喘息')
  expect((await fetch(`${region.url}/assets/tsunagi.css`)).headers.get('content-type')).toContain('text/css')
})

test('markup of a record stays text', async () => {
  await using region = await answeringRegion()
  const nasty = ASTHMA.replace('喘息', '<script>alert(1)</script>\\"><img src=x onerror=alert(1)>')
  region.state.answers = (call) =>
    answerTo(region, call, { sources: [{ region: 'sagamino', status: 'complete', texts: [nasty] }] })
  const text = await (await view(region, await open(region))).text()
  expect(text).toContain('&lt;script&gt;')
  expect(text).not.toMatch(/<script|<img/)
})
