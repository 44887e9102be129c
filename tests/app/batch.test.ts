import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditEntry } from '../../src/audit/tables.ts'
import { present } from '../../src/kernel/must.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { patientIn, patientPath, pixPath, type TestHub, testHub } from '../support/test-hub.ts'

let t: TestHub
beforeAll(async () => {
  t = await testHub()
})
afterAll(() => t[Symbol.asyncDispose]())

const feed = (localId: string, changes: object = {}) => ({
  resource: patientIn('minato', localId, changes),
  request: { method: 'PUT', url: patientPath('minato', localId).slice('/fhir/'.length) },
})
const lookUp = (localId: string) => ({
  request: { method: 'GET', url: pixPath('minato', localId).slice('/fhir/'.length) },
})
const call = (...entry: object[]) => ({
  method: 'POST' as const,
  path: '/fhir',
  body: JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry }),
})

test('200 for a batch in one signed request, an entry of the log for each of its own', async () => {
  const before = await t.db.$count(auditEntry)
  const response = await t.send('minato', call(feed('b-1'), feed('b-2', { birthDate: '1970-01-02' })))
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({
    type: 'batch-response',
    entry: [{ response: { status: '201', etag: 'W/"1"' } }, { response: { status: '201' } }],
  })
  // Two feeds, and the link of each.
  expect((await t.db.$count(auditEntry)) - before).toBe(4)
})

test('401 for the same request a second time, and nothing of it is done', async () => {
  const claims = { jti: 'a-batch-that-is-sent-twice' }
  const twice = { ...call(feed('b-3'), lookUp('b-3')), claims }
  expect((await t.send('minato', twice)).status).toBe(200)
  await expectRefusal(await t.send('minato', twice), 401, 'token-replayed')
  const refused = await t.send('minato', { method: 'GET', path: pixPath('minato', 'b-3'), claims })
  await expectRefusal(refused, 401, 'token-replayed')
})

test('401 unsigned, 403 for another region’s id, by entry, 413 when it is too large', async () => {
  await expectRefusal(
    await t.send('minato', { ...call(lookUp('b-1')), authorization: undefined }),
    401,
    'token-missing',
  )
  const large = { ...call(), body: JSON.stringify({ pad: 'x'.repeat(600_000) }) }
  await expectRefusal(await t.send('minato', large), 413, 'body-too-large')
  const foreign = {
    ...lookUp('b-1'),
    request: { method: 'GET', url: pixPath('sagamino', 'b-1').slice('/fhir/'.length) },
  }
  const { entry } = (await (await t.send('minato', call(foreign))).json()) as {
    entry: { response: { status: string } }[]
  }
  expect(present(entry[0], 'one was asked').response.status).toBe('403')
})
