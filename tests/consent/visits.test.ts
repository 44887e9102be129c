import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditEntry } from '../../src/audit/tables.ts'
import { deleteOldVisits } from '../../src/consent/index.ts'
import { visit } from '../../src/consent/tables.ts'
import { recordPolicy } from '../../src/registry/index.ts'
import { DEFAULT_POLICY } from '../../src/vocabulary/index.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { CLINIC_OF, patientPath, type SentCall, SYSTEM_OF } from '../support/sample-calls.ts'
import { policyFrom, readAs } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import { register, type TestHub, testHub } from '../support/test-hub.ts'
import { visitOf } from './feed.ts'

let t: TestHub
beforeAll(async () => {
  t = await testHub()
  for (const localId of ['v-1', 'v-2', 'v-3']) {
    const changes = { identifier: [{ system: SYSTEM_OF.minato, value: localId }] }
    await register(t, 'minato', localId, { changes })
  }
})
afterAll(() => t[Symbol.asyncDispose]())

const of = (localId: string, terms: Parameters<typeof visitOf>[1] = {}) =>
  visitOf({ system: SYSTEM_OF.minato, value: localId }, { institution: CLINIC_OF.minato, ...terms })

const bulk = (body: string, call: Partial<SentCall> = {}) =>
  t.send('minato', {
    method: 'POST',
    path: '/fhir/Encounter/$bulk',
    contentType: 'application/fhir+ndjson',
    body,
    ...call,
  })

interface Outcome {
  entry: {
    response: { status: string; outcome?: { issue: [{ details: { coding: [{ code: string }] } }] } }
  }[]
}
const statuses = async (response: Response) =>
  ((await response.json()) as Outcome).entry.map(
    ({ response: { status, outcome } }) => outcome?.issue[0].details.coding[0].code ?? status,
  )

describe('visits in bulk', () => {
  const lines = [
    JSON.stringify(of('v-1')),
    JSON.stringify(
      of('v-2', { kind: 'care-contract', status: 'in-progress', period: { start: '2026-04-01' } }),
    ),
    JSON.stringify(of('v-nobody')),
    '{"resourceType":"Encounter"',
    JSON.stringify(of('v-1', { institution: CLINIC_OF.sagamino })),
    JSON.stringify(of('v-3', { kind: 'haircut' })),
    JSON.stringify(of('v-3', { kind: 'dispensing' })),
  ]
  const said = ['patient-unknown', 'body-malformed', 'institution-unknown', 'visit-invalid']
  test('each line of NDJSON stands alone: the bad ones are named, the rest goes in; again changes nothing', async () => {
    const response = await bulk(lines.join('\n'))
    expect(response.status).toBe(200)
    expect(await statuses(response)).toEqual(['201', '201', ...said, '201'])
    expect(await t.db.$count(visit)).toBe(3)
    expect(await statuses(await bulk(lines.join('\n')))).toEqual(['200', '200', ...said, '200'])
    expect(await t.db.$count(visit)).toBe(3)
  })
  test('so does each entry of a batch', async () => {
    const entry = [{ resource: of('v-2', { kind: 'visiting' }) }, { resource: of('v-nobody') }, {}]
    const body = JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry })
    const response = await bulk(body, { contentType: 'application/fhir+json' })
    expect(await statuses(response)).toEqual(['201', 'patient-unknown', 'visit-invalid'])
  })
  test('more than one resource’s size is taken here, and here only', async () => {
    const many = Array.from({ length: 150 }, () => lines[0]).join('\n')
    expect(many.length).toBeGreaterThan(65_536)
    expect((await bulk(many)).status).toBe(200)
    const elsewhere = await t.send('minato', { method: 'POST', path: '/fhir/Encounter', body: many })
    await expectRefusal(elsewhere, 413, 'body-too-large')
  })
  test('413 for more visits than are taken, 422 for another Bundle, 415 for another type, 401 for a replay', async () => {
    await expectRefusal(await bulk('{}\n'.repeat(1_001)), 413, 'body-too-large')
    const transaction = { contentType: 'application/fhir+json' }
    await expectRefusal(
      await bulk('{"resourceType":"Bundle","type":"transaction"}', transaction),
      422,
      'visit-invalid',
    )
    await expectRefusal(await bulk('x', { contentType: 'text/csv' }), 415, 'media-type-unsupported')
    const claims = { jti: 'a-bulk-call-that-is-sent-twice' }
    expect((await bulk(lines[0] ?? '', { claims })).status).toBe(200)
    await expectRefusal(await bulk(lines[0] ?? '', { claims }), 401, 'token-replayed')
  })
})

describe('visits are kept as long as the recording council says', () => {
  const at = (day: string) => ({ ...t.hub, now: () => new Date(`${day}T03:00:00+09:00`) })
  const kept = async () => (await t.db.select().from(visit)).map(({ kind }) => kind).sort()

  test('deleted the day after, open ones never, with an entry on the record', async () => {
    const policy = policyFrom({ version: 5, visits: { ...DEFAULT_POLICY.visits, days: 30, keptDays: 100 } })
    await t.db.transaction((tx) => recordPolicy(tx, 'minato', policy, NOON))
    expect(await kept()).toEqual(['care-contract', 'dispensing', 'outpatient', 'visiting'])
    // The visits ended on 29 May; 100 days later is 6 September.
    expect(await deleteOldVisits(at('2026-09-06'))).toBe(0)
    expect(await deleteOldVisits(at('2026-09-07'))).toBe(3)
    expect(await kept()).toEqual(['care-contract'])
    const entries = await t.db.select({ kind: auditEntry.kind }).from(auditEntry)
    expect(entries.filter(({ kind }) => kind === 'visit.deleted')).toHaveLength(1)
  })
})

