import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setStage } from '../../src/registry/index.ts'
import { generateSigningKey, saltedPatientHash, saltFor } from '../../src/trust/index.ts'
import { SYSTEMS } from '../../src/vocabulary/index.ts'
import { visitOf } from '../consent/feed.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { rowCounts } from '../support/row-counts.ts'
import { NOON } from '../support/test-context.ts'
import {
  CLINIC_OF,
  consentIn,
  patientIn,
  queryCall,
  register,
  type SentCall,
  SYSTEM_OF,
  type TestHub,
  testHub,
} from '../support/test-hub.ts'

/** Unknown region, unknown patient, foreign patient-id domain: at every call that names a patient. */
const UNKNOWN = 'urn:oid:2.999.14.99'
const FOREIGN = SYSTEM_OF.shiokaze

let t: TestHub
beforeAll(async () => {
  t = await testHub()
  await register(t, 'minato', 'm-1')
  await register(t, 'shiokaze', 'p-1')
})
afterAll(() => t[Symbol.asyncDispose]())

const token = (system: string, value: string) => encodeURIComponent(`${system}|${value}`)

function feed(system: string, value: string, patient: object): SentCall {
  return {
    method: 'PUT',
    path: `/fhir/Patient?identifier=${token(system, value)}`,
    body: JSON.stringify(patient),
  }
}

function consent(system: string, value: string): SentCall {
  const patient = { identifier: { system, value } }
  return {
    method: 'POST',
    path: '/fhir/Consent',
    body: JSON.stringify(consentIn('minato', 'm-1', { patient })),
  }
}

function visit(system: string, value: string): SentCall {
  const body = visitOf({ system, value }, { institution: CLINIC_OF.minato })
  return { method: 'POST', path: '/fhir/Encounter', body: JSON.stringify(body) }
}

const lookUp = (system: string, value: string, targets = ''): SentCall => ({
  method: 'GET',
  path: `/fhir/Patient/$ihe-pix?sourceIdentifier=${token(system, value)}${targets}`,
})

const remove = (system: string, value: string): SentCall => ({
  method: 'DELETE',
  path: `/fhir/Patient?identifier=${token(system, value)}`,
})

async function refusedWhole(call: SentCall, status: number, code: Parameters<typeof expectRefusal>[2]) {
  const before = await rowCounts(t.db)
  await expectRefusal(await t.send('minato', call), status, code)
  expect(await rowCounts(t.db)).toEqual(before)
}

/** A query leaves on record who tried, and nothing else. */
async function refusedOnRecord(call: SentCall, status: number, code: Parameters<typeof expectRefusal>[2]) {
  const others = async () =>
    Object.entries(await rowCounts(t.db)).filter(([name]) => !/^(audit_|replay$)/.test(name))
  const before = await others()
  await expectRefusal(await t.send('minato', call), status, code)
  expect(await others()).toEqual(before)
}

describe('an unknown or a foreign patient-id domain', () => {
  test.each([UNKNOWN, FOREIGN])(
    '403 for feeding, consenting, visiting and removing in %s',
    async (system) => {
      await refusedWhole(feed(system, 'm-1', patientIn('minato', 'm-1')), 403, 'foreign-patient-domain')
      await refusedWhole(consent(system, 'm-1'), 403, 'foreign-patient-domain')
      await refusedWhole(visit(system, 'm-1'), 403, 'foreign-patient-domain')
      await refusedWhole(remove(system, 'p-1'), 403, 'foreign-patient-domain')
    },
  )
  test.each([UNKNOWN, FOREIGN])('403 for a query by an id of %s', async (system) => {
    const form = { 'patient.identifier': `${system}|p-1`, _salt: 'salt' }
    const patientHash = saltedPatientHash(saltFor('salt', 'patient'), system, 'p-1')
    await refusedOnRecord(queryCall('minato', { form, patientHash }), 403, 'foreign-patient-domain')
    await refusedOnRecord(queryCall('minato', { form }), 401, 'call-mismatch')
  })
  test('403 for a patient who also carries an id of another region; 422 for one with two own ids, or none', async () => {
    const own = { system: SYSTEM_OF.minato, value: 'm-9' }
    const withIds = (...identifier: object[]) =>
      feed(SYSTEM_OF.minato, 'm-9', patientIn('minato', 'm-9', { identifier }))
    await refusedWhole(withIds(own, { system: FOREIGN, value: 'p-1' }), 403, 'foreign-patient-domain')
    await refusedWhole(withIds(own, { system: SYSTEM_OF.minato, value: 'm-8' }), 422, 'resource-invalid')
    await refusedWhole(withIds({ system: UNKNOWN, value: 'm-9' }), 422, 'resource-invalid')
    await refusedWhole(withIds({ value: 'm-9' }), 422, 'resource-invalid')
  })
  test('400 for a look-up from an unknown domain, 403 from or to another’s', async () => {
    await expectRefusal(await t.send('minato', lookUp(UNKNOWN, 'm-1')), 400, 'source-domain-unknown')
    await expectRefusal(await t.send('minato', lookUp(FOREIGN, 'p-1')), 403, 'foreign-patient-domain')
    const to = (system: string) =>
      lookUp(SYSTEM_OF.minato, 'm-1', `&targetSystem=${encodeURIComponent(system)}`)
    await expectRefusal(await t.send('minato', to(UNKNOWN)), 403, 'target-domain-unknown')
    const elsewhere = await t.send('minato', to(FOREIGN))
    expect(await elsewhere.json()).toEqual({ resourceType: 'Parameters' })
  })
})

describe('an unknown patient', () => {
  test('404 in one’s own domain, and nothing is kept', async () => {
    await refusedWhole(consent(SYSTEM_OF.minato, 'nobody'), 404, 'patient-unknown')
    await refusedWhole(visit(SYSTEM_OF.minato, 'nobody'), 404, 'patient-unknown')
    await refusedWhole(visit(SYSTEMS.handle, 'A'.repeat(43)), 404, 'patient-unknown')
    await refusedWhole(remove(SYSTEM_OF.minato, 'nobody'), 404, 'patient-unknown')
    await expectRefusal(await t.send('minato', lookUp(SYSTEM_OF.minato, 'nobody')), 404, 'patient-unknown')
  })
  test('403 for a query, as for anybody whom no other region provides', async () => {
    await expectRefusal(
      await t.send('minato', queryCall('minato', { localId: 'nobody' })),
      403,
      'not-provided',
    )
  })
})

describe('an unknown region', () => {
  test('401 for a key that no region registered, whatever region it says it is', async () => {
    const key = await generateSigningKey('ES256')
    for (const iss of ['minato', 'nowhere']) {
      const call = { ...lookUp(SYSTEM_OF.minato, 'm-1'), key, claims: { iss } }
      await expectRefusal(await t.send('minato', call), 401, 'signing-key-unknown')
    }
  })
  test('401 for a region that left, 403 for one that is only registered', async () => {
    const at = new Date(NOON.getTime() - 1_000)
    await t.db.transaction((tx) => setStage(tx, 'sagamino', 'registered', at))
    const call = consent(SYSTEM_OF.sagamino, 's-1')
    await expectRefusal(await t.send('sagamino', call), 403, 'stage-too-early')
    await t.db.transaction((tx) => setStage(tx, 'sagamino', 'left', at))
    await expectRefusal(await t.send('sagamino', call), 401, 'signing-key-unknown')
  })
})
