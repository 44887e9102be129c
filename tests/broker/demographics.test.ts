import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { putInstitution } from '../../src/registry/index.ts'
import { saltedPatientHash, saltFor } from '../../src/trust/index.ts'
import { SYSTEMS } from '../../src/vocabulary/index.ts'
import { visitOf } from '../consent/feed.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { NOON } from '../support/test-context.ts'
import {
  CLINIC_OF,
  patientIn,
  queryCall,
  type RegionId,
  register,
  type SentCall,
  type TestHub,
  testHub,
} from '../support/test-hub.ts'
import { allergy, readAnswer, records } from './ask-three.ts'

/** A resident of minato, treated at an institution of shiokaze, where nobody registered her. */
const SALT = 'salt'
const HOSPITAL = '1410000009'
const DAY_MS = 86_400_000

let now = NOON
let t: TestHub
beforeAll(async () => {
  t = await testHub({ now: () => now })
  await register(t, 'minato', 'm-1')
  await t.db.transaction((tx) =>
    putInstitution(tx, { number: HOSPITAL, name: '汐風病院', kind: 'hospital', regions: ['shiokaze'] }, NOON),
  )
  t.gateways.minato.answers(() => ({ resources: [allergy('a1')] }))
})
beforeEach(() => {
  now = NOON
  t.gateways.minato.calls.length = 0
})
afterAll(() => t[Symbol.asyncDispose]())

/** The Patient in the institution's hands: no identifier of any region. */
function held(changes: object = {}): string {
  const { identifier, ...rest } = patientIn('minato', 'unused') as { identifier: object[] }
  return JSON.stringify({ ...rest, identifier: identifier.slice(1), ...changes })
}

function numberOf(value: string): object {
  return { system: SYSTEMS.insuredNumber, value }
}

function byDemographics(patientText = held(), asked: object = {}): SentCall {
  const patientHash = saltedPatientHash(saltFor(SALT, 'patient'), '_demographics', patientText)
  const call = queryCall('shiokaze', { salt: SALT, patientHash, ...asked })
  return { ...call, body: new URLSearchParams({ _demographics: patientText, _salt: SALT }).toString() }
}

function byHandle(handle: string, asked: object = {}, region: RegionId = 'shiokaze'): SentCall {
  const patientHash = saltedPatientHash(saltFor(SALT, 'patient'), SYSTEMS.handle, handle)
  const form = { 'patient.identifier': `${SYSTEMS.handle}|${handle}` }
  return queryCall(region, { salt: SALT, patientHash, form, ...asked })
}

async function handleOf(response: Response): Promise<string> {
  const { bundle } = await readAnswer(response)
  const outcome = bundle.entry.at(-1)?.resource as {
    issue: { details: { coding?: [{ system: string; code: string }] } }[]
  }
  const coded = outcome.issue.flatMap(({ details }) => details.coding ?? [])
  return coded.find(({ system }) => system === SYSTEMS.handle)?.code ?? ''
}

/** Refused as anybody is, and nobody was asked. */
async function notProvided(call: SentCall, region: RegionId = 'shiokaze'): Promise<void> {
  const before = t.gateways.minato.calls.length
  await expectRefusal(await t.send(region, call), 403, 'not-provided')
  expect(t.gateways.minato.calls).toHaveLength(before)
}

