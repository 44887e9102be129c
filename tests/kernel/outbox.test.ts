import { isNull } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/kernel/database.ts'
import { type Deliver, deliverDue, postLetters, startDelivering } from '../../src/kernel/outbox.ts'
import { outbox } from '../../src/kernel/outbox-tables.ts'
import { capturedLog } from '../support/captured-log.ts'
import { NOON, testContext } from '../support/test-context.ts'

const TOPIC = 'test'
/** As many as a test's database has. */
const CONNECTIONS = 4

/** A context whose clock can be set, and letters to as many destinations as wanted. */
async function setup(letters: number) {
  const clock = { now: NOON }
  const { log, lines } = capturedLog()
  const t = await testContext('hub', { log, now: () => clock.now })
  const all = Array.from({ length: letters }, (_, n) => ({
    ...{ topic: TOPIC, destination: `region-${n}`, subject: 'one', body: `letter ${n}` },
  }))
  await t.db.transaction((tx) => postLetters(tx, all, NOON))
  const round = (deliver: Deliver) => deliverDue(t.context, TOPIC, async () => deliver)
  return { ...t, clock, lines, round, rows: () => t.db.select().from(outbox).orderBy(outbox.id) }
}

test('what did not arrive waits longer each time; what arrived is not sent again', async () => {
  await using t = await setup(3)
  const sent: string[] = []
  const deliver: Deliver = async ({ destination }) => {
    sent.push(destination)
    if (destination === 'region-1') throw new Error('not now')
    return destination === 'region-0'
  }
  expect(await t.round(deliver)).toBe(3)
  expect((await t.rows()).map(({ deliveredAt }) => deliveredAt)).toEqual([NOON, null, null])
  expect(await t.round(deliver)).toBe(0)
  t.clock.now = new Date(NOON.getTime() + 1_000)
  expect(await t.round(deliver)).toBe(2)
  const waits = (await t.rows()).map(({ dueAt }) => dueAt.getTime() - t.clock.now.getTime())
  expect(waits.slice(1)).toEqual([2_000, 2_000])
  expect(sent).toEqual(['region-0', 'region-1', 'region-2', 'region-1', 'region-2'])
  expect(t.lines.filter((line) => line.includes('outbox.not-delivered'))).toHaveLength(2)
})

test('queries and letters do not wait for each other’s connections', async () => {
  await using t = await setup(50)
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
  const busy = Array.from({ length: CONNECTIONS }, () => t.db.transaction(() => answered))
  await using elsewhere = openDatabase(t.target, { connectionsMax: 1 })
  await using _delivering = startDelivering(t.context, TOPIC, async () => async () => true, 5)
  const waiting = () => elsewhere.$count(outbox, isNull(outbox.deliveredAt))
  await expect.poll(waiting).toBe(0)
  answer()
  await Promise.all(busy)
})
