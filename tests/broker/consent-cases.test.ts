import { eq, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { CONSENT_EXTENSIONS } from '../../src/consent/consent-extensions.ts'
import { consent as consentTable } from '../../src/consent/tables.ts'
import { recordPolicy } from '../../src/registry/index.ts'
import { ITEM_CODES, type Policy } from '../../src/vocabulary/index.ts'
import { policyFrom, readAs } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import {
  consentIn,
  patientIn,
  patientPath,
  queryCall,
  type RegionId,
  register,
  type TestHub,
  testHub,
} from '../support/test-hub.ts'
import { allergy, readAnswer, records } from './ask-three.ts'

/** The cases D5 to D26 that stand nowhere else, each from the wire to the record. */
const ALLERGY = allergy('from-minato')
const PRESCRIPTION = JSON.stringify({
  resourceType: 'MedicationRequest',
  id: 'prescribed',
  subject: { reference: 'Patient/p' },
})

async function setup(consent: object | false = {}, overrides: Parameters<typeof testHub>[0] = {}) {
  const t = await testHub(overrides)
  await register(t, 'minato', 'm-1', { consent })
  await register(t, 'shiokaze', 'p-1')
  t.gateways.minato.answers(() => ({ resources: [ALLERGY] }))
  return t
}

function decide(t: TestHub, region: RegionId, changes: Partial<Policy>, version = 2) {
  const forms = { 'form-2025': readAs('medical-and-care') }
  return t.db.transaction((tx) => recordPolicy(tx, region, policyFrom({ version, forms, ...changes }), NOON))
}

const ask = (t: TestHub, changes: object = {}) => t.send('shiokaze', queryCall('shiokaze', changes))

async function expectDenied(t: TestHub, response: Response, reason: string): Promise<void> {
  const text = await response.text()
  expect(response.status, text).toBe(403)
  expect(text).toContain('not-provided')
  expect(text).not.toContain(reason)
  expect(t.gateways.minato.calls).toEqual([])
  const [attempt] = (await records(t, 'query.attempt')).slice(-1)
  expect(attempt?.verdicts).toMatchObject([
    { region: 'minato', verdict: 'deny', reason },
    { region: 'sagamino' },
  ])
}

test('D5: where a council asks for consent at each viewing too, either alone opens nothing, and both together do', async () => {
  await using none = await setup(false)
  await using standing = await setup()
  for (const t of [none, standing]) await decide(t, 'minato', { atQueryConsent: true })
  const refused: [TestHub, object, string][] = [
    [none, {}, 'no-consent'],
    [none, { agreed: true }, 'no-consent'],
    [standing, {}, 'at-query-consent-missing'],
  ]
  const seen = new Set<string>()
  for (const [t, changes, reason] of refused) {
    const response = await ask(t, changes)
    const text = await response.clone().text()
    seen.add(text.replaceAll(response.headers.get('x-request-id') ?? '', ''))
    await expectDenied(t, response, reason)
  }
  expect(seen.size, 'which of the two is missing is not told').toBe(1)
  const { text, states } = await readAnswer(await ask(standing, { agreed: true }))
  expect(states).toEqual({ minato: 'complete' })
  expect(text).toContain('from-minato')
  expect((await records(standing, 'query.attempt')).map(({ agreed }) => agreed)).toEqual([undefined, true])
  // The asking council’s own rule holds its users as well.
  await decide(standing, 'minato', {}, 3)
  expect((await ask(standing)).status).toBe(200)
  await decide(standing, 'shiokaze', { atQueryConsent: true })
  standing.gateways.minato.calls.length = 0
  await expectDenied(standing, await ask(standing), 'at-query-consent-missing')
})

test('D6: a second after it expired, and a second before it begins', async () => {
  let at = NOON
  const period = { start: '2026-05-01', end: '2026-06-01T12:00:10+09:00' }
  await using t = await setup({ provision: { type: 'permit', period } }, { now: () => at })
  expect((await ask(t)).status).toBe(200)
  t.gateways.minato.calls.length = 0
  at = new Date(NOON.getTime() + 11_000)
  await expectDenied(t, await ask(t), 'expired')
  const later = { start: '2026-06-01T12:00:01+09:00' }
  await using u = await setup({ provision: { type: 'permit', period: later } })
  await expectDenied(u, await ask(u), 'not-yet-valid')
})

test('D7: who consents to prescriptions only is asked about nothing else, and nobody is told of the rest', async () => {
  const refused = ITEM_CODES.filter((item) => item !== 'prescription')
  const code = refused.map((item) => ({
    coding: [{ system: 'https://tsunagi.example/CodeSystem/item', code: item }],
  }))
  await using t = await setup({
    provision: { type: 'permit', period: { start: '2026-05-01' }, provision: [{ type: 'deny', code }] },
  })
  t.gateways.minato.answers(() => ({ resources: [PRESCRIPTION] }))
  const { text, states } = await readAnswer(await ask(t))
  expect(states).toEqual({ minato: 'complete' })
  expect(new URLSearchParams(t.gateways.minato.calls[0]?.body).get('_type')).toBe('MedicationRequest')
  expect(text).not.toMatch(/refus|withheld|allergy/i)
})

test('D8: withdrawn before anybody is asked: nobody is', async () => {
  await using t = await setup()
  const body = JSON.stringify(consentIn('minato', 'm-1', { meta: { versionId: '2' }, status: 'inactive' }))
  expect((await t.send('minato', { method: 'POST', path: '/fhir/Consent', body })).status).toBe(201)
  await expectDenied(t, await ask(t), 'withdrawn')
})

function consents(t: TestHub, changes: object): Promise<Response> {
  const body = JSON.stringify(consentIn('minato', 'm-1', changes))
  return t.send('minato', { method: 'POST', path: '/fhir/Consent', body })
}

const version = (versionId: number, status: string) => ({
  meta: { versionId: String(versionId) },
  status,
  // Paper of the day: nothing less starts sharing again.
  dateTime: '2026-06-01T11:00:00+09:00',
})

test('D12: withdrawn, given and withdrawn again at once, in whatever order they arrive: the highest version counts', async () => {
  await using t = await setup()
  const said = [version(4, 'inactive'), version(2, 'inactive'), version(3, 'active')]
  const answers = await Promise.all(said.map((each) => consents(t, each)))
  for (const { status } of answers) expect([201, 409]).toContain(status)
  await expectDenied(t, await ask(t), 'withdrawn')
  expect((await consents(t, version(3, 'active'))).status).toBe(409)
  await expectDenied(t, await ask(t), 'withdrawn')
  expect((await consents(t, version(5, 'active'))).status).toBe(201)
  expect((await ask(t)).status).toBe(200)
})

test('D13: of two councils the stricter decides: the asking one’s own users are held to its policy too', async () => {
  await using t = await setup()
  const firstVisit = { visit: undefined, firstVisit: { warnings: [] } }
  await decide(t, 'shiokaze', { firstVisit: { who: [] } })
  await expectDenied(t, await ask(t, firstVisit), 'first-visit-not-permitted')
  await decide(t, 'shiokaze', {}, 3)
  expect((await ask(t, firstVisit)).status).toBe(200)
})

test('in warn mode both warnings are acknowledged in the signed request, or nothing is given', async () => {
  await using t = await setup()
  await decide(t, 'minato', { unvisited: 'warn' })
  await decide(t, 'shiokaze', { unvisited: 'warn' })
  const warnings = ['first-visit-or-emergency-only', 'viewing-is-recorded']
  await expectDenied(t, await ask(t, { visit: undefined }), 'unvisited')
  const once = { visit: undefined, firstVisit: { warnings: warnings.slice(0, 1) } }
  await expectDenied(t, await ask(t, once), 'warnings-not-acknowledged')
  expect((await ask(t, { visit: undefined, firstVisit: { warnings } })).status).toBe(200)
})

test('D14: consents that cannot be read let nothing out: 503, and nobody is asked', async () => {
  await using t = await setup()
  const held = Promise.withResolvers<void>()
  const isLocked = Promise.withResolvers<void>()
  const lock = t.db.transaction(async (tx) => {
    await tx.execute(sql`lock table consent in access exclusive mode`)
    isLocked.resolve()
    await held.promise
  })
  await isLocked.promise
  const response = await ask(t)
  held.resolve()
  await lock
  expect(response.status).toBe(503)
  expect(t.gateways.minato.calls).toEqual([])
})

test('D15: dated back, a consent counts from its receipt only, and the date it states is kept beside', async () => {
  let at = NOON
  await using t = await setup(false, { now: () => at })
  await expectDenied(t, await ask(t), 'no-consent')
  at = new Date(NOON.getTime() + 5_000)
  const dated = { dateTime: '2025-01-15', provision: { type: 'permit', period: { start: '2025-01-15' } } }
  expect((await consents(t, dated)).status).toBe(201)
  expect((await ask(t)).status).toBe(200)
  const [row] = await t.db.select().from(consentTable).where(eq(consentTable.region, 'minato'))
  expect(row).toMatchObject({
    statedFrom: new Date('2025-01-15T00:00:00+09:00'),
    validFrom: at,
    receivedAt: at,
  })
  expect(row?.resource).toContain('2025-01-15')
  // A clock that is set back asks before it was received.
  at = NOON
  t.gateways.minato.calls.length = 0
  await expectDenied(t, await ask(t), 'not-yet-valid')
})

test('D16: what a parent signed is asked for anew from the birthday on, and denied after the days of grace', async () => {
  let at = NOON
  await using t = await testHub({ now: () => at })
  const birthDate = '2008-06-10'
  const proxy = [
    { url: CONSENT_EXTENSIONS.relation, valueCode: 'parent' },
    { url: CONSENT_EXTENSIONS.residentBorn, valueDate: birthDate },
  ]
  const performer = [
    { display: '汐見 母', extension: proxy, identifier: { system: 'urn:oid:2.999.14.9', value: '1' } },
  ]
  await register(t, 'minato', 'm-1', { changes: { birthDate }, consent: { performer } })
  await register(t, 'shiokaze', 'p-1', { changes: { birthDate }, consent: false })
  t.gateways.minato.answers(() => ({ resources: [ALLERGY] }))
  const toAsk = async () => {
    const listed = await t.send('minato', { method: 'GET', path: '/fhir/Consent/$coverage' })
    return (await listed.text()).includes('m-1')
  }
  const visitOn = (on: string) => ({ birthDate, visit: { kind: 'outpatient' as const, on } })
  expect([(await ask(t, visitOn('2026-06-01'))).status, await toAsk()]).toEqual([200, false])
  at = new Date('2026-06-10T12:00:00+09:00')
  expect([(await ask(t, visitOn('2026-06-10'))).status, await toAsk()]).toEqual([200, true])
  at = new Date('2026-09-08T12:00:00+09:00')
  t.gateways.minato.calls.length = 0
  await expectDenied(t, await ask(t, visitOn('2026-09-08')), 'proxy-lapsed')
})

test('D19: an emergency while nothing can be put on record is refused, and nobody is asked', async () => {
  await using t = await setup()
  await t.db.execute(sql`alter table audit_unsealed rename to audit_lost`)
  const breakGlass = { reason: '意識がなく、家族とも連絡がとれない', secondFactor: true }
  const response = await ask(t, { purpose: 'BTG', visit: undefined, breakGlass })
  expect(response.status).toBeGreaterThanOrEqual(500)
  expect(t.gateways.minato.calls).toEqual([])
})

test('D17: of a protected person nothing crosses regions, whichever region protects them', async () => {
  await using t = await setup()
  const protection = { meta: { security: [{ system: 'https://tsunagi.example/CodeSystem/protection' }] } }
  const path = patientPath('shiokaze', 'p-1')
  const body = JSON.stringify(patientIn('shiokaze', 'p-1', protection))
  expect((await t.send('shiokaze', { method: 'PUT', path, body })).status).toBeLessThan(300)
  await expectDenied(t, await ask(t), 'protected')
})

test('D26: after death viewing ends when the holder’s council says', async () => {
  await using t = await setup()
  const path = patientPath('minato', 'm-1')
  const body = JSON.stringify(patientIn('minato', 'm-1', { deceasedDateTime: '2026-05-28' }))
  expect((await t.send('minato', { method: 'PUT', path, body })).status).toBeLessThan(300)
  await expectDenied(t, await ask(t), 'deceased')
  await decide(t, 'minato', { deceasedDays: 4 })
  expect((await ask(t)).status).toBe(200)
})

test('D25: whose registrations come apart again are covered by nobody else’s consent', async () => {
  await using t = await setup()
  expect((await ask(t)).status).toBe(200)
  const path = patientPath('shiokaze', 'p-1')
  const birthDate = '1975-07-08'
  const body = JSON.stringify(patientIn('shiokaze', 'p-1', { birthDate }))
  expect((await t.send('shiokaze', { method: 'PUT', path, body })).status).toBeLessThan(300)
  t.gateways.minato.calls.length = 0
  await expectDenied(t, await ask(t, { birthDate }), 'not-linked')
})
