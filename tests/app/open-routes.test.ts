import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { listen } from '../../src/http/index.ts'
import { openDatabase } from '../../src/kernel/database.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { rowCounts } from '../support/row-counts.ts'
import { queryCall, register, type TestHub, testHub } from '../support/test-hub.ts'

let t: TestHub
beforeAll(async () => {
  t = await testHub()
  await register(t, 'minato', 'm-1')
  await register(t, 'shiokaze', 'p-1')
  await (await t.send('shiokaze', queryCall('shiokaze'))).text()
})
afterAll(() => t[Symbol.asyncDispose]())

/** What anybody may read. A route that is not here must ask for a signed request. */
const OPEN = [
  '/',
  '/status',
  '/status/alignment',
  '/status/alignment/:region',
  '/status.json',
  '/livez',
  '/readyz',
  '/directory',
  '/fhir/metadata',
  '/audit/checkpoint',
  '/audit/proof',
  '/audit/consistency',
  '/audit/answer',
  '/assets/tsunagi.css',
  '/fhir/CodeSystem/item',
  '/fhir/ValueSet/:id',
]

/** Whatever of the registered residents could be recognised. */
const PERSONS = [
  '汐見',
  '花子',
  'シオミ',
  'ハナコ',
  '1961',
  '123456',
  '33120015',
  '港町',
  '299-0001',
  'm-1',
  'p-1',
  'dr-1',
]

describe('open routes', () => {
  test.each(OPEN)('%s holds no person', async (path) => {
    const response = await fetch(t.url + path)
    const text = await response.text()
    expect([200, 400, 404]).toContain(response.status)
    for (const word of PERSONS) expect(text).not.toContain(word)
  })

  test('they only read', async () => {
    const before = await rowCounts(t.db)
    for (const path of OPEN) {
      for (const method of ['POST', 'PUT', 'DELETE']) {
        const { status } = await fetch(t.url + path, { method })
        expect([401, 404, 405], `${method} ${path}`).toContain(status)
      }
    }
    expect(await rowCounts(t.db)).toEqual(before)
  })

  test('every other route asks for a signed request before anything else', async () => {
    const routes = createApp(t.hub, new Set()).routes.filter(
      ({ method, path }) => method !== 'ALL' && !path.endsWith('*'),
    )
    const closed = routes.filter(({ path }) => !OPEN.includes(path))
    expect(closed.length).toBeGreaterThan(10)
    for (const { method, path } of closed) {
      await expectRefusal(await fetch(t.url + path, { method }), 401, 'token-missing')
    }
    const open = routes.filter(({ path }) => OPEN.includes(path))
    expect(open.map(({ method }) => method)).toEqual(open.map(() => 'GET'))
    expect(new Set(open.map(({ path }) => path))).toEqual(new Set(OPEN))
  })
})

/** Case M5: no metrics, debugging or administration on the public port. */
test.each([
  '/metrics',
  '/debug',
  '/debug/pprof',
  '/health',
  '/admin',
  '/console',
  '/graphql',
  '/swagger.json',
  '/openapi.json',
  '/.env',
  '/.git/config',
  '/.well-known/security.txt',
  '/package.json',
  '/src/app.ts',
  '/assets/../src/app.ts',
  '/assets/',
  '/favicon.ico',
  '/audit',
  '/audit/export',
  '/policy/1',
  '/viewer',
])('404 for %s', async (path) => {
  await expectRefusal(await fetch(t.url + path), 404, 'path-unknown')
})

test('without its database the hub lives, is not ready, and says so as 503 everywhere', async () => {
  const db = openDatabase({ socketFolder: '/nonexistent', database: 'none', user: 'none' })
  const hosts = new Set<string>()
  const server = await listen(createApp({ ...t.hub, db }, hosts).fetch, { host: '127.0.0.1', port: 0 })
  hosts.add(new URL(server.url).host)
  try {
    expect((await fetch(`${server.url}/livez`)).status).toBe(200)
    const ready = await fetch(`${server.url}/readyz`)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toEqual({ status: 'unready', reasons: ['database-unreachable'] })
    for (const path of ['/', '/status.json', '/directory', '/audit/checkpoint']) {
      const response = await fetch(server.url + path)
      expect(response.headers.get('retry-after')).toBe('2')
      await expectRefusal(response, 503, 'unavailable')
    }
  } finally {
    await server.close()
    await db.close()
  }
})
