import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { promiseHeld, receiptSigned } from '../../src/gateway/tables.ts'
import { openLog } from '../../src/kernel/events.ts'
import { saltedBirthSexHash } from '../../src/trust/index.ts'
import type { Item } from '../../src/vocabulary/index.ts'
import {
  ALLERGY,
  CONDITION,
  ITEMS,
  inwardRegion,
  LABORATORY,
  LOCAL_ID,
  PATIENT,
  provenTexts,
  receiptOf,
  SALT,
} from './inward-region.ts'

test('200 with the exact texts of the local system, under a receipt whose root is over them', async () => {
  await using t = await inwardRegion()
  const sent = await t.prepare()
  const response = await t.send(sent)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('application/fhir+json')
  const claims = await receiptOf(t, response)
  expect(claims).toMatchObject({
    iss: 'sagamino',
    status: 'complete',
    count: 3,
    req: sent.digests.request,
    man: sent.digests.mandate,
    patient: 'Patient/p1',
  })
  expect(await provenTexts(t, response)).toEqual([ALLERGY, CONDITION, LABORATORY])
  expect(LABORATORY).toContain('4.10')
})

test('what was asked is on record before the answer is, and both stand in the own log', async () => {
  await using t = await inwardRegion()
  const sent = await t.prepare()
  const names = { request: sent.digests.request, mandate: sent.digests.mandate, region: 'minato' }
  expect((await t.send(sent)).status).toBe(200)
  expect(await t.entries()).toMatchObject([
    {
      kind: 'gateway.mandate',
      detail: { ...names, patient: LOCAL_ID, user: 'dr-aoki', verdict: { permit: ITEMS } },
    },
    { kind: 'gateway.answer', detail: { ...names, state: 'complete', count: 3, items: ITEMS } },
  ])
  expect(await t.ctx.db.select().from(receiptSigned)).toMatchObject([{ requestDigest: sent.digests.request }])
  expect(await t.ctx.db.select().from(promiseHeld)).toMatchObject([{ kind: 'attempt', state: 'open' }])
})

test('no patient id reaches a URL of the local system, and only allow-listed parameters are sent', async () => {
  await using t = await inwardRegion()
  await t.send()
  expect(t.ehr.asked.map(({ method, url }) => `${method} ${url}`).sort()).toEqual([
    'POST /fhir/AllergyIntolerance/_search',
    'POST /fhir/Condition/_search',
    'POST /fhir/Observation/_search',
    'POST /fhir/Patient/_search',
  ])
  const [patient, ...records] = t.ehr.asked
  expect(patient?.form.get('identifier')).toBe(`urn:oid:2.999.14.1.2|${LOCAL_ID}`)
  for (const { form } of records) expect([...form.keys()].sort()).toEqual(['_count', 'patient'])
})

test('nothing recorded is empty, not an error', async () => {
  await using t = await inwardRegion()
  t.ehr.holds = { Patient: [PATIENT] }
  const response = await t.send()
  expect(response.status).toBe(200)
  expect(await receiptOf(t, response)).toMatchObject({ status: 'empty', count: 0, patient: 'Patient/p1' })
  expect(await response.json()).toEqual({ resourceType: 'Bundle', type: 'searchset' })
})

test('a diagnosis its author gives to nobody (UNDELIVERED) is masked before the receipt is made', async () => {
  await using t = await inwardRegion()
  const system = 'http://jpfhir.jp/fhir/clins/CodeSystem/JP_ehrshrs_indication'
  const hidden = `{"resourceType":"Condition","id":"c2","meta":{"tag":[{"system":"${system}","code":"UNDELIVERED"}]},"subject":{"reference":"Patient/p1"}}`
  const told = hidden.replace('UNDELIVERED', 'UNINFORMED').replace('c2', 'c3')
  t.ehr.holds.Condition = [hidden, told]
  const texts = await provenTexts(t, await t.send())
  expect(texts).toEqual([ALLERGY, told, LABORATORY])
})

test('items that were not asked for, and what no rule recognises, stay', async () => {
  await using t = await inwardRegion()
  const food =
    '{"resourceType":"AllergyIntolerance","id":"a2","category":["food"],"patient":{"reference":"Patient/p1"}}'
  const unknown = '{"resourceType":"Observation","id":"o9","subject":{"reference":"Patient/p1"}}'
  t.ehr.holds.AllergyIntolerance = [food, ALLERGY]
  t.ehr.holds.Observation = [unknown]
  expect(await provenTexts(t, await t.send())).toEqual([ALLERGY, CONDITION])
})

test('a period keeps back care outside it; allergies and conditions hold beyond the day they were written', async () => {
  await using t = await inwardRegion()
  const older = LABORATORY.replace('"o1"', '"o2"').replace('2026-05-20T09', '2025-01-20T09')
  const undated = LABORATORY.replace('"o1"', '"o3"').replace(
    '"effectiveDateTime":"2026-05-20T09:00:00+09:00",',
    '',
  )
  t.ehr.holds.Observation = [older, LABORATORY, undated]
  const sent = await t.prepare({ mandate: { period: { from: '2026-05-20' } } })
  expect(await provenTexts(t, await t.send(sent))).toEqual([ALLERGY, CONDITION, LABORATORY, undated])
})

test('every type that carries an item is searched, and no other', async () => {
  await using t = await inwardRegion()
  const items: Item[] = ['prescription']
  const response = await t.send(await t.prepare({ query: { items } }))
  expect(response.status).toBe(200)
  expect(t.ehr.asked.map(({ type }) => type)).toEqual(['Patient', 'MedicationRequest'])
})

test('neither log nor refusal holds anything of the patient, whatever goes wrong', async () => {
  await using t = await inwardRegion()
  const lines: string[] = []
  t.ctx.log = openLog('debug', { write: (line) => lines.push(line) })
  const told: string[] = []
  const wrong = CONDITION.replace('Patient/p1', 'Patient/p2')
  const birthSexHash = saltedBirthSexHash(SALT, '1931-12-31', 'male')
  const patient = { system: t.ctx.patientSystem, value: 'S-9999' }
  t.ehr.holds.Condition = [wrong]
  for (const changes of [
    {},
    { query: { birthSexHash } },
    { mandate: { patient } },
    { mandate: { aud: 'shiokaze' } },
  ]) {
    told.push(await (await t.send(await t.prepare(changes))).text())
  }
  t.ehr.holds.Condition = [`{"resourceType":"Condition","name":"${LOCAL_ID}`]
  told.push(await (await t.send()).text())
  await t.ctx.db.execute(sql`alter table promise_held rename to promise_lost`)
  told.push(await (await t.send()).text())
  expect(told.at(-1)).toContain('internal')
  expect(lines.length).toBeGreaterThan(4)
  const all = [...lines, told[1], told[2], told[3], told.at(-1)].join('\n')
  for (const secret of [
    LOCAL_ID,
    'S-9999',
    '1950-02-03',
    '高血圧症',
    'Patient/p',
    'dr-aoki',
    '青木',
    '意識',
  ]) {
    expect(all).not.toContain(secret)
  }
})
