import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestHub, testHub } from '../support/test-hub.ts'
import { requestText, sendRaw } from './raw-socket.ts'

/** Cases C1, C2, C18 and C23: what reads as two different requests to two parsers is no request at all. */
let t: TestHub
let host: string

beforeAll(async () => {
  t = await testHub()
  host = new URL(t.url).host
})
afterAll(() => t[Symbol.asyncDispose]())

const SMUGGLED = 'GET /livez HTTP/1.1\r\nHost: smuggled\r\n\r\n'

describe('C1: 400, one response, and the connection closed', () => {
  test.each([
    ['length and chunked', 'Content-Length: 5\r\nTransfer-Encoding: chunked', `0\r\n\r\n${SMUGGLED}`],
    ['chunked and length', 'Transfer-Encoding: chunked\r\nContent-Length: 5', `0\r\n\r\n${SMUGGLED}`],
    ['two lengths', 'Content-Length: 0\r\nContent-Length: 5', SMUGGLED],
    ['the same length twice', 'Content-Length: 5\r\nContent-Length: 5', `abcde${SMUGGLED}`],
    ['a list of lengths', 'Content-Length: 5, 5', `abcde${SMUGGLED}`],
    ['a negative length', 'Content-Length: -1', SMUGGLED],
    ['a signed length', 'Content-Length: +3', `abc${SMUGGLED}`],
    ['a hexadecimal length', 'Content-Length: 0x3', `abc${SMUGGLED}`],
    ['a length of 30 digits', `Content-Length: ${'9'.repeat(30)}`, SMUGGLED],
    ['an empty length', 'Content-Length: ', SMUGGLED],
    ['another transfer encoding', 'Transfer-Encoding: xchunked', `0\r\n\r\n${SMUGGLED}`],
    ['chunked not last', 'Transfer-Encoding: chunked, identity', `0\r\n\r\n${SMUGGLED}`],
    ['a space before the colon', 'Transfer-Encoding : chunked', `0\r\n\r\n${SMUGGLED}`],
    ['a folded header', 'X-A: b\r\n c', SMUGGLED],
    ['a folded encoding', 'Transfer-Encoding:\r\n chunked', `0\r\n\r\n${SMUGGLED}`],
    ['a bare line feed', 'X-A: b\nX-B: c', SMUGGLED],
    ['a bare carriage return', 'X-A: b\rX-B: c', SMUGGLED],
    ['NUL in a header', 'X-A: b\0c', SMUGGLED],
    ['a space in a name', 'X A: b', SMUGGLED],
    ['a header without a colon', 'X-A', SMUGGLED],
    ['a chunk size that is no number', 'Transfer-Encoding: chunked', `zz\r\n\r\n${SMUGGLED}`],
    ['a chunk size of ffffffffffffffff', 'Transfer-Encoding: chunked', `${'f'.repeat(17)}\r\n${SMUGGLED}`],
  ])('%s', async (_, header, rest) => {
    const reply = await sendRaw(
      t.url,
      `POST /fhir/_search HTTP/1.1\r\nHost: ${host}\r\n${header}\r\n\r\n${rest}`,
    )
    expect(reply.statuses, reply.text).toEqual([400])
  })

  test.each([
    ['no Host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['a space after Host', 'GET /livez HTTP/1.1\r\nHost : HOST\r\nConnection: close\r\n\r\n'],
    ['two Hosts', 'GET /livez HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\nConnection: close\r\n\r\n'],
    [
      'a second, other Host',
      'GET /livez HTTP/1.1\r\nHost: HOST\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    ],
    ['an empty Host', 'GET /livez HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n'],
    ['line feeds only', 'GET /livez HTTP/1.1\nHost: HOST\nConnection: close\n\n'],
    ['a leading space', ' GET /livez HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n'],
    ['a space in the URL', 'GET /livez x HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n'],
    ['no protocol', 'GET /livez\r\nHost: HOST\r\nConnection: close\r\n\r\n'],
    ['another protocol', 'GET /livez SIP/2.0\r\nHost: HOST\r\nConnection: close\r\n\r\n'],
    ['HTTP/2 without a handshake', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a method that is none', 'FROB /livez HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n'],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('%s', async (_, text) => {
    const reply = await sendRaw(t.url, text.replaceAll('HOST', host))
    expect(reply.statuses, reply.text).toEqual([400])
  })
})

describe('C2: headers within bounds', () => {
  test('431 for 20 kB of header', async () => {
    const reply = await sendRaw(
      t.url,
      requestText(t.url, 'GET /livez HTTP/1.1', [`X-A: ${'a'.repeat(20_000)}`]),
    )
    expect(reply.statuses).toEqual([431])
  })
  test('431 for a URL of 20 kB', async () => {
    const reply = await sendRaw(t.url, requestText(t.url, `GET /livez?${'a'.repeat(20_000)} HTTP/1.1`))
    expect(reply.statuses).toEqual([431])
  })
  test('431 for 2,000 headers, and for 101; 200 for 90', async () => {
    const many = (count: number) =>
      sendRaw(
        t.url,
        requestText(
          t.url,
          'GET /livez HTTP/1.1',
          Array.from({ length: count }, (_, n) => `A${n}: b`),
        ),
      )
    expect((await many(2_000)).statuses).toEqual([431])
    expect((await many(101)).statuses).toEqual([431])
    expect((await many(90)).statuses).toEqual([200])
  })
  test('413 for a chunk extension of 20 kB', async () => {
    const reply = await sendRaw(
      t.url,
      requestText(
        t.url,
        'POST /fhir/_search HTTP/1.1',
        ['Transfer-Encoding: chunked'],
        `1;${'a'.repeat(20_000)}\r\na\r\n0\r\n\r\n`,
      ),
    )
    expect(reply.statuses).toEqual([413])
  })
  test('trailers cannot add what the headers did not say', async () => {
    const reply = await sendRaw(
      t.url,
      requestText(
        t.url,
        'POST /fhir/_search HTTP/1.1',
        [
          'Transfer-Encoding: chunked',
          'Trailer: Authorization',
          'Content-Type: application/x-www-form-urlencoded',
        ],
        '1\r\na\r\n0\r\nAuthorization: Bearer a.b.c\r\n\r\n',
      ),
    )
    expect(reply.statuses).toEqual([401])
    expect(reply.text).toContain('token-missing')
  })
})

describe('C18: methods and forms of address that are not served', () => {
  test.each(['TRACE', 'TRACK', 'PATCH', 'OPTIONS', 'PROPFIND', 'SEARCH'])(
    '%s is not served',
    async (method) => {
      const reply = await sendRaw(
        t.url,
        requestText(t.url, `${method} /livez HTTP/1.1`, ['X-Canary: kanarie']),
      )
      expect([400, 405]).toContain(reply.statuses[0])
      expect(reply.text).not.toContain('kanarie')
    },
  )
  test('CONNECT opens no tunnel', async () => {
    const reply = await sendRaw(t.url, requestText(t.url, 'CONNECT 127.0.0.1:5432 HTTP/1.1'))
    expect(reply.statuses.filter((status) => status < 400)).toEqual([])
  })
  test.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])(
    '%s overrides nothing',
    async (header) => {
      const reply = await sendRaw(t.url, requestText(t.url, 'GET /livez HTTP/1.1', [`${header}: DELETE`]))
      expect(reply.statuses).toEqual([200])
      const posted = await sendRaw(
        t.url,
        requestText(t.url, 'POST /policy HTTP/1.1', [`${header}: PUT`, 'Content-Length: 0']),
      )
      expect(posted.statuses).toEqual([401])
    },
  )
  test('an upgrade to HTTP/2 or WebSocket is not taken', async () => {
    for (const to of ['h2c', 'websocket']) {
      const text = `GET /livez HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade, close\r\nUpgrade: ${to}\r\n\r\n`
      expect((await sendRaw(t.url, text)).statuses).toEqual([200])
    }
  })
  test('the absolute form counts by the host it names', async () => {
    const own = await sendRaw(t.url, requestText(t.url, `GET http://${host}/livez HTTP/1.1`))
    expect(own.statuses).toEqual([200])
    const foreign = await sendRaw(t.url, requestText(t.url, 'GET http://evil.example/livez HTTP/1.1'))
    expect(foreign.statuses).toEqual([400])
    expect(foreign.text).toContain('host-unknown')
  })
  test.each(['*', 'livez', 'http://', 'file:///livez', '//livez'])(
    '400 or 404 for the target %s',
    async (target) => {
      const reply = await sendRaw(t.url, requestText(t.url, `GET ${target} HTTP/1.1`))
      expect([400, 404]).toContain(reply.statuses[0])
    },
  )
})

test('C23: a thousand requests down one connection are bounded, and others are served meanwhile', async () => {
  const one = `GET /livez HTTP/1.1\r\nHost: ${host}\r\n\r\n`
  const piped = sendRaw(t.url, one.repeat(1_000) + requestText(t.url, 'GET /livez HTTP/1.1').toString())
  const other = await sendRaw(t.url, requestText(t.url, 'GET /readyz HTTP/1.1'))
  expect(other.statuses).toEqual([200])
  const reply = await piped
  expect(reply.statuses.every((status) => status === 200)).toBe(true)
  expect(reply.statuses.length).toBeLessThanOrEqual(1_001)
})
