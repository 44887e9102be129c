import { expect, test } from 'vitest'
import { refusalCode } from '../support/expect-refusal.ts'
import { queryCall, register, type SentCall, type TestHub, testHub } from '../support/test-hub.ts'

/** Status, code, length of the body, names and lengths of the headers, and how long it took. */
async function refusedBy(t: TestHub, call: SentCall) {
  const started = performance.now()
  const response = await t.send('shiokaze', call)
  const ms = performance.now() - started
  const headers = [...response.headers].map(([name, value]) => [name, value.length])
  const text = await response.clone().text()
  return { seen: [response.status, await refusalCode(response), text.length, headers], ms }
}

test('denied by the holder’s gateway, by the hub, and unknown: the same to the byte, and at the same stroke', async () => {
  await using t = await testHub()
  await register(t, 'minato', 'm-1')
  await register(t, 'shiokaze', 'p-1')
  await t.send('shiokaze', queryCall('shiokaze', { localId: 'nobody' }))
  const byHub = await refusedBy(t, queryCall('shiokaze', { visit: undefined }))
  const unknown = await refusedBy(t, queryCall('shiokaze', { localId: 'nobody' }))
  t.gateways.minato.answers(() => ({ status: 'denied', httpStatus: 403, delayMs: 80 }))
  const byHolder = await refusedBy(t, queryCall('shiokaze'))
  t.gateways.minato.answers(() => ({ status: 'not-linked' }))
  const notLinked = await refusedBy(t, queryCall('shiokaze'))
  const all = [byHub, unknown, byHolder, notLinked]
  expect(all.map(({ seen }) => seen)).toEqual(all.map(() => byHub.seen))
  expect(byHub.seen.slice(0, 2)).toEqual([403, 'not-provided'])
  for (const { ms } of all) expect(ms).toBeGreaterThan(240)
})
