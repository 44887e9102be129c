import { request } from 'node:http'
import { expect, test } from 'vitest'
import { failureLimit } from '../../src/http/index.ts'
import {
  callClaims,
  freshClaims,
  type RequestClaims,
  type SigningKey,
  signToken,
} from '../../src/trust/index.ts'
import { NOON } from '../support/test-context.ts'
import { pixPath, register, type TestHub, testHub } from '../support/test-hub.ts'

/** Case A29: a peer whose signatures keep failing is held back, and nobody else. */
const PATH = pixPath('minato', 'm-1')
const FLOOD = 1_000
const AT_ONCE = 20

function token(t: TestHub, key: SigningKey = t.keys.minato): Promise<string> {
  const call = callClaims({ method: 'GET', url: t.hub.publicUrl + PATH, body: '' })
  const claims = { ...freshClaims('minato', t.hub.publicUrl, t.hub.now()), ...call }
  return signToken(key, 'tsunagi-request+jwt', claims as RequestClaims)
}

/** Loopback has more than one address, and each is another peer. */
function sendFrom(localAddress: string, t: TestHub, bearer: string, headers = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { localAddress, headers: { authorization: `Bearer ${bearer}`, ...headers } }
    const sent = request(t.url + PATH, options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', reject).end()
  })
}

test.skipIf(process.platform !== 'linux')(
  `429 for the peer after ${FLOOD} invalid signatures, whatever it says of itself; the other peer is answered throughout`,
  async () => {
    let now = NOON
    await using t = await testHub({ now: () => now })
    await register(t, 'minato', 'm-1', { consent: false })
    const honest = await token(t)
    const forged = `${honest.slice(0, -8)}AAAAAAAA`
    const statuses: number[] = []
    const others: number[] = []
    for (let sent = 0; sent < FLOOD; sent += AT_ONCE) {
      const headers = { 'x-forwarded-for': `203.0.113.${sent % 250}`, forwarded: `for=192.0.2.${sent % 250}` }
      const batch = Array.from({ length: AT_ONCE }, () => sendFrom('127.0.0.1', t, forged, headers))
      if (sent % 100 === 0) others.push(await sendFrom('127.0.0.2', t, await token(t)))
      statuses.push(...(await Promise.all(batch)))
    }
    expect(others).toEqual(others.map(() => 200))
    expect(new Set(statuses)).toEqual(new Set([401, 429]))
    expect(statuses.filter((status) => status === 401).length).toBeLessThan(FLOOD / 5)
    expect(await sendFrom('127.0.0.1', t, await token(t))).toBe(429)
    now = new Date(now.getTime() + 1_000)
    expect(await sendFrom('127.0.0.1', t, await token(t))).toBe(200)
  },
  30_000,
)

test('a clock that is set back holds nobody back', () => {
  const limit = failureLimit()
  limit.isHeld('a', NOON.getTime())
  limit.failed('a')
  expect(limit.isHeld('a', NOON.getTime() - 3_600_000)).toBe(false)
})

test('failures that are found late, as on a busy machine, let no more through', () => {
  const limit = failureLimit()
  const underWay: number[] = []
  let listenedTo = 0
  for (let ms = 0; ms < 60_000; ms += 10) {
    while ((underWay[0] ?? ms) <= ms - 1_000) {
      underWay.shift()
      limit.failed('a')
    }
    if (limit.isHeld('a', ms)) continue
    underWay.push(ms)
    listenedTo += 1
  }
  // A burst of 60, 20 a second, and those of a second that began before the first was found to fail.
  expect(listenedTo).toBeLessThan(60 + 20 * 60 + 100)
})

test('only so many peers are remembered, the oldest forgotten first', () => {
  const limit = failureLimit()
  const isHeld = (peer: string) => limit.isHeld(peer, NOON.getTime())
  expect(isHeld('flooder')).toBe(false)
  for (let n = 0; n < 100; n++) limit.failed('flooder')
  expect(isHeld('flooder')).toBe(true)
  for (let n = 0; n < 20_000; n++) isHeld(`peer-${n}`)
  expect(limit.isHeld('flooder', NOON.getTime())).toBe(false)
})
