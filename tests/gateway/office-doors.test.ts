import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { localApp } from '../../src/gateway/local-app.ts'
import { deskEntry, officeSession } from '../../src/gateway/tables.ts'
import { CLINICIAN, COUNCIL, FEED, type TestRegion, testRegion } from './local-region.ts'
import { DESK, launchOffice, openOffice, PRIVACY, postForm } from './office-pages.ts'

let region: TestRegion
beforeAll(async () => {
  region = await testRegion()
})
afterAll(() => region[Symbol.asyncDispose]())

/** Whose duty each page is. A page that stands in no line here fails below. */
const MAY: Record<string, readonly ('desk' | 'privacy')[]> = {
  'GET /office': ['desk', 'privacy'],
  'POST /office/close': ['desk', 'privacy'],
  'GET /office/desk/paper': ['desk'],
  'POST /office/desk/paper': ['desk'],
  'GET /office/desk/end': ['desk'],
  'POST /office/desk/end': ['desk'],
  'GET /office/desk/checks': ['desk'],
  'POST /office/desk/checks': ['desk'],
  'GET /office/privacy/notices': ['privacy'],
  'GET /office/privacy/emergencies': ['privacy'],
  'POST /office/privacy/emergencies': ['privacy'],
  'GET /office/privacy/findings': ['privacy'],
  'POST /office/privacy/findings': ['privacy'],
  'GET /office/privacy/disclosures': ['privacy'],
  'POST /office/privacy/disclosures': ['privacy'],
}

const codeOf = async (response: Response) => /<code>(login-[a-z]+)<\/code>/.exec(await response.text())?.[1]

test('every page of the office stands in the table, and nothing else does', () => {
  const routes = localApp(region.ctx, new Set())
    .routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/office'))
    .map(({ method, path }) => `${method} ${path}`)
  expect([...new Set(routes)].sort()).toEqual([...Object.keys(MAY), 'POST /office/launch'].sort())
})

describe('who may open what', () => {
  test.each(Object.entries(MAY))('%s', async (route, may) => {
    const [method, path = ''] = route.split(' ')
    const call = (open: { cookie: string; session: string }) =>
      method === 'GET'
        ? fetch(region.url + path, { headers: { cookie: open.cookie } })
        : postForm(region.url + path, { session: open.session }, { ...sameSite, cookie: open.cookie })
    const none = await call({ cookie: 'x=y', session: '' })
    expect(none.status).toBe(401)
    expect(await codeOf(none)).toBe('login-required')
    for (const [duty, login] of Object.entries({ desk: DESK, privacy: PRIVACY })) {
      const code = await codeOf(await call(await openOffice(region, login)))
      expect(code, duty).toBe((may as string[]).includes(duty) ? undefined : 'login-unfit')
    }
  })
  test('a council that does not divide its office names no duties: its login opens everything', async () => {
    const whole = await openOffice(region, COUNCIL)
    expect([
      (await whole.get('/office/desk/paper')).status,
      (await whole.get('/office/privacy/notices')).status,
    ]).toEqual([200, 200])
  })
  test('the same holds for calls: a login for one duty is not let in by the other’s routes', async () => {
    const call = async (path: string, login: object, body?: object) =>
      (
        await fetch(region.url + path, {
          headers: {
            authorization: `Bearer ${await region.login(login)}`,
            'content-type': 'application/fhir+json',
          },
          ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        })
      ).status
    expect([await call('/desk/checks', PRIVACY), await call('/desk/checks', DESK)]).toEqual([403, 200])
    expect([await call('/council/notices', DESK), await call('/council/notices', PRIVACY)]).toEqual([
      403, 200,
    ])
    expect(await call('/fhir/Consent/$coverage', PRIVACY)).toBe(403)
    for (const path of ['/fhir/Consent', '/fhir/Encounter', '/fhir/Encounter/$bulk']) {
      expect(await call(path, PRIVACY, {}), path).toBe(403)
      expect(await call(path, DESK, {}), path).not.toBe(403)
    }
  })
  test.each<[string, object, number]>([
    ['a clinician', CLINICIAN, 403],
    ['a feeding system', FEED, 403],
    ['a duty that is none', { ...COUNCIL, duties: ['everything'] }, 401],
    ['no duty at all', { ...COUNCIL, duties: [] }, 401],
  ])('no session for %s', async (_, claims, status) => {
    const before = await region.ctx.db.$count(officeSession)
    const response = await launchOffice(region, claims)
    expect([response.status, response.headers.get('set-cookie')]).toEqual([status, null])
    expect(await region.ctx.db.$count(officeSession)).toBe(before)
  })
})

