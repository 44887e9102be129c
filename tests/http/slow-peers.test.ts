import { setTimeout as pause } from 'node:timers/promises'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { LISTEN_LIMITS, type Listening, type ListenLimits, listen } from '../../src/http/index.ts'
import { capturedLog } from '../support/captured-log.ts'
import { authority } from '../support/certificates.ts'
import { type TestHub, testHub } from '../support/test-hub.ts'
import { converse, requestText, sendRaw } from './raw-socket.ts'

/** Cases C3, C4, C5: with limits short enough to see them at work; what production has is proved by itself. */
const SHORT: Partial<ListenLimits> = { headersMs: 300, requestMs: 600, responseMs: 700, keepAliveMs: 200 }
const CLOSED_WITHIN_MS = 3_000

const captured = capturedLog()
let t: TestHub
let server: Listening

beforeAll(async () => {
  t = await testHub({ log: captured.log })
  const hosts = new Set<string>()
  server = await listen(createApp(t.hub, hosts).fetch, { host: '127.0.0.1', port: 0, limits: SHORT })
  hosts.add(new URL(server.url).host)
})
afterAll(async () => {
  await server.close()
  await t[Symbol.asyncDispose]()
})

/** Sends a piece every now and then until the server has had enough. */
async function drip(write: (piece: string) => boolean, piece: string, everyMs: number): Promise<void> {
  for (let sent = 0; sent < 200; sent++) {
    if (!write(piece)) return
    await pause(everyMs)
  }
}

test('headers end within 10 s, requests within 20 s, answers within 60 s; idle connections within 15 s', () => {
  expect(LISTEN_LIMITS).toEqual({
    headersMs: 10_000,
    requestMs: 20_000,
    responseMs: 60_000,
    keepAliveMs: 15_000,
    connectionsMax: 1_000,
  })
})

describe('slow peers', () => {
  test('C3: headers that never end are cut off; two hundred of them hold up nobody', async () => {
    const slow = Array.from({ length: 200 }, () =>
      converse(server.url, (socket) => {
        socket.write(`GET /livez HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\n`)
        void drip((piece) => socket.writable && socket.write(piece) !== undefined, 'X', 40)
      }),
    )
    const honest = await Promise.all(
      Array.from({ length: 20 }, () => sendRaw(server.url, requestText(server.url, 'GET /livez HTTP/1.1'))),
    )
    expect(honest.map(({ statuses }) => statuses)).toEqual(honest.map(() => [200]))
    for (const { statuses, elapsedMs } of await Promise.all(slow)) {
      expect(statuses).toEqual([408])
      expect(elapsedMs).toBeLessThan(CLOSED_WITHIN_MS)
    }
  })

  test('C3: a connection on which nothing is ever said is closed', async () => {
    const silent = await converse(server.url, () => {})
    expect(silent.elapsedMs).toBeLessThan(CLOSED_WITHIN_MS)
  })

  test('C3: a TLS handshake that is never begun is cut off too', async () => {
    const council = authority('試験用認証局')
    const tls = { ...council.issue({ name: 'hub', ips: ['127.0.0.1'] }), ca: council.ca }
    const guarded = await listen(() => new Response(), { host: '127.0.0.1', port: 0, tls, limits: SHORT })
    try {
      expect((await converse(guarded.url, () => {})).elapsedMs).toBeLessThan(CLOSED_WITHIN_MS)
    } finally {
      await guarded.close()
    }
  })

  test('C4: a body that drips is cut off, and nobody is told of a fault of ours', async () => {
    const slow = await converse(server.url, (socket) => {
      socket.write(requestText(server.url, 'POST /fhir/_search HTTP/1.1', ['Content-Length: 1000']))
      void drip((piece) => socket.writable && socket.write(piece) !== undefined, 'a', 40)
    })
    expect(slow.statuses.every((status) => status === 408 || status === 400)).toBe(true)
    expect(slow.elapsedMs).toBeLessThan(CLOSED_WITHIN_MS)
    expect(captured.lines).toEqual([])
  })

  test('C23: `Expect: 100-continue` and then nothing', async () => {
    const headers = ['Content-Length: 1000', 'Expect: 100-continue']
    const slow = await sendRaw(server.url, requestText(server.url, 'POST /fhir/_search HTTP/1.1', headers))
    expect(slow.elapsedMs).toBeLessThan(CLOSED_WITHIN_MS)
    expect(slow.statuses.filter((status) => status >= 500)).toEqual([])
  })

  test('C4: who never reads the answer is cut off', async () => {
    const app = new Hono().get('/', (c) => c.text('x'.repeat(32 * 1024 * 1024)))
    const server = await listen(app.fetch, { host: '127.0.0.1', port: 0, limits: SHORT })
    try {
      const slow = await converse(server.url, (socket) => {
        socket.write(requestText(server.url, 'GET / HTTP/1.1'))
        socket.pause()
        setTimeout(() => socket.resume(), 1_500)
      })
      expect(slow.text.length).toBeLessThan(32 * 1024 * 1024)
    } finally {
      await server.close()
    }
  })

  test('C5: idle connections are closed, and over the limit they make room for work', async () => {
    const app = new Hono().get('/', (c) => c.text('ok'))
    const limits = { keepAliveMs: 60_000, connectionsMax: 20 }
    const server = await listen(app.fetch, { host: '127.0.0.1', port: 0, limits })
    const { host } = new URL(server.url)
    try {
      const idle = Array.from({ length: 40 }, () =>
        converse(server.url, (socket) => socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)),
      )
      const work = async (): Promise<number[]> => {
        const { statuses } = await sendRaw(server.url, requestText(server.url, 'GET / HTTP/1.1'))
        return statuses.length > 0 ? statuses : work()
      }
      expect(await work()).toEqual([200])
      await server.close()
      await Promise.all(idle)
    } finally {
      await server.close()
    }
  })

  test('an idle connection is closed', async () => {
    const idle = await converse(server.url, (socket) =>
      socket.write(`GET /livez HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\n\r\n`),
    )
    expect(idle.statuses).toEqual([200])
    expect(idle.elapsedMs).toBeLessThan(CLOSED_WITHIN_MS)
  })
})

test('plain HTTP is listened to on loopback only', async () => {
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'localhost.example']) {
    await expect(listen(() => new Response(), { host, port: 0 })).rejects.toThrow('loopback only')
  }
})
