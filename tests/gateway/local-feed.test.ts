import { expect, test } from 'vitest'
import { auditEntry } from '../../src/audit/tables.ts'
import { CONSENT_EXTENSIONS } from '../../src/consent/index.ts'
import { findConsentCopy, findPolicyCopy, findRegistrationCopy } from '../../src/gateway/copy-store.ts'
import { findFormerCopies } from '../../src/gateway/merge-store.ts'
import { SYSTEMS } from '../../src/vocabulary/index.ts'
import { consentOf } from '../consent/feed.ts'
import { policyFrom } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import { CLINICIAN, COUNCIL, FEED, PATIENT, SYSTEM, type TestRegion, testRegion } from './local-region.ts'

const OWN = `identifier=${encodeURIComponent(`${SYSTEM}|7001`)}`
const FOREIGN = `identifier=${encodeURIComponent('urn:oid:2.999.14.1.2|7001')}`
const PROTECTED = { ...PATIENT, meta: { security: [{ system: SYSTEMS.protection, code: 'dv' }] } }

async function feed(region: TestRegion, method: string, path: string, body?: unknown, login: object = FEED) {
  const response = await fetch(`${region.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await region.login(login)}`,
      ...(body !== undefined && { 'content-type': 'application/fhir+json' }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const code = /"system":"[^"]*\/refusal","code":"([^"]+)"/.exec(text)?.[1]
  return { status: response.status, text, code }
}

async function kinds(region: TestRegion): Promise<string[]> {
  const rows = await region.ctx.db
    .select({ kind: auditEntry.kind })
    .from(auditEntry)
    .orderBy(auditEntry.number)
  return rows.map(({ kind }) => kind)
}

test('a consent is kept here, goes on signed as it came, and the hub’s answer comes back', async () => {
  await using region = await testRegion()
  region.state.answers = ({ body }) => ({ status: 201, text: body })
  const consent = JSON.stringify(consentOf('7001'))
  expect(await feed(region, 'POST', '/fhir/Consent', consent)).toEqual({
    status: 201,
    text: consent,
    code: undefined,
  })
  expect(region.calls).toMatchObject([
    { method: 'POST', path: '/fhir/Consent', body: consent, claims: { iss: 'minato' } },
  ])
  expect(region.calls[0]?.claims.sub).toBeUndefined()
  expect(await findConsentCopy(region.ctx.db, '7001')).toMatchObject({ status: 'active', validFrom: NOON })
  expect(await kinds(region)).toEqual(['gateway.consent-copied'])
})

test('a withdrawal holds here at once, though the hub is down', async () => {
  await using region = await testRegion()
  region.state.answers = ({ body }) => ({ status: 201, text: body })
  await feed(region, 'POST', '/fhir/Consent', consentOf('7001'))
  region.hub.close()
  const withdrawal = consentOf('7001', { version: 2, status: 'withdrawn' })
  expect(await feed(region, 'POST', '/fhir/Consent', withdrawal, COUNCIL)).toMatchObject({
    status: 502,
    code: 'hub-unreachable',
  })
  expect(await findConsentCopy(region.ctx.db, '7001')).toMatchObject({ version: 2, status: 'withdrawn' })
})

test('D12: of what was given between two withdrawals nothing counts here either, though it comes last', async () => {
  await using region = await testRegion()
  region.state.answers = ({ body }) => ({ status: 201, text: body })
  const paper = (version: number, status: 'active' | 'withdrawn') =>
    feed(region, 'POST', '/fhir/Consent', consentOf('7001', { version, status, dateTime: '2026-06-01' }))
  await paper(2, 'withdrawn')
  await paper(4, 'withdrawn')
  await paper(3, 'active')
  expect(await findConsentCopy(region.ctx.db, '7001')).toMatchObject({ version: 4, status: 'withdrawn' })
  await paper(5, 'active')
  expect(await findConsentCopy(region.ctx.db, '7001')).toMatchObject({ version: 5, status: 'active' })
})

test('a death on record is taken back by no consent that is fed; an end is taken, and takes none back', async () => {
  await using region = await testRegion()
  region.state.answers = ({ body }) => ({ status: 201, text: body })
  const send = (said: object) => feed(region, 'POST', '/fhir/Consent', said)
  const extension = [{ url: CONSENT_EXTENSIONS.deceased, valueDate: '2026-05-31' }]
  await send(consentOf('7001'))
  await send({ ...consentOf('7001', { version: 2 }), extension })
  const again = await send(consentOf('7001', { version: 3 }))
  expect(again).toMatchObject({ status: 409, code: 'death-on-record' })
  expect(region.calls).toHaveLength(2)
  const withdrawal = consentOf('7001', { version: 3, status: 'withdrawn' })
  expect(await send(withdrawal)).toMatchObject({ status: 201 })
  expect(await send({ ...withdrawal, meta: { versionId: '4' } })).toMatchObject({ code: 'death-on-record' })
  expect(await findConsentCopy(region.ctx.db, '7001')).toMatchObject({
    ...{ version: 3, status: 'withdrawn', deceasedOn: '2026-05-31' },
  })
})

test('a retry after the hub came back is one change here', async () => {
  await using region = await testRegion()
  region.state.answers = () => ({ status: 503, text: '' })
  expect(await feed(region, 'POST', '/fhir/Consent', consentOf('7001'))).toMatchObject({ status: 503 })
  region.state.answers = ({ body }) => ({ status: 201, text: body })
  expect(await feed(region, 'POST', '/fhir/Consent', consentOf('7001'))).toMatchObject({ status: 201 })
  expect(await kinds(region)).toEqual(['gateway.consent-copied'])
})

test('the council’s policy is kept here and goes on; a feeding system may not send one', async () => {
  await using region = await testRegion()
  region.state.answers = ({ body }) => ({ status: 201, text: body })
  const policy = policyFrom({ version: 3, draft: false })
  expect(await feed(region, 'PUT', '/policy', policy)).toMatchObject({ status: 403, code: 'login-unfit' })
  expect(await findPolicyCopy(region.ctx.db, NOON)).toBeUndefined()
  expect(await feed(region, 'PUT', '/policy', policy, COUNCIL)).toMatchObject({ status: 201 })
  expect(await findPolicyCopy(region.ctx.db, NOON)).toMatchObject({ version: 3 })
  expect(region.calls).toMatchObject([{ method: 'PUT', path: '/policy' }])
  expect(await feed(region, 'PUT', '/policy', { ...policy, version: 0 }, COUNCIL)).toMatchObject({
    status: 422,
    code: 'policy-invalid',
  })
})

test('a policy with faults is refused here already, whole and with every fault, and no copy of it is kept', async () => {
  await using region = await testRegion()
  const [row] = policyFrom().viewing
  const bad = { ...policyFrom({ effectiveFrom: '2026-05-31T12:00:00+09:00' }), viewing: [row, row] }
  const answer = await feed(region, 'PUT', '/policy', bad, COUNCIL)
  expect(answer).toMatchObject({ status: 422, code: 'policy-invalid' })
  const { issue } = JSON.parse(answer.text) as { issue: { expression: string[] }[] }
  expect(issue.map(({ expression }) => expression[0])).toEqual(['viewing.1', 'effectiveFrom'])
  expect(await findPolicyCopy(region.ctx.db, NOON)).toBeUndefined()
  expect(region.calls).toEqual([])
})

test('a protection holds here at once, and so does the end of a registration', async () => {
  await using region = await testRegion()
  region.state.answers = ({ method, body }) => ({ status: method === 'DELETE' ? 204 : 200, text: body })
  await feed(region, 'PUT', `/fhir/Patient?${OWN}`, PROTECTED)
  expect(await findRegistrationCopy(region.ctx.db, '7001')).toMatchObject({ protected: true })
  await feed(region, 'PUT', `/fhir/Patient?${OWN}`, PATIENT)
  expect(await findRegistrationCopy(region.ctx.db, '7001')).toMatchObject({ protected: false })
  expect(await feed(region, 'DELETE', `/fhir/Patient?${OWN}`)).toMatchObject({ status: 204, text: '' })
  expect(await findRegistrationCopy(region.ctx.db, '7001')).toMatchObject({ protected: true })
  expect(region.calls).toMatchObject([
    { method: 'PUT', path: `/fhir/Patient?${OWN}` },
    { method: 'PUT', body: JSON.stringify(PATIENT) },
    { method: 'DELETE', path: `/fhir/Patient?${OWN}`, body: '' },
  ])
})

test('nobody consents here for whoever is given the id next; a withdrawal stands', async () => {
  await using region = await testRegion()
  region.state.answers = ({ method, body }) => ({ status: method === 'DELETE' ? 204 : 200, text: body })
  await feed(region, 'POST', '/fhir/Consent', consentOf('7001', { version: 2, status: 'withdrawn' }))
  await feed(region, 'POST', '/fhir/Consent', consentOf('7001', { version: 3 }))
  await feed(region, 'DELETE', `/fhir/Patient?${OWN}`)
  await feed(region, 'PUT', `/fhir/Patient?${OWN}`, PATIENT)
  expect(await findConsentCopy(region.ctx.db, '7001')).toMatchObject({ version: 2, status: 'withdrawn' })
})

test('a merge is kept here, with what protects the merged id, until the id is removed', async () => {
  await using region = await testRegion()
  region.state.answers = ({ method, body }) => ({ status: method === 'DELETE' ? 204 : 200, text: body })
  const other = { identifier: { system: SYSTEM, value: '7002' } }
  const merged = { ...PATIENT, active: false, link: [{ type: 'replaced-by', other }] }
  const formers = async () => (await findFormerCopies(region.ctx.db, '7002')).map(({ localId }) => localId)
  const isProtected = async () => (await findRegistrationCopy(region.ctx.db, '7001')).protected
  await feed(region, 'PUT', `/fhir/Patient?${OWN}`, { ...PROTECTED, deceasedDateTime: '2026-05-01' })
  await feed(region, 'PUT', `/fhir/Patient?${OWN}`, merged)
  const kept = { protected: true, deceasedOn: '2026-05-01' }
  expect([await formers(), await findRegistrationCopy(region.ctx.db, '7001')]).toEqual([['7001'], kept])
  // A late copy of an older message.
  await feed(region, 'PUT', `/fhir/Patient?${OWN}`, PATIENT)
  expect([await formers(), await isProtected()]).toEqual([['7001'], true])
  await feed(region, 'DELETE', `/fhir/Patient?${OWN}`)
  expect([await formers(), await isProtected()]).toEqual([[], true])
  await feed(region, 'PUT', `/fhir/Patient?${OWN}`, merged)
  expect([await formers(), await isProtected()]).toEqual([['7001'], false])
})

test('413 for what the hub would not take, and no copy of it is kept', async () => {
  await using region = await testRegion()
  region.state.answers = ({ body }) => ({ status: 201, text: body })
  const consent = JSON.stringify(consentOf('7001')) + ' '.repeat(64 * 1024)
  expect(await feed(region, 'POST', '/fhir/Consent', consent)).toMatchObject({ status: 413 })
  expect(await findConsentCopy(region.ctx.db, '7001')).toBeUndefined()
  expect(region.calls).toEqual([])
})

test('what the council looks up of its own consents passes through, signed, to the letter', async () => {
  await using region = await testRegion()
  const bundle = '{"resourceType":"Bundle", "type":"searchset","entry":[]}'
  region.state.answers = () => ({ status: 200, text: bundle })
  expect(
    await feed(region, 'GET', '/fhir/Consent?patient=7001&status=active', undefined, COUNCIL),
  ).toMatchObject({
    status: 200,
    text: bundle,
  })
  expect(region.calls).toMatchObject([{ method: 'GET', path: '/fhir/Consent?patient=7001&status=active' }])
  expect(await feed(region, 'GET', '/fhir/Consent?patient=7001', undefined, CLINICIAN)).toMatchObject({
    status: 403,
    code: 'login-unfit',
  })
})

test('visits and cross-references pass through, signed', async () => {
  await using region = await testRegion()
  region.state.answers = () => ({ status: 200, text: '{"resourceType":"Parameters"}' })
  expect(await feed(region, 'POST', '/fhir/Encounter', '{"resourceType":"Encounter"}')).toMatchObject({
    status: 200,
  })
  const pix = `/fhir/Patient/$ihe-pix?sourceIdentifier=${encodeURIComponent(`${SYSTEM}|7001`)}`
  expect(await feed(region, 'GET', pix)).toMatchObject({ text: '{"resourceType":"Parameters"}' })
  expect(region.calls).toMatchObject([{ path: '/fhir/Encounter' }, { method: 'GET', path: pix }])
})

test('the hub not taking our signature is not the feeding system’s login', async () => {
  await using region = await testRegion()
  region.state.answers = () => ({ status: 401, text: '' })
  expect(await feed(region, 'POST', '/fhir/Encounter', '{}')).toMatchObject({
    status: 502,
    code: 'hub-refused',
  })
})

const REFUSED: [string, string, string, unknown, object, [number, string]][] = [
  [
    'a consent about another region’s patient',
    'POST',
    '/fhir/Consent',
    { ...consentOf('1'), patient: { identifier: { system: 'urn:oid:2.999.14.1.2', value: '1' } } },
    FEED,
    [403, 'foreign-patient-domain'],
  ],
  [
    'a consent that is not one',
    'POST',
    '/fhir/Consent',
    '{"resourceType":"Consent"}',
    FEED,
    [422, 'consent-invalid'],
  ],
  ['JSON with a key twice', 'POST', '/fhir/Consent', '{"a":1,"a":2}', FEED, [400, 'body-malformed']],
  [
    'another region’s registration',
    'PUT',
    `/fhir/Patient?${FOREIGN}`,
    PATIENT,
    FEED,
    [403, 'foreign-patient-domain'],
  ],
  ['a registration without its id', 'PUT', '/fhir/Patient', PATIENT, FEED, [400, 'parameter-unsupported']],
  [
    'a registration that is no Patient',
    'PUT',
    `/fhir/Patient?${OWN}`,
    '{"resourceType":"Person"}',
    FEED,
    [422, 'resource-invalid'],
  ],
  [
    'a consent by the office past its desk',
    'POST',
    '/fhir/Consent',
    consentOf('7001'),
    COUNCIL,
    [403, 'login-unfit'],
  ],
  ['a feed of a clinician', 'POST', '/fhir/Consent', consentOf('7001'), CLINICIAN, [403, 'login-unfit']],
  ['a registration of the council', 'PUT', `/fhir/Patient?${OWN}`, PATIENT, COUNCIL, [403, 'login-unfit']],
]

test('what is wrong with a feed is refused before anything is kept or leaves', async () => {
  await using region = await testRegion()
  for (const [what, method, path, body, login, [status, code]] of REFUSED) {
    expect(await feed(region, method, path, body, login), what).toMatchObject({ status, code })
  }
  expect(region.calls).toEqual([])
  expect(await kinds(region)).toEqual([])
})
