import { expect, test } from 'vitest'
import { queryCall, register, SYSTEM_OF, testHub } from '../support/test-hub.ts'
import { records } from './ask-three.ts'

test('a query in another region’s patient domain is refused, and who tried is on record', async () => {
  await using t = await testHub()
  await register(t, 'minato', 'm-1')
  const form = { 'patient.identifier': `${SYSTEM_OF.minato}|m-1` }
  const refused = await t.send('shiokaze', queryCall('shiokaze', { form }))
  expect(refused.status).toBe(401)
  const [entry] = await records(t, 'query.refused')
  expect(entry).toMatchObject({
    region: 'shiokaze',
    user: 'dr-1',
    institution: '1410000003',
    code: 'call-mismatch',
  })
})

test('a query that names no type that exists is on record, and cannot be sent again', async () => {
  await using t = await testHub()
  const call = queryCall('shiokaze', { form: { _type: 'Encounter' } }, { jti: 'abcdefghijklmnopqrstuv' })
  expect((await t.send('shiokaze', call)).status).toBe(400)
  expect((await t.send('shiokaze', call)).status).toBe(400)
  expect(await records(t, 'query.refused')).toMatchObject([{ code: 'parameter-unsupported' }])
  expect(await records(t, 'replay.refused')).toMatchObject([{ code: 'parameter-unsupported' }])
})

test('an attempt is found again by every registration of the person', async () => {
  await using t = await testHub()
  await register(t, 'minato', 'm-1')
  await register(t, 'shiokaze', 'p-1')
  await t.send('shiokaze', queryCall('shiokaze', { visit: undefined }))
  const rows = await t.db.execute<{ key: string; kind: string }>(
    "select key, kind from audit_about join audit_entry on entry = number where kind like 'query.%' order by 1, 2",
  )
  expect(rows).toMatchObject([
    { key: 'registration:minato|m-1', kind: 'query.attempt' },
    { key: 'registration:shiokaze|p-1', kind: 'query.attempt' },
  ])
})
