import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectRefusal } from '../support/expect-refusal.ts'
import {
  patientIn,
  pixPath,
  queryCall,
  register,
  SYSTEM_OF,
  type TestHub,
  testHub,
} from '../support/test-hub.ts'
import { requestText, sendRaw } from './raw-socket.ts'

/** Cases C17 to C21: however an address is written, it opens what it opens when written plainly. */
let t: TestHub
beforeAll(async () => {
  t = await testHub()
  await register(t, 'minato', 'm-1')
})
afterAll(() => t[Symbol.asyncDispose]())

const statusOf = async (line: string, headers: string[] = []) =>
  (await sendRaw(t.url, requestText(t.url, `${line} HTTP/1.1`, headers))).statuses

describe('C17', () => {
  test.each([
    ['GET /fhir/../livez', 'GET /livez', 200],
    ['GET /x/./../livez', 'GET /livez', 200],
    ['GET /fhir/%2e%2e/livez', 'GET /livez', 200],
    ['GET /fhir/%2E./metadata', 'GET /metadata', 404],
    ['GET /../../livez', 'GET /livez', 200],
    ['POST /livez/../fhir/Consent', 'POST /fhir/Consent', 401],
    ['PUT /status/%2e%2e/policy', 'PUT /policy', 401],
    ['POST /x/%2e%2e/fhir/_search', 'POST /fhir/_search', 401],
    ['GET /fhir/x;/../../policy', 'GET /policy', 401],
    ['GET /x/../admin', 'GET /admin', 404],
  ])('%s is decided as %s', async (written, plain, status) => {
    expect(await statusOf(plain)).toEqual([status])
    expect(await statusOf(written)).toEqual([status])
  })

  test.each([
    '//livez',
    '/fhir//Consent',
    '/fhir%2fConsent',
    '/fhir/%5c..%5clivez',
    '/livez;x=1',
    '/fhir/metadata;/policy',
    '/ﬁhir/Consent',
    '/livez%00',
    '/livez\\',
    '/%',
    '/%zz',
    '/livez?a=%zz',
    '/livez?a=%',
  ])('400 for %s', async (path) => {
    expect(await statusOf(`GET ${path}`)).toEqual([400])
  })

  test.each([
    '/LIVEZ',
    '/Livez',
    '/livez/',
    '/livez.',
    '/livez%20',
    '/livez%0a',
    '/policy/',
    '/POLICY',
    '/FHIR/Consent',
    '/%c3%28',
    '/%ff',
    '/fhir%E3%80%82/Consent',
  ])('404 for %s, which is nothing', async (path) => {
    for (const method of ['GET', 'PUT']) expect(await statusOf(`${method} ${path}`)).toEqual([404])
  })

  test.each(['/fhir', '/fhir/', '/fhir/Consent/', '/fhir/Consent.', '/fhir/%ff', '/fhir/Patient/m-1'])(
    '%s opens nothing without a signed request',
    async (path) => {
      for (const method of ['GET', 'PUT', 'POST', 'DELETE'])
        expect(await statusOf(`${method} ${path}`)).toEqual([401])
    },
  )

  test('404 with one', async () => {
    for (const path of [
      '/fhir',
      '/fhir/Consent.',
      '/fhir/Practitioner/m-1',
      '/fhir/Observation',
      '/fhir/$export',
    ]) {
      await expectRefusal(await t.send('minato', { method: 'GET', path }), 404, 'path-unknown')
    }
  })

  test('a request signed for one way to write a URL does not open another', async () => {
    const signed = `${t.url}/fhir/x/../Patient/$ihe-pix?sourceIdentifier=${SYSTEM_OF.minato}|m-1`
    const path = `/fhir/Patient/$ihe-pix?sourceIdentifier=${SYSTEM_OF.minato}|m-1`
    await expectRefusal(
      await t.send('minato', { method: 'GET', path, claims: { htu: signed } }),
      401,
      'call-mismatch',
    )
  })
})

