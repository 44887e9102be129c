import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { saltedPatientHash, saltFor, sha256 } from '../../src/trust/index.ts'
import { CLINICAL_TYPES, ITEM_CODES, SYSTEMS } from '../../src/vocabulary/index.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { nothingIsKept, onlyAttemptsAreKept } from '../support/row-counts.ts'
import { queryCall, type SentCall, SYSTEM_OF, type TestHub } from '../support/test-hub.ts'
import { threeRegions } from './ask-three.ts'

/** Case C22 and its like: a query is one thing, signed for, and never wider than its signature. */
let t: TestHub
beforeAll(async () => {
  t = await threeRegions()
})
afterAll(() => t[Symbol.asyncDispose]())

type Code = Parameters<typeof expectRefusal>[2]

/** Refused before anybody is asked. */
async function refused(call: SentCall, status: number, code: Code): Promise<void> {
  const asked = t.gateways.minato.calls.length
  await expectRefusal(await t.send('shiokaze', call), status, code)
  expect(t.gateways.minato.calls).toHaveLength(asked)
}

/** An honest query whose form is written by hand. */
function written(form: string): SentCall {
  const call = queryCall('shiokaze')
  return { ...call, body: form.replace('HONEST', call.body ?? '') }
}

test('200 for the honest query that all others are made from, on every path that takes it', async () => {
  for (const path of ['/fhir/_search', ...CLINICAL_TYPES.map((type) => `/fhir/${type}/_search`)]) {
    expect((await t.send('shiokaze', queryCall('shiokaze', { path }))).status, path).toBe(200)
  }
})

describe('400 for a parameter that is not supported, repeated or out of bounds; nothing is kept but who tried', () => {
  onlyAttemptsAreKept(() => t.db)
  test.each([
    'HONEST&_include=*',
    'HONEST&_revinclude=*',
    'HONEST&_count=1000000000',
    'HONEST&_sort=nothing',
    'HONEST&_summary=true',
    'HONEST&_elements=id',
    'HONEST&_total=accurate',
    'HONEST&_format=json',
    'HONEST&_has:Observation:patient:code=1',
    'HONEST&code:contains=x',
    'HONEST&patient.name=x',
    'HONEST&patient=Patient/1',
    'HONEST&subject:Patient.identifier=x',
    'HONEST&_filter=code eq 1',
    'HONEST&_id=1',
    'HONEST&=x',
    'HONEST&x',
    'HONEST&__proto__=x',
    'HONEST&__proto__[admin]=true',
    'HONEST&constructor=x',
    'HONEST&toString=x',
    'HONEST&HONEST',
    'HONEST&_salt=again',
    'HONEST&_type=Condition&_type=Observation',
    'HONEST&_type=',
    'HONEST&_type=Patient',
    'HONEST&_type=condition',
    'HONEST&_type=Condition,',
    'HONEST&_type=Condition,Patient',
    'HONEST&_type=Condition|Observation',
    'HONEST&date=ge2026-01-01&date=ge2026-02-01',
    'HONEST&date=ge2026-01-01&date=le2026-02-01&date=le2026-03-01',
    'HONEST&date=ge2026-01-01,le2026-02-01',
    '_salt=x',
    'patient.identifier=x',
    'patient.identifier=x&_salt=x',
    'patient.identifier=|x&_salt=x',
    'patient.identifier=urn:x|&_salt=x',
    'patient.identifier=urn:x|y&_demographics={}&_salt=x',
    '_demographics=&_salt=x',
  ])('%s', async (form) => {
    await refused(written(form), 400, 'parameter-unsupported')
    expect(({} as { admin?: unknown }).admin).toBeUndefined()
  })
  test.each<[string, string]>([
    ['an identifier of 400 characters', `patient.identifier=urn:x|${'x'.repeat(400)}&_salt=x`],
    ['a salt of 65', `patient.identifier=urn:x|y&_salt=${'x'.repeat(65)}`],
    ['demographics of 8,001', `_demographics=${'x'.repeat(8_001)}&_salt=x`],
    ['a hundred types', `HONEST&_type=${'Condition,'.repeat(100)}Condition`],
    ['one parameter 10,000 times', `HONEST${'&_type=a'.repeat(8_000)}`],
    ['6,000 parameters', Array.from({ length: 6_000 }, (_, n) => `a${n}=1`).join('&')],
  ])('%s', (_, form) => refused(written(form), 400, 'parameter-unsupported'))
  test('415 for no form at all', () => refused(written(''), 415, 'media-type-unsupported'))
  test('a type beside the one in the path', async () => {
    for (const type of ['Condition', 'Observation']) {
      const call = queryCall('shiokaze', { path: '/fhir/Condition/_search', form: { _type: type } })
      await refused(call, 400, 'parameter-unsupported')
    }
  })
  test('no item that was signed for is of the type asked for', () =>
    refused(
      queryCall('shiokaze', { items: ['condition'], form: { _type: 'Observation' } }),
      400,
      'parameter-unsupported',
    ))
  test('parameters in the URL are not read, and 404 where there is no such search', async () => {
    await refused(queryCall('shiokaze', { path: '/fhir/Practitioner/_search' }), 404, 'path-unknown')
    await refused(queryCall('shiokaze', { path: '/fhir/Observation/$lastn/_search' }), 404, 'path-unknown')
    await refused({ method: 'GET', path: '/fhir/Observation?patient=1' }, 404, 'path-unknown')
  })
})

