import { expect, test } from 'vitest'
import type { Transaction } from '../../src/kernel/database.ts'
import { endAgreement, endMembership, retireKey } from '../../src/registry/index.ts'
import { secondHub } from '../support/second-hub.ts'
import { NOON } from '../support/test-context.ts'
import { CLINIC_OF, queryCall, register, type TestHub, testHub } from '../support/test-hub.ts'
import { allergy } from './ask-three.ts'

const APART_MS = 5_000

/** Two processes of a hub, whose clocks differ; what they decide by was recorded an hour before. */
async function twoClocks() {
  const clock = { now: new Date(NOON.getTime() - 3_600_000) }
  const t = await testHub({ now: () => clock.now })
  await register(t, 'minato', 'm-1')
  await register(t, 'shiokaze', 'p-1')
  t.gateways.minato.answers(() => ({ resources: [allergy('a1')] }))
  clock.now = NOON
  const now = () => new Date(NOON.getTime() - APART_MS)
  const behind = await secondHub(t, { overrides: { now } })
  return {
    t,
    ask: () => t.send('shiokaze', { ...queryCall('shiokaze'), to: behind.url }),
    async [Symbol.asyncDispose]() {
      await behind[Symbol.asyncDispose]()
      await t[Symbol.asyncDispose]()
    },
  }
}

test.each<[string, number, (tx: Transaction, t: TestHub) => Promise<void>]>([
  ['retired key', 401, (tx, t) => retireKey(tx, t.keys.shiokaze.kid, NOON)],
  ['agreement', 403, (tx) => endAgreement(tx, { asking: 'shiokaze', holding: 'minato' }, NOON)],
  [
    'membership',
    403,
    (tx) => endMembership(tx, { institution: CLINIC_OF.shiokaze, region: 'shiokaze' }, NOON),
  ],
])('an ended %s is over for a process whose clock has not come that far', async (_, status, end) => {
  await using clocks = await twoClocks()
  const { t, ask } = clocks
  expect((await ask()).status).toBe(200)
  await t.db.transaction((tx) => end(tx, t))
  const asked = t.gateways.minato.calls.length
  expect((await ask()).status).toBe(status)
  expect(t.gateways.minato.calls).toHaveLength(asked)
})

test('nor does it release what it was asked before the end', async () => {
  await using clocks = await twoClocks()
  const { t, ask } = clocks
  t.gateways.minato.answers(async () => {
    await t.db.transaction((tx) => endAgreement(tx, { asking: 'shiokaze', holding: 'minato' }, NOON))
    return { resources: [allergy('a1')] }
  })
  const response = await ask()
  expect(response.status).toBe(403)
  expect(await response.text()).not.toContain('ロキソプロフェン')
})
