import { createConnection, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HubProcess, hubProcess } from './hub-process.ts'
import { type Look, looksFor, p99 } from './look.ts'

let hub: HubProcess
beforeAll(async () => {
  hub = await hubProcess()
})
afterAll(() => hub[Symbol.asyncDispose]())

const SLOW = 500
const IDLE = 10_000

function connect(onOpen: (socket: Socket) => void): Promise<{ socket: Socket; closed: Promise<number> }> {
  const { hostname, port } = new URL(hub.url)
  const started = performance.now()
  return new Promise((resolve) => {
    const socket = createConnection(Number(port), hostname)
    const closed = new Promise<number>((done) => {
      socket.on('close', () => done(performance.now() - started))
    })
    socket.on('error', () => resolve({ socket, closed }))
    socket.on('connect', () => {
      onOpen(socket)
      resolve({ socket, closed })
    })
    socket.resume()
  })
}

test(`C3: ${SLOW} peers that send a byte of a header every now and then are gone within 15 s; others are served`, async () => {
  const quiet = await looksFor(hub, 2_000)
  const drip = async (socket: Socket) => {
    socket.write(`GET /livez HTTP/1.1\r\nHost: ${new URL(hub.url).host}\r\n`)
    while (socket.writable) {
      socket.write('X')
      await pause(1_000)
    }
  }
  const slow = await Promise.all(Array.from({ length: SLOW }, () => connect((socket) => void drip(socket))))
  const meanwhile: Look[] = await looksFor(hub, 6_000)
  const lived = await Promise.all(slow.map(({ closed }) => closed))
  expect(Math.max(...lived)).toBeLessThan(15_000)
  expect(meanwhile.every(({ status }) => status === 200)).toBe(true)
  expect(p99(meanwhile)).toBeLessThan(Math.max(10 * p99(quiet), 250))
})

test(`C5: ${IDLE} connections that were used once and kept: work is served, and the hub holds no more than its limit`, async () => {
  const host = new URL(hub.url).host
  const opened: Awaited<ReturnType<typeof connect>>[] = []
  const before = hub.memory()
  for (let at = 0; at < IDLE; at += 200) {
    const some = Array.from({ length: 200 }, () =>
      connect((socket) => socket.write(`GET /livez HTTP/1.1\r\nHost: ${host}\r\n\r\n`)),
    )
    opened.push(...(await Promise.all(some)))
  }
  const meanwhile = await looksFor(hub, 2_000)
  const open = opened.filter(({ socket }) => !socket.destroyed).length
  expect(open).toBeLessThanOrEqual(1_000)
  expect(meanwhile.length).toBeGreaterThan(5)
  expect(meanwhile.every(({ status }) => status === 200)).toBe(true)
  expect(hub.memory() - before).toBeLessThan(256 * 2 ** 20)
  for (const { socket } of opened) socket.destroy()
})
