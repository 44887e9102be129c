import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { PeerAnswer } from '../support/peer-gateway.ts'
import { queryCall, type TestHub } from '../support/test-hub.ts'
import { allergy, HONEST, readAnswer, threeRegions } from './ask-three.ts'

/** Cases E3 to E5, E28, E29: one deadline for all, whatever the sources do with it. */
const DEADLINE_MS = 400
const NEVER: PeerAnswer = { byHand: () => {} }

let t: TestHub
beforeAll(async () => {
  t = await threeRegions()
})
beforeEach(() => {
  t.gateways.sagamino.calls.length = 0
  t.gateways.sagamino.answers(() => ({ resources: [HONEST] }))
})
afterAll(() => t[Symbol.asyncDispose]())

/** Asks, with the milliseconds it took. */
async function ask() {
  const started = performance.now()
  const answer = await readAnswer(await t.send('shiokaze', queryCall('shiokaze')))
  return { ...answer, elapsedMs: performance.now() - started }
}

test.each<[string, PeerAnswer]>([
  ['says nothing', NEVER],
  [
    'sends its headers and nothing more',
    { byHand: (outgoing, { headers }) => outgoing.writeHead(200, headers).flushHeaders() },
  ],
  [
    'stops in the middle',
    {
      resources: [allergy('x')],
      byHand: (outgoing, { text, headers }) => outgoing.writeHead(200, headers).write(text.slice(0, 40)),
    },
  ],
  [
    'drips a byte at a time',
    {
      resources: [allergy('x')],
      byHand: (outgoing, { text, headers }) => {
        outgoing.writeHead(200, headers)
        const timer = setInterval(() => outgoing.write(text[0] ?? ''), 20)
        outgoing.on('close', () => clearInterval(timer))
      },
    },
  ],
])('timeout for a source that %s; the other’s answer is whole', async (_, answer) => {
  t.hub.sourcesDeadlineMs = DEADLINE_MS
  t.gateways.minato.answers(() => answer)
  const { states, text, elapsedMs } = await ask()
  expect(states).toEqual({ minato: 'timeout', sagamino: 'complete' })
  expect(text).toContain(HONEST)
  expect(elapsedMs).toBeGreaterThanOrEqual(DEADLINE_MS - 20)
})

test('two slow sources do not add up', async () => {
  t.hub.sourcesDeadlineMs = 1_500
  t.gateways.minato.answers(() => NEVER)
  t.gateways.sagamino.answers(() => NEVER)
  const { states, elapsedMs, bundle } = await ask()
  expect(states).toEqual({ minato: 'timeout', sagamino: 'timeout' })
  expect(bundle.meta.tag[0].code).toBe('partial')
  expect(elapsedMs).toBeLessThan(2_900)
})

test('both are asked at once: each waits until the other has been', async () => {
  t.hub.sourcesDeadlineMs = 5_000
  const [minato, sagamino] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  t.gateways.minato.answers(async () => {
    minato.resolve()
    await sagamino.promise
    return {}
  })
  t.gateways.sagamino.answers(async () => {
    sagamino.resolve()
    await minato.promise
    return {}
  })
  expect((await ask()).states).toEqual({ minato: 'empty', sagamino: 'empty' })
})

test('E29: busy for the seventeenth call at once to one region; the other answers all', async () => {
  t.hub.sourcesDeadlineMs = 45_000
  const release = Promise.withResolvers<void>()
  t.gateways.minato.answers(async () => {
    await release.promise
    return {}
  })
  const waiting: ReturnType<typeof ask>[] = []
  // One after another, so that what is full is the way to the region and not the database.
  for (let asked = 1; asked <= 16; asked++) {
    waiting.push(ask())
    while (t.gateways.sagamino.calls.length < asked) await pause(5)
  }
  const late = await ask()
  release.resolve()
  expect(late.states).toEqual({ minato: 'busy', sagamino: 'complete' })
  for (const { states } of await Promise.all(waiting))
    expect(states).toEqual({ minato: 'empty', sagamino: 'complete' })
  expect((await ask()).states.minato).toBe('empty')
})