describe('whom to ask again', () => {
  interface Part {
    name: string
    valueString?: string
    valueCode?: string
    part?: Part[]
  }
  const coverage = async (query = '') =>
    t.send('minato', { method: 'GET', path: `/fhir/Consent/$coverage${query}` })

  test('by institution: unread and own-region forms, expired consents; nobody who may go on or has ended', async () => {
    const policy = policyFrom({
      version: 6,
      forms: { 'form-2025': readAs('medical'), 'form-2019': readAs('own-region') },
    })
    await t.db.transaction((tx) => recordPolicy(tx, 'minato', policy, NOON))
    const uri = (form: string) => [{ uri: `https://tsunagi.example/consent-form/${form}` }]
    const cases: [string, object][] = [
      ['c-own', { policy: uri('form-2019') }],
      ['c-unread', { policy: uri('form-1999') }],
      ['c-over', { provision: { type: 'permit', period: { end: '2026-05-31' } } }],
      ['c-fine', {}],
      ['c-ended', { policy: uri('form-2019'), status: 'inactive' }],
    ]
    for (const [localId, consent] of cases) {
      const changes = { identifier: [{ system: SYSTEM_OF.minato, value: localId }] }
      await register(t, 'minato', localId, { changes, consent })
    }
    await bulk(JSON.stringify(of('c-own')))
    const response = await coverage()
    expect(response.status).toBe(200)
    const { parameter } = (await response.json()) as { parameter: Part[] }
    const listed = parameter.map(({ part = [] }) => [
      part.find(({ name }) => name === 'number')?.valueString,
      part
        .filter(({ name }) => name === 'resident')
        .map((each) => [each.part?.[0]?.valueString, each.part?.[1]?.valueCode]),
    ])
    expect(listed).toEqual([
      [CLINIC_OF.minato, [['c-own', 'form-own-region']]],
      [
        undefined,
        [
          ['c-over', 'expired'],
          ['c-unread', 'form-unread'],
        ],
      ],
    ])
    const after = (await (await coverage('?after=c-own')).json()) as { parameter: Part[] }
    expect(JSON.stringify(after)).not.toContain('c-own')
  })
  const listedAfter = async (after: string) => {
    const { parameter } = (await (await coverage(`?after=${after}`)).json()) as { parameter: Part[] }
    return parameter.flatMap(({ part = [] }) => {
      const institution = part.find(({ name }) => name === 'number')?.valueString
      const residents = part.filter(({ name }) => name === 'resident')
      return residents.map((each) => [institution, each.part?.[0]?.valueString, each.part?.[1]?.valueCode])
    })
  }
  const own = (localId: string) => ({ identifier: [{ system: SYSTEM_OF.minato, value: localId }] })
  const merge = async (localId: string, into: string) => {
    const identifier = { system: SYSTEM_OF.minato, value: into }
    const link = [{ type: 'replaced-by', other: { identifier } }]
    const body = JSON.stringify({ resourceType: 'Patient', ...own(localId), active: false, link })
    const merged = await t.send('minato', { method: 'PUT', path: patientPath('minato', localId), body })
    expect(merged.status).toBe(200)
  }
  const onOldForm = { policy: [{ uri: 'https://tsunagi.example/consent-form/form-2019' }] }

  test('of merged ids: agreed there alone, they are asked where they were seen; ended there, no more', async () => {
    await register(t, 'minato', 'e-1', { changes: own('e-1'), consent: {} })
    await bulk(JSON.stringify(of('e-1')))
    await register(t, 'minato', 'e-2', { changes: own('e-2'), consent: false })
    await merge('e-1', 'e-2')
    const withdrawn = { status: 'inactive', dateTime: '2026-06-01' }
    await register(t, 'minato', 'e-3', { changes: own('e-3'), consent: withdrawn })
    await register(t, 'minato', 'e-4', { changes: own('e-4'), consent: onOldForm })
    expect((await listedAfter('e')).map(([, patient]) => patient)).toEqual(['e-2', 'e-4'])
    await merge('e-3', 'e-4')
    expect(await listedAfter('e')).toEqual([[CLINIC_OF.minato, 'e-2', 'merged-id']])
    expect(await listedAfter('e-2')).toEqual([])
  })
  test('nobody whose registration says that they died', async () => {
    const died = { ...own('f-1'), deceasedDateTime: '2026-05-30' }
    await register(t, 'minato', 'f-1', { changes: died, consent: onOldForm })
    expect(await listedAfter('f')).toEqual([])
  })
  test('a proxy’s consent from the birthday on, while it still holds', async () => {
    const born = '2008-05-31'
    const performer = [
      {
        identifier: { system: 'urn:oid:2.999.14.1.1.8', value: '1' },
        extension: [
          { url: 'https://tsunagi.example/StructureDefinition/consent-proxy-relation', valueCode: 'parent' },
          { url: 'https://tsunagi.example/StructureDefinition/consent-resident-birth-date', valueDate: born },
        ],
      },
    ]
    const changes = { birthDate: born, identifier: [{ system: SYSTEM_OF.minato, value: 'd-child' }] }
    await register(t, 'minato', 'd-child', { changes, consent: { performer } })
    expect(await (await coverage('?after=d')).text()).toContain('"proxy-lapsed"')
  })
  test('another region’s residents are not in it; 400 for other parameters', async () => {
    const theirs = await t.send('sagamino', { method: 'GET', path: '/fhir/Consent/$coverage' })
    expect(await theirs.json()).toEqual({ resourceType: 'Parameters', parameter: [] })
    await expectRefusal(await coverage('?region=sagamino'), 400, 'parameter-unsupported')
  })
})