const sameSite = { 'sec-fetch-site': 'same-origin' }
const STOP = {
  ...{ kind: 'stop', receipt: 'T-1', patient: '7001', signedOn: '2026-06-01', enteredOn: '2026-06-01' },
  relation: '',
}

describe('a form', () => {
  test.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sister site', { 'sec-fetch-site': 'same-site' }],
    ['an address typed in', { 'sec-fetch-site': 'none' }],
  ])('from %s does nothing', async (_, headers) => {
    const office = await openOffice(region)
    const { status, page } = await office.post('/office/desk/end', STOP, headers)
    expect([status, page.includes('cross-site')]).toEqual([403, true])
    expect(await region.ctx.db.$count(deskEntry)).toBe(0)
  })
  test('from a browser that does not say is judged by its origin', async () => {
    const office = await openOffice(region)
    const url = `${region.url}/office/desk/end`
    const fields = { session: office.session, ...STOP }
    const statuses = []
    for (const origin of ['http://elsewhere.example', 'null', region.url])
      statuses.push((await postForm(url, fields, { cookie: office.cookie, origin })).status)
    // Let in, the last one names a patient whom nobody knows.
    expect(statuses).toEqual([403, 403, 404])
  })
  test('made for another login of the same browser does nothing', async () => {
    const [first, second] = [await openOffice(region), await openOffice(region, PRIVACY)]
    const { status, page } = await second.post('/office/close', { session: first.session })
    expect([status, page.includes('利用者が替わっています')]).toEqual([409, true])
    expect((await second.get('/office')).status).toBe(200)
  })
  test('with a field that is not on the page, or in JSON, is refused', async () => {
    const office = await openOffice(region)
    expect((await office.post('/office/desk/end', { ...STOP, colour: 'blue' })).status).toBe(400)
    expect((await office.post('/office/desk/end', { ...STOP, receipt: ['T-1', 'T-2'] })).status).toBe(400)
    expect((await office.post('/office/desk/end', STOP, { 'content-type': 'application/json' })).status).toBe(
      415,
    )
  })
})

describe('a session', () => {
  test('is a cookie that no script reads and no other site sends; its login is used up', async () => {
    const login = await region.login(DESK)
    const launch = () => postForm(`${region.url}/office/launch`, { login }, {})
    const first = await launch()
    expect(first.headers.get('set-cookie')).toMatch(
      /^__Host-tsunagi-office=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    expect(first.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect((await launch()).status).toBe(401)
  })
  test('ends when it is closed, and when the identity provider ends the user’s logins', async () => {
    const office = await openOffice(region)
    expect((await office.post('/office/close', {})).page).toContain('終了しました')
    expect((await office.get('/office')).status).toBe(401)
    const user = { ...PRIVACY, sub: 'privacy-2' }
    const other = await openOffice(region, user)
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
    const logout = await region.says({ sub: user.sub, events })
    await postForm(`${region.url}/backchannel-logout`, { logout_token: logout }, {})
    expect((await other.get('/office')).status).toBe(401)
    expect(await region.ctx.db.$count(officeSession, eq(officeSession.handle, other.session))).toBe(0)
  })
})