describe('401 for a form that is not what was signed', () => {
  onlyAttemptsAreKept(() => t.db)
  const other = saltedPatientHash(saltFor('salt', 'patient'), SYSTEM_OF.shiokaze, 'p-2')
  test.each<[string, Parameters<typeof queryCall>[1]]>([
    ['another patient', { patientHash: other }],
    ['another salt', { form: { _salt: 'another' } }],
    ['another domain', { form: { 'patient.identifier': `${SYSTEM_OF.minato}|p-1` } }],
    ['another patient of the domain', { form: { 'patient.identifier': `${SYSTEM_OF.shiokaze}|p-2` } }],
    ['a hash of nothing', { patientHash: sha256('') }],
  ])('%s', (_, asked) => refused(queryCall('shiokaze', asked), 401, 'call-mismatch'))

  test('a body changed on the way', () =>
    refused(
      { ...queryCall('shiokaze'), claims: { ...queryCall('shiokaze').claims, bod: sha256('other') } },
      401,
      'call-mismatch',
    ))
  test('a request that is no query', () => {
    const { claims: _, ...call } = queryCall('shiokaze')
    return refused(call, 401, 'token-claims')
  })
})

describe('401 for claims of a query that are not well formed', () => {
  nothingIsKept(() => t.db)
  const claims = () => queryCall('shiokaze').claims as { extensions: { ihe_iua: object; tsunagi: object } }
  const iua = (changes: object) => ({
    extensions: { ...claims().extensions, ihe_iua: { ...claims().extensions.ihe_iua, ...changes } },
  })
  const own = (changes: object) => ({
    extensions: { ...claims().extensions, tsunagi: { ...claims().extensions.tsunagi, ...changes } },
  })
  test.each<[string, Record<string, unknown>]>([
    ['no user', { sub: undefined }],
    ['a nameless user', { sub: '' }],
    ['a user of 201 characters', { sub: 'x'.repeat(201) }],
    ['no name', iua({ subject_name: '' })],
    ['an institution that is no number', iua({ subject_organization_id: '../1410000003' })],
    ['no role', iua({ subject_role: [] })],
    ['three roles', iua({ subject_role: [1, 2, 3] })],
    [
      'a profession that is none',
      iua({
        subject_role: [
          { system: SYSTEMS.profession, code: 'admin' },
          { system: SYSTEMS.post, code: 'attending' },
        ],
      }),
    ],
    [
      'the roles the wrong way round',
      iua({
        subject_role: [
          { system: SYSTEMS.post, code: 'attending' },
          { system: SYSTEMS.profession, code: 'physician' },
        ],
      }),
    ],
    [
      'two purposes',
      iua({
        purpose_of_use: [
          { system: SYSTEMS.purpose, code: 'TREAT' },
          { system: SYSTEMS.purpose, code: 'BTG' },
        ],
      }),
    ],
    ['a purpose that is none', iua({ purpose_of_use: [{ system: SYSTEMS.purpose, code: 'HMARKT' }] })],
    ['an unknown claim of the user', iua({ is_admin: true })],
    ['no items', own({ items: [], all_but: undefined })],
    ['an item that is none', own({ items: ['everything'], all_but: undefined })],
    ['neither items nor all but some', own({ all_but: undefined })],
    ['items and all but some', own({ items: ['condition'], all_but: [] })],
    ['all but all', own({ all_but: ITEM_CODES })],
    ['all but an item that is none', own({ all_but: ['everything'] })],
    ['a visit on a day that is none', own({ visit: { kind: 'outpatient', on: '2026-02-30' } })],
    ['a visit of a kind that is none', own({ visit: { kind: 'party', on: '2026-06-01' } })],
    ['an emergency without a reason', own({ break_glass: { reason: '' } })],
    ['an emergency with a reason of 201 characters', own({ break_glass: { reason: 'あ'.repeat(201) } })],
    ['no hash of birth date and sex', own({ birth_sex: undefined })],
    ['an unknown claim of ours', own({ role: 'admin' })],
  ])('%s', (_, changes) => refused(queryCall('shiokaze', {}, changes), 401, 'token-claims'))
})
