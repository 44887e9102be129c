import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { decideSources } from '../../src/broker/decide-sources.ts'
import { type Query, readQuery } from '../../src/broker/read-query.ts'
import type { Transaction } from '../../src/kernel/database.ts'
import { endAgreement, endMembership, retireKey, verifyCall } from '../../src/registry/index.ts'
import { callClaims, freshClaims, type RequestClaims, signToken } from '../../src/trust/index.ts'
import { NOON } from '../support/test-context.ts'
import {
  CLINIC_OF,
  patientIn,
  patientPath,
  queryCall,
  register,
  type TestHub,
  testHub,
} from '../support/test-hub.ts'
import { untilAnyoneWaits } from '../support/until-waiting.ts'

/** The database keeps the work waiting for its first reading; meanwhile time goes on and something ends. */
async function endWhileWaiting<T, P>(
  prepare: (t: TestHub) => Promise<P>,
  act: (t: TestHub, prepared: P) => Promise<T>,
  end: (tx: Transaction, at: Date, t: TestHub) => Promise<void>,
): Promise<T> {
  let now = NOON
  await using t = await testHub({ now: () => now })
  await register(t, 'minato', 'm-1')
  await register(t, 'shiokaze', 'p-1')
  const prepared = await prepare(t)
  const { work } = await t.db.transaction(async (tx) => {
    await tx.execute(sql`lock table epoch in access exclusive mode`)
    const work = act(t, prepared)
    await untilAnyoneWaits(t.db)
    now = new Date(NOON.getTime() + 500)
    await end(tx, now, t)
    return { work }
  })
  return await work
}

/** As it was let in at the door: what waits is the decision. */
async function letIn(t: TestHub): Promise<Query> {
  const { body = '', claims, path } = queryCall('shiokaze')
  const url = t.hub.publicUrl + path
  const token = await signToken(t.keys.shiokaze, 'tsunagi-request+jwt', {
    ...freshClaims('shiokaze', t.hub.publicUrl, NOON),
    ...callClaims({ method: 'POST', url, body }),
    ...claims,
  } as RequestClaims)
  const call = { authorization: `Bearer ${token}`, method: 'POST', url, body, certificate: undefined }
  return readQuery(await verifyCall(t.hub, call), body)
}

test.each<[string, (tx: Transaction, at: Date) => Promise<void>]>([
  ['agreement', (tx, at) => endAgreement(tx, { asking: 'shiokaze', holding: 'minato' }, at)],
  ['membership', (tx, at) => endMembership(tx, { institution: CLINIC_OF.shiokaze, region: 'shiokaze' }, at)],
])('no permit by what ended while the decision waited for the database: the %s', async (_, end) => {
  const decide = (t: TestHub, query: Query) => decideSources(t.hub, query)
  const { verdicts } = await endWhileWaiting(letIn, decide, end)
  expect(verdicts.filter(({ verdict }) => verdict.verdict === 'permit')).toEqual([])
})

test('401 for a feed signed by a key that was retired while the call waited for the database', async () => {
  const response = await endWhileWaiting(
    async () => {},
    (t) =>
      t.send('shiokaze', {
        method: 'PUT',
        path: patientPath('shiokaze', 'p-2'),
        body: JSON.stringify(patientIn('shiokaze', 'p-2')),
      }),
    (tx, at, t) => retireKey(tx, t.keys.shiokaze.kid, at),
  )
  expect(response.status).toBe(401)
})
