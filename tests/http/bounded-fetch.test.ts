import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type AllowedAddresses, boundedFetch, FetchFault, openAgent } from '../../src/http/index.ts'

const LOOPBACK = { addresses: 'loopback' as const }

async function partner(listener: RequestListener, options = LOOPBACK as Parameters<typeof openAgent>[0]) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const dispatcher = openAgent(options)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    url,
    ask: (limits: { ms?: number; bytesMax?: number } = {}) =>
      boundedFetch({
        dispatcher,
        url,
        method: 'POST',
        body: 'asked',
        bytesMax: limits.bytesMax ?? 1_000,
        signal: AbortSignal.timeout(limits.ms ?? 5_000),
      }),
    async [Symbol.asyncDispose]() {
      await dispatcher.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('the exact text, status and headers of an answer', async () => {
  await using t = await partner((_, response) => {
    response.writeHead(403, { 'content-type': 'application/fhir+json', 'x-twice': ['a', 'b'] })
    response.end('{"value": 7.10, "ja": "検査"}')
  })
  const answer = await t.ask()
  expect(answer).toMatchObject({ status: 403, text: '{"value": 7.10, "ja": "検査"}' })
  expect(answer.headers).toMatchObject({ 'content-type': 'application/fhir+json', 'x-twice': 'a, b' })
})

test('asks for identity and takes nothing that is encoded', async () => {
  let accepted: string | undefined
  await using t = await partner((request, response) => {
    accepted = request.headers['accept-encoding']
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(100_000)))
  })
  await expect(t.ask()).rejects.toMatchObject({ reason: 'encoded' })
  expect(accepted).toBe('identity')
})

test('a redirect is a fault, and its target is never called', async () => {
  let calls = 0
  await using elsewhere = await partner((_, response) => {
    calls += 1
    response.end()
  })
  await using t = await partner((_, response) => response.writeHead(307, { location: elsewhere.url }).end())
  await expect(t.ask()).rejects.toMatchObject({ reason: 'redirect' })
  expect(calls).toBe(0)
})

test('one absolute deadline ends a drip that never pauses', async () => {
  await using t = await partner((_, response) => {
    const drip = setInterval(() => response.write('x'), 20)
    response.on('close', () => clearInterval(drip))
  })
  const started = performance.now()
  await expect(t.ask({ ms: 200 })).rejects.toMatchObject({ reason: 'timeout' })
  expect(performance.now() - started).toBeLessThan(1_000)
})

test('the deadline ends waiting for headers too', async () => {
  await using t = await partner(() => {})
  await expect(t.ask({ ms: 100 })).rejects.toMatchObject({ reason: 'timeout' })
})

test.each([
  ['announced', { 'content-length': '2000' }],
  ['unannounced', {}],
])('more bytes than allowed, %s, are cut off', async (_, headers) => {
  await using t = await partner((_, response) => response.writeHead(200, headers).end('x'.repeat(2_000)))
  await expect(t.ask()).rejects.toMatchObject({ reason: 'too-large' })
})

test('exactly as many bytes as allowed are whole', async () => {
  await using t = await partner((_, response) => response.end('x'.repeat(1_000)))
  expect((await t.ask()).text).toHaveLength(1_000)
})

test('a body that stops before its end is truncated, not short', async () => {
  await using t = await partner((_, response) => {
    response.writeHead(200, { 'content-length': '500' })
    response.write('x'.repeat(100), () => response.destroy())
  })
  await expect(t.ask()).rejects.toMatchObject({ reason: 'truncated' })
})

test('bytes that are not UTF-8 are not text', async () => {
  await using t = await partner((_, response) => response.end(Buffer.from('8c9f8db8', 'hex')))
  await expect(t.ask()).rejects.toMatchObject({ reason: 'not-text' })
})

test('a partner that is down is unreachable', async () => {
  let url = ''
  {
    await using t = await partner((_, response) => response.end())
    url = t.url
  }
  const asked = boundedFetch({ url, method: 'GET', bytesMax: 10, signal: AbortSignal.timeout(5_000) })
  await expect(asked).rejects.toThrow(FetchFault)
  await expect(asked).rejects.toMatchObject({ reason: 'unreachable' })
})

test.each([
  ['http://127.0.0.1', ['192.0.2.0/24', '2001:db8::1']],
  ['http://[::ffff:127.0.0.1]', 'routable'],
  ['http://0x7f000001', 'routable'],
  ['http://localhost', 'routable'],
] as const)('an address outside those allowed is not spoken to, written as %s', async (host, addresses) => {
  let calls = 0
  await using t = await partner((_, response) => {
    calls += 1
    response.end()
  })
  await using stranger = openAgentFor(addresses)
  const url = t.url.replace('http://127.0.0.1', host)
  const asked = boundedFetch({
    dispatcher: stranger.agent,
    url,
    method: 'GET',
    bytesMax: 10,
    signal: AbortSignal.timeout(5_000),
  })
  await expect(asked).rejects.toMatchObject({ reason: 'unreachable' })
  expect(calls).toBe(0)
})

function openAgentFor(addresses: AllowedAddresses) {
  const agent = openAgent({ addresses })
  return { agent, [Symbol.asyncDispose]: () => agent.destroy() }
}
