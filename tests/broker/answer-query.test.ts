import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { auditDetail, auditEntry } from '../../src/audit/tables.ts'
import { queryCall, register, type TestHub, testHub } from '../support/test-hub.ts'

const ALLERGY = JSON.stringify({
  resourceType: 'AllergyIntolerance',
  id: 'a1',
  category: ['medication'],
  code: { text: 'ロキソプロフェン' },
  patient: { reference: 'Patient/p' },
})
/** Its decimal is written with a precision that JSON.parse loses. */
const POTASSIUM =
  '{"resourceType":"Observation","id":"k1","status":"final","category":[{"coding":[{"system":"http://jpfhir.jp/fhir/core/CodeSystem/JP_SimpleObservationCategory_CS","code":"laboratory"}]}],"code":{"text":"K"},"subject":{"reference":"Patient/p"},"valueQuantity":{"value":7.10,"unit":"mEq/L"}}'

/** A resident of minato and shiokaze, consenting in both; minato answers with two resources. */
async function setUp(): Promise<TestHub> {
  const t = await testHub()
  await register(t, 'minato', 'm-1')
  await register(t, 'shiokaze', 'p-1')
  t.gateways.minato.answers(() => ({ resources: [ALLERGY, POTASSIUM] }))
  return t
}

async function records(t: TestHub, kind: string) {
  const rows = await t.db
    .select({ detail: auditDetail.detail })
    .from(auditEntry)
    .innerJoin(auditDetail, sql`${auditDetail.entry} = ${auditEntry.number}`)
    .where(sql`${auditEntry.kind} = ${kind}`)
  return rows.map(({ detail }) => JSON.parse(detail))
}

test('200 with the exact texts that the other region sent, its receipt, and attempt and release on record', async () => {
  await using t = await setUp()
  const response = await t.send('shiokaze', queryCall('shiokaze'))
  const text = await response.text()
  expect(response.status, text).toBe(200)
  expect(text).toContain(POTASSIUM)
  expect(text).toContain(ALLERGY)
  expect(text).not.toContain('"total"')
  expect(response.headers.get('tsunagi-receipt')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  expect(await records(t, 'query.attempt')).toMatchObject([{ region: 'shiokaze', user: 'dr-1' }])
  expect(await records(t, 'query.release')).toMatchObject([
    { sources: [{ region: 'minato', state: 'complete', count: 2 }] },
  ])
})

test('the answering gateway gets its own patient id and never the asker’s', async () => {
  await using t = await setUp()
  await t.send('shiokaze', queryCall('shiokaze'))
  const [call] = t.gateways.minato.calls
  expect(decodeURIComponent(call?.body ?? '')).toContain('|m-1')
  const seen = [call?.mandate, call?.request].map((jws) =>
    Buffer.from(jws?.split('.')[1] ?? '', 'base64url').toString(),
  )
  expect(seen.join() + call?.body).not.toContain('p-1')
})

test('the same refusal without consent, without a visit, unlinked and for an unknown patient; nobody is asked', async () => {
  await using t = await testHub()
  await register(t, 'minato', 'm-1', { consent: false })
  await register(t, 'shiokaze', 'p-1')
  await register(t, 'shiokaze', 'p-2', {
    changes: { birthDate: '1990-01-01', name: [{ family: '別', given: ['人'] }] },
  })
  const calls = [
    queryCall('shiokaze'),
    queryCall('shiokaze', { localId: 'p-2', birthDate: '1990-01-01' }),
    queryCall('shiokaze', { localId: 'nobody' }),
    queryCall('shiokaze', { birthDate: '1961-02-04' }),
    queryCall('shiokaze', { visit: undefined }),
  ]
  const answers: { status: number; body: unknown; receipt: boolean }[] = []
  for (const call of calls) {
    const response = await t.send('shiokaze', call)
    const body = JSON.parse(await response.text())
    body.issue[0].diagnostics = ''
    answers.push({ status: response.status, body, receipt: response.headers.has('tsunagi-receipt') })
  }
  expect(answers).toEqual(answers.map(() => answers[0]))
  expect(answers[0]).toMatchObject({
    status: 403,
    body: { issue: [{ details: { coding: [{ code: 'not-provided' }] } }] },
  })
  expect(t.gateways.minato.calls).toHaveLength(0)
  expect(await records(t, 'query.denial')).toHaveLength(calls.length)
})