describe('C18, C19: who asks is not for a header to say', () => {
  test.each([
    'evil.example',
    '127.0.0.1',
    'localhost',
    '[::1]',
    '127.0.0.1:1',
    '127.0.0.1:PORT.evil.example',
    'HOST, HOST',
  ])('400 for the Host %s', async (host) => {
    const named = host.replace('PORT', new URL(t.url).port).replaceAll('HOST', new URL(t.url).host)
    const reply = await sendRaw(t.url, `GET /livez HTTP/1.1\r\nHost: ${named}\r\nConnection: close\r\n\r\n`)
    expect(reply.statuses).toEqual([400])
  })
  test('no forwarding header makes a foreign Host our own, or changes the URL that was signed', async () => {
    const own = new URL(t.url).host
    const text = `GET /livez HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: ${own}\r\nForwarded: host=${own}\r\nConnection: close\r\n\r\n`
    expect((await sendRaw(t.url, text)).statuses).toEqual([400])
    const headers = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-prefix': '/evil',
      'x-original-url': '/livez',
      'x-rewrite-url': '/livez',
      forwarded: 'for=203.0.113.9;host=evil.example;proto=https',
    }
    const path = pixPath('minato', 'm-1')
    const answered = await t.send('minato', { method: 'GET', path, headers })
    expect(answered.status).toBe(200)
    const lost = await fetch(`${t.url}/nowhere`, { headers })
    expect(lost.status).toBe(404)
    expect(await lost.text()).not.toContain('evil')
  })
})

describe('C21: 406 where only another format would do', () => {
  const path = pixPath('minato', 'm-1')
  test.each([
    'application/fhir+xml',
    'text/html',
    'application/xml, text/*',
    '*/*;q=0',
    'application/json;q=0.0',
    'application/fhir+ndjson',
  ])('Accept: %s', async (accept) => {
    const calls = [
      { method: 'GET', path },
      { method: 'PUT', path: '/policy', body: '{}' },
      queryCall('minato', { localId: 'm-1' }),
    ]
    for (const call of calls) {
      await expectRefusal(
        await t.send('minato', { ...call, headers: { accept } }),
        406,
        'format-not-acceptable',
      )
    }
    await expectRefusal(
      await fetch(`${t.url}/fhir/metadata`, { headers: { accept } }),
      406,
      'format-not-acceptable',
    )
  })
  test.each(['*/*', 'application/*', 'application/json', 'text/html, application/fhir+json;q=0.1', ''])(
    '200 for Accept: %s',
    async (accept) => {
      expect((await t.send('minato', { method: 'GET', path, headers: { accept } })).status).toBe(200)
    },
  )
  test.each(['xml', 'ndjson', 'application/fhir%2Bxml', 'text/html', 'json%0d%0aX-Evil:%201'])(
    '_format=%s',
    async (format) => {
      const asked = { method: 'GET', path: `${path}&_format=${format}` }
      const response = await t.send('minato', asked)
      expect(response.headers.has('x-evil')).toBe(false)
      await expectRefusal(response, 406, 'format-not-acceptable')
    },
  )
})

test('every answer forbids caching, sniffing, framing and referring; none names the software', async () => {
  const body = JSON.stringify(patientIn('minato', 'm-9'))
  const answers = await Promise.all([
    fetch(`${t.url}/livez`),
    fetch(`${t.url}/nowhere`),
    fetch(`${t.url}/fhir/metadata`),
    t.send('minato', { method: 'PUT', path: '/policy', body }),
    t.send('minato', queryCall('minato', { localId: 'm-1' })),
  ])
  for (const { headers } of answers) {
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{22}$/)
    expect(headers.has('server')).toBe(false)
    expect(headers.has('x-powered-by')).toBe(false)
    expect(headers.has('access-control-allow-origin')).toBe(false)
  }
})