describe('by demographics', () => {
  test('200 with the records, a handle, and both on the record; the holder learns no demographics', async () => {
    const response = await t.send('shiokaze', byDemographics())
    const handle = await handleOf(response.clone())
    expect(handle).toMatch(/^[\w-]{43}$/)
    expect((await readAnswer(response)).text).toContain(allergy('a1'))
    const [call] = t.gateways.minato.calls
    expect(decodeURIComponent(`${call?.body}`)).toContain('|m-1')
    expect(decodeURIComponent(`${call?.body}`)).not.toMatch(/汐見|1961|123456/)
    const [issued] = (await records(t, 'handle.issued')).slice(-1)
    expect(issued).toMatchObject({ region: 'shiokaze', institution: CLINIC_OF.shiokaze })
    expect(JSON.stringify(issued)).not.toContain(handle)
  })
  test('the next query by demographics gives another handle', async () => {
    const [one, two] = [
      await t.send('shiokaze', byDemographics()),
      await t.send('shiokaze', byDemographics()),
    ]
    expect(await handleOf(one)).not.toBe(await handleOf(two))
  })
  test.each<[string, object, object?]>([
    ['nobody of that birth date', { birthDate: '1961-02-04' }],
    ['nobody of that name', { name: [{ family: '汐見', given: ['別子'] }] }],
    ['nobody of that number at that address', { identifier: [], address: [{ text: '別の町9-9' }] }],
    ['a number made up for a name at an address', { identifier: [numberOf('33120015:い:777777:01')] }],
    ['a number that is none', { identifier: [numberOf('0')] }],
    ['a name alone', { identifier: [], birthDate: undefined, address: undefined, gender: undefined }],
    ['another birth date in the claims than in the text', {}, { birthDate: '1990-01-01' }],
    ['another sex in the claims', {}, { sex: 'male' }],
    ['no visit', {}, { visit: undefined }],
    ['yesterday’s visit', {}, { visit: { kind: 'outpatient', on: '2026-05-31' } }],
  ])('403 for %s', (_, changes, asked) => notProvided(byDemographics(held(changes), asked)))

  test('403 for one of two whom the demographics fit', async () => {
    const twin = {
      name: [{ family: '双葉', given: ['一子'] }],
      birthDate: '1970-07-07',
      identifier: [] as object[],
    }
    for (const [localId, branch] of [
      ['m-21', '01'],
      ['m-22', '02'],
    ] as const) {
      const number = { system: SYSTEMS.insuredNumber, value: `33120015:い:777777:${branch}` }
      const own = { system: 'urn:oid:2.999.14.1.1', value: localId }
      await register(t, 'minato', localId, { changes: { ...twin, identifier: [own, number] } })
    }
    await notProvided(byDemographics(held(twin), { birthDate: '1970-07-07' }))
  })
  test.each<[string, string, number]>([
    ['text that is no JSON', '{', 400],
    ['a list', '[]', 422],
    ['another type', '{"resourceType":"Person"}', 422],
    ['an unknown element', held({ admin: true }), 422],
    ['an Individual Number', held({ telecom: [{ value: '1234-5678-9018' }] }), 422],
  ])('refused for %s', async (_, text, status) => {
    expect((await t.send('shiokaze', byDemographics(text))).status).toBe(status)
    expect(t.gateways.minato.calls).toHaveLength(0)
  })
  test('no handle where the region denies', async () => {
    t.gateways.minato.answers(() => ({ status: 'denied', httpStatus: 403 }))
    const before = (await records(t, 'handle.issued')).length
    const response = await t.send('shiokaze', byDemographics())
    t.gateways.minato.answers(() => ({ resources: [allergy('a1')] }))
    await expectRefusal(response, 403, 'not-provided')
    expect(await records(t, 'handle.issued')).toHaveLength(before)
  })
})

describe('by handle', () => {
  let handle: string
  beforeAll(async () => {
    now = NOON
    handle = await handleOf(await t.send('shiokaze', byDemographics()))
  })

  test('200 for the institution it was given to, and no new handle', async () => {
    const response = await t.send('shiokaze', byHandle(handle))
    expect(await handleOf(response.clone())).toBe('')
    expect((await readAnswer(response)).text).toContain(allergy('a1'))
  })
  test('403 for another institution of the same region', () =>
    notProvided(byHandle(handle, { institution: HOSPITAL })))
  test('403 for another region', () => notProvided(byHandle(handle, {}, 'sagamino'), 'sagamino'))
  test('403 with another birth date or sex', async () => {
    await notProvided(byHandle(handle, { birthDate: '1961-02-04' }))
    await notProvided(byHandle(handle, { sex: 'male' }))
  })
  test('403 without a visit; 200 once one is on record under the handle', async () => {
    await notProvided(byHandle(handle, { visit: undefined }))
    const body = JSON.stringify(
      visitOf({ system: SYSTEMS.handle, value: handle }, { institution: CLINIC_OF.shiokaze }),
    )
    expect((await t.send('shiokaze', { method: 'POST', path: '/fhir/Encounter', body })).status).toBe(201)
    expect((await t.send('shiokaze', byHandle(handle, { visit: undefined }))).status).toBe(200)
  })
  test.each(['', 'x', 'A'.repeat(43), `${'A'.repeat(300)}`])(
    '400 or 403 for a handle that is none: %s',
    async (none) => {
      const { status } = await t.send('shiokaze', byHandle(none))
      expect(status).toBe(none === '' ? 400 : 403)
    },
  )
  test('200 on its last day, 403 after thirty days', async () => {
    const on = (at: Date) => ({ visit: { kind: 'outpatient', on: at.toISOString().slice(0, 10) } })
    now = new Date(NOON.getTime() + 30 * DAY_MS - 1_000)
    expect((await t.send('shiokaze', byHandle(handle, on(now)))).status).toBe(200)
    now = new Date(NOON.getTime() + 30 * DAY_MS)
    await notProvided(byHandle(handle, on(now)))
  })
  test('403 once the resident withdrew, 200 where she consents anew', async () => {
    await register(t, 'minato', 'm-1', { consent: { meta: { versionId: '2' }, status: 'inactive' } })
    await notProvided(byHandle(handle))
    await register(t, 'minato', 'm-1', { consent: { meta: { versionId: '3' } } })
    expect((await t.send('shiokaze', byHandle(handle))).status).toBe(200)
  })
})
