import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HubProcess, hubProcess } from './hub-process.ts'
import { looksFor, p99 } from './look.ts'

let hub: HubProcess
beforeAll(async () => {
  hub = await hubProcess()
})
afterAll(() => hub[Symbol.asyncDispose]())

/** Loopback has more than one address, and each is another peer. */
const agent = new Agent({ keepAlive: true, maxSockets: 50 })
const send = (bearer: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const options = { agent, localAddress: '127.0.0.2', headers: { authorization: `Bearer ${bearer}` } }
    request(hub.url + hub.lookUp, options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
      .on('error', reject)
      .end()
  })

test.skipIf(process.platform !== 'linux')(
  'A29: 1,000 invalid signatures a second for eight seconds: that peer is held back, others are as fast as before',
  async () => {
    const quiet = await looksFor(hub, 3_000)
    const forged = `${(await hub.token()).slice(0, -8)}AAAAAAAA`
    const statuses: Promise<number>[] = []
    const flood = async () => {
      for (let second = 0; second < 8; second++) {
        for (let part = 0; part < 20; part++) {
          for (let each = 0; each < 50; each++) statuses.push(send(forged))
          await pause(50)
        }
      }
    }
    const [meanwhile] = await Promise.all([looksFor(hub, 8_000), flood()])
    const answered = await Promise.all(statuses)
    expect(new Set(answered)).toEqual(new Set([401, 429]))
    expect(answered.filter((status) => status === 429).length).toBeGreaterThan(answered.length * 0.8)
    expect(meanwhile.every(({ status }) => status === 200)).toBe(true)
    // The flood and the others are sent by one process on the same cores, which this allows for.
    expect(p99(meanwhile)).toBeLessThan(Math.max(10 * p99(quiet), 250))
  },
)

test('A22: ten thousand tokens of 9 kB and five hundred of 1 MB leave no memory taken', async () => {
  const large = `${await hub.token()}${'A'.repeat(9_000)}`
  for (let at = 0; at < 500; at++) await send(large)
  const before = hub.memory()
  let most = before
  for (let at = 0; at < 10_000; at += 50) {
    const statuses = await Promise.all(Array.from({ length: 50 }, () => send(large)))
    expect(statuses.every((status) => status === 401 || status === 429)).toBe(true)
    most = Math.max(most, hub.memory())
  }
  const huge = 'A'.repeat(1_000_000)
  for (let at = 0; at < 500; at += 10) {
    const statuses = await Promise.all(Array.from({ length: 10 }, () => send(huge).catch(() => 431)))
    expect(new Set(statuses)).toEqual(new Set([431]))
    most = Math.max(most, hub.memory())
  }
  expect(most - before).toBeLessThan(96 * 2 ** 20)
})

test('C16: ten thousand parameters are refused before anything is looked up', async () => {
  const authorization = `Bearer ${await hub.token()}`
  const body = Array.from({ length: 10_000 }, (_, n) => `p${n}=1`).join('&')
  const response = await fetch(`${hub.url}/fhir/_search`, {
    method: 'POST',
    body,
    headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
  })
  expect(response.status).toBe(413)
  await response.text()
})
