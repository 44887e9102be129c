import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONSENT_AUDIENCE, CONSENT_EXTENSIONS } from '../../src/consent/index.ts'
import { freshClaims, type SigningKey, signToken } from '../../src/trust/index.ts'
import { SYSTEMS } from '../../src/vocabulary/index.ts'
import { countingConsent } from '../support/counting-consent.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { rowCounts } from '../support/row-counts.ts'
import { consentIn, queryCall, SYSTEM_OF } from '../support/sample-calls.ts'
import { NOON } from '../support/test-context.ts'
import { register, type TestHub, testHub } from '../support/test-hub.ts'

let t: TestHub
beforeAll(async () => {
  t = await testHub()
})
afterAll(() => t[Symbol.asyncDispose]())

let residents = 0
/** A resident of their own for each case, with a consent on paper of 1 May. */
async function resident(): Promise<string> {
  const localId = `e-${++residents}`
  await register(t, 'minato', localId, {
    changes: { identifier: [{ system: SYSTEM_OF.minato, value: localId }] },
  })
  return localId
}

const feed = (localId: string, version: number, changes: object = {}) =>
  t.send('minato', {
    method: 'POST',
    path: '/fhir/Consent',
    body: JSON.stringify({ ...consentIn('minato', localId, changes), meta: { versionId: String(version) } }),
  })

const now = async (localId: string) => (await countingConsent(t.db, 'minato', localId))?.status
const endedBy = (valueCode: string) => ({
  status: 'inactive',
  dateTime: '2026-06-01',
  extension: [{ url: CONSENT_EXTENSIONS.end, valueCode }],
})
const STOP = endedBy('stopped')
const WITHDRAWAL = { status: 'inactive', dateTime: '2026-06-01' }
const TODAY = { dateTime: '2026-06-01', provision: { type: 'permit' } }

describe('a stop by telephone', () => {
  test('holds at once and against an older paper, a copy and another feed; paper of the day lifts it', async () => {
    const localId = await resident()
    expect((await feed(localId, 2, STOP)).status).toBe(201)
    expect(await now(localId)).toBe('stopped')
    await expectRefusal(await feed(localId, 3), 409, 'consent-stop-holds')
    const { sourceReference: _paper, ...copied } = consentIn('minato', localId, TODAY) as Record<
      string,
      unknown
    >
    const copy = { ...copied, sourceReference: undefined, sourceAttachment: { title: '同意書の写し' } }
    await expectRefusal(await feed(localId, 3, copy), 409, 'consent-stop-holds')
    expect(await now(localId)).toBe('stopped')
    expect((await feed(localId, 3, TODAY)).status).toBe(201)
    expect(await now(localId)).toBe('active')
  })
  test('is confirmed by a withdrawal on paper, and nothing ends twice', async () => {
    const localId = await resident()
    expect((await feed(localId, 2, STOP)).status).toBe(201)
    await expectRefusal(await feed(localId, 3, STOP), 409, 'consent-ended')
    expect((await feed(localId, 4, WITHDRAWAL)).status).toBe(201)
    await expectRefusal(await feed(localId, 5, WITHDRAWAL), 409, 'consent-ended')
    expect(await now(localId)).toBe('withdrawn')
    await expectRefusal(await feed(localId, 6, STOP), 409, 'consent-ended')
    await expectRefusal(await feed(localId, 7), 409, 'consent-stop-holds')
  })
  test('D12: of what was given between two ends nothing counts, though it comes last', async () => {
    const localId = await resident()
    expect((await feed(localId, 2, WITHDRAWAL)).status).toBe(201)
    await expectRefusal(await feed(localId, 4, WITHDRAWAL), 409, 'consent-ended')
    await expectRefusal(await feed(localId, 3, TODAY), 409, 'version-stale')
    expect(await now(localId)).toBe('withdrawn')
    expect((await feed(localId, 5, TODAY)).status).toBe(201)
  })
  test('dated back, it is lifted by no paper older than the consent it ended', async () => {
    const localId = await resident()
    expect((await feed(localId, 2, { ...WITHDRAWAL, dateTime: '2025-01-15' })).status).toBe(201)
    const older = { dateTime: '2026-04-30', provision: { type: 'permit' } }
    await expectRefusal(await feed(localId, 3, older), 409, 'consent-stop-holds')
    expect(await now(localId)).toBe('withdrawn')
    expect((await feed(localId, 3, { ...older, dateTime: '2026-05-01' })).status).toBe(201)
  })
  test('the same withdrawal sent again is no second one', async () => {
    const localId = await resident()
    for (const status of [201, 200]) expect((await feed(localId, 2, WITHDRAWAL)).status).toBe(status)
  })
  test('leaving the region ends sharing, and the audit tells them apart', async () => {
    const localId = await resident()
    expect((await feed(localId, 2, endedBy('left'))).status).toBe(201)
    expect(await now(localId)).toBe('left')
  })
})

describe('evidence', () => {
  const document = Buffer.from('%PDF-1.7 同意書')
  const attached = <Attachment extends object>(attachment: Attachment) => ({
    ...TODAY,
    sourceReference: undefined,
    sourceAttachment: { title: '電子同意書 1', ...attachment },
  })
  const signed = async (localId: string, key: SigningKey, changes: object = {}) => {
    const claims = {
      ...freshClaims('minato', CONSENT_AUDIENCE, NOON),
      ...{
        patient: localId,
        form: 'form-2025',
        decision: 'permit',
        items: [],
        institutions: [],
        regions: [],
      },
      ...changes,
    }
    const token = await signToken(key, 'tsunagi-consent+jwt', claims)
    const data = Buffer.from(token).toString('base64')
    return { ...attached({ contentType: 'application/jose', data }), dateTime: NOON.toISOString() }
  }

  test('a document whose hash fits is taken, one whose hash does not is refused and not kept', async () => {
    const localId = await resident()
    const data = document.toString('base64')
    const hash = createHash('sha1').update(document).digest('base64')
    expect((await feed(localId, 2, attached({ data, hash }))).status).toBe(201)
    const before = await rowCounts(t.db)
    const wrong = attached({ data: Buffer.from('another').toString('base64'), hash })
    await expectRefusal(await feed(localId, 3, wrong), 422, 'evidence-invalid')
    expect(await rowCounts(t.db)).toEqual(before)
  })
  test('a signature by the region’s registered key starts sharing again, and is kept to the letter', async () => {
    const localId = await resident()
    await feed(localId, 2, STOP)
    const consent = await signed(localId, t.keys.minato)
    expect((await feed(localId, 3, consent)).status).toBe(201)
    const found = await search(`patient=${localId}`)
    expect(await found.text()).toContain(consent.sourceAttachment.data)
  })
  test.each<[string, (localId: string) => Promise<object>]>([
    ['another region’s key', (localId) => signed(localId, t.keys.sagamino)],
    ['another patient', (localId) => signed(localId, t.keys.minato, { patient: 'e-0' })],
    ['another form', (localId) => signed(localId, t.keys.minato, { form: 'form-2019' })],
    ['a refusal', (localId) => signed(localId, t.keys.minato, { decision: 'deny' })],
    ['an item kept back', (localId) => signed(localId, t.keys.minato, { items: ['infection'] })],
    ['another moment', (localId) => signed(localId, t.keys.minato, { iat: 1, exp: 60 })],
    ['nothing', async () => attached({ contentType: 'application/jose' })],
    ['no token', async () => attached({ contentType: 'application/jose', data: 'AAAA' })],
  ])('422 for a signature that says %s', async (_, of) => {
    const localId = await resident()
    const refused = await feed(localId, 2, await of(localId))
    await expectRefusal(refused, 422, 'evidence-invalid')
  })
})

describe('whom a resident refuses and nobody knows', () => {
  const actor = (system: string, value: string) => ({
    role: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }],
    },
    reference: { identifier: { system, value } },
  })
  const denying = (...actors: object[]) => ({
    provision: { type: 'permit', provision: [{ type: 'deny', actor: actors }] },
  })
  const unknown = denying(
    actor(SYSTEMS.institutionNumber, '1410000002'),
    actor(SYSTEMS.institutionNumber, '1410000099'),
    actor(SYSTEMS.region, 'nowhere'),
  )
  test('is kept as it stands, and named in a warning, also when it is sent again', async () => {
    const localId = await resident()
    for (const status of [201, 200]) {
      const response = await feed(localId, 2, unknown)
      expect(response.status).toBe(status)
      const place = (at: number) => [`Consent.provision.provision[0].actor[${at}].reference.identifier`]
      const issue = { severity: 'warning', details: { coding: [{ code: 'refused-unknown' }] } }
      expect(await response.json()).toMatchObject({
        resourceType: 'OperationOutcome',
        issue: [
          { ...issue, expression: place(1) },
          { ...issue, expression: place(2) },
        ],
      })
    }
    expect(await countingConsent(t.db, 'minato', localId)).toMatchObject({
      refusedInstitutions: ['1410000002', '1410000099'],
      refusedRegions: ['nowhere'],
    })
  })
  test('no warning where everybody is known', async () => {
    const localId = await resident()
    const known = denying(actor(SYSTEMS.institutionNumber, '1410000002'), actor(SYSTEMS.region, 'shiokaze'))
    expect(await (await feed(localId, 2, known)).json()).toMatchObject({ resourceType: 'Consent' })
  })
})

describe('422 for what cannot be', () => {
  const born = (day: string) => [
    {
      display: '親権者',
      identifier: { system: 'urn:oid:2.999.14.1.1.8', value: '1' },
      extension: [
        { url: CONSENT_EXTENSIONS.relation, valueCode: 'parent' },
        { url: CONSENT_EXTENSIONS.residentBorn, valueDate: day },
      ],
    },
  ]
  test.each<[string, object]>([
    ['a form signed tomorrow', { dateTime: '2026-06-02', provision: { type: 'permit' } }],
    ['a death tomorrow', { extension: [{ url: CONSENT_EXTENSIONS.deceased, valueDate: '2026-06-02' }] }],
    ['a period that ends before it begins', { provision: { type: 'permit', period: { end: '2026-04-30' } } }],
    ['a parent’s signature for another birth date', { performer: born('1961-02-04') }],
    ['a stop that is active', { extension: [{ url: CONSENT_EXTENSIONS.end, valueCode: 'stopped' }] }],
    ['a form that is none', { policy: [{ uri: 'https://tsunagi.example/consent-form/FORM' }] }],
    ['an unknown category', { category: [{ coding: [{ system: 'http://loinc.org', code: '1' }] }] }],
    ['an unknown profile', { meta: { versionId: '2', profile: ['https://x.example'] } }],
  ])('%s', async (_, changes) => {
    const localId = await resident()
    const body = { ...consentIn('minato', localId), meta: { versionId: '2' }, ...changes }
    const call = { method: 'POST', path: '/fhir/Consent', body: JSON.stringify(body) }
    await expectRefusal(await t.send('minato', call), 422, 'consent-invalid')
  })
  test('an end by a parent is taken whatever birth date it says', async () => {
    const localId = await resident()
    expect((await feed(localId, 2, { ...WITHDRAWAL, performer: born('1961-02-04') })).status).toBe(201)
    expect(await now(localId)).toBe('withdrawn')
  })
  test('a death is told of whoever is registered with another birth date since a parent signed', async () => {
    const localId = await resident()
    const signed = { ...TODAY, performer: born('1961-02-03') }
    expect((await feed(localId, 2, signed)).status).toBe(201)
    const identifier = [{ system: SYSTEM_OF.minato, value: localId }]
    await register(t, 'minato', localId, { consent: false, changes: { identifier, birthDate: '1961-02-05' } })
    const died = [{ url: CONSENT_EXTENSIONS.deceased, valueDate: '2026-05-31' }]
    expect((await feed(localId, 3, { ...signed, extension: died })).status).toBe(201)
  })
  test('a parent’s signature for the registered birth date is taken', async () => {
    const localId = await resident()
    expect((await feed(localId, 2, { ...TODAY, performer: born('1961-02-03') })).status).toBe(201)
  })
  test('409 for versions out of order', async () => {
    const localId = await resident()
    expect((await feed(localId, 5, TODAY)).status).toBe(201)
    for (const version of [1, 4, 5])
      await expectRefusal(await feed(localId, version, WITHDRAWAL), 409, 'version-stale')
    expect(await now(localId)).toBe('active')
  })
  test('404 for a resident nobody registered, 403 for another region’s', async () => {
    await expectRefusal(await feed('e-nobody', 1), 404, 'patient-unknown')
    const foreign = JSON.stringify(consentIn('sagamino', 'p-1'))
    const call = { method: 'POST', path: '/fhir/Consent', body: foreign }
    await expectRefusal(await t.send('minato', call), 403, 'foreign-patient-domain')
  })
})

const search = (query: string) => t.send('minato', { method: 'GET', path: `/fhir/Consent?${query}` })
type Found = { entry: { resource: { meta: { versionId: string } } }[]; link?: [{ url: string }] }

describe('ITI-108 search', () => {
  test('the consent that counts, to the letter, by id or identifier, in a URL or a form', async () => {
    const localId = await resident()
    await feed(localId, 2, TODAY)
    const identifier = `${SYSTEM_OF.minato}|${localId}`
    for (const query of [
      `patient=${localId}`,
      `patient=Patient/${localId}&status=active`,
      `patient.identifier=${encodeURIComponent(identifier)}&status=active`,
      `patient:identifier=${encodeURIComponent(identifier)}`,
    ]) {
      const { entry } = (await (await search(query)).json()) as Found
      expect(entry.map(({ resource }) => resource.meta.versionId)).toEqual(['2'])
    }
    const form = await t.send('minato', {
      method: 'POST',
      path: '/fhir/Consent/_search',
      body: new URLSearchParams({ patient: localId, status: 'inactive' }).toString(),
      contentType: 'application/x-www-form-urlencoded',
    })
    expect(await form.json()).toEqual({ resourceType: 'Bundle', type: 'searchset', entry: [] })
  })
  test('whom it names as refused, and page by page', async () => {
    const ids = [await resident(), await resident(), await resident()]
    const actor = { system: SYSTEMS.institutionNumber, value: '1410000002' }
    const role = {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }],
    }
    const denied = [{ type: 'deny', actor: [{ role, reference: { identifier: actor } }] }]
    expect((await feed(ids[1] ?? '', 2, { provision: { type: 'permit', provision: denied } })).status).toBe(
      201,
    )
    const named = await search(
      `patient=${ids.join(',')}&actor=${encodeURIComponent(`${actor.system}|${actor.value}`)}`,
    )
    expect(((await named.json()) as Found).entry).toHaveLength(1)
    let path = `Consent?patient=${ids.join(',')}&_count=2`
    const counts: number[] = []
    for (let pages = 0; path !== '' && pages < 5; pages++) {
      const bundle = (await (await search(path.slice('Consent?'.length))).json()) as Found
      counts.push(bundle.entry.length)
      path = bundle.link?.[0].url ?? ''
    }
    expect(counts).toEqual([2, 1])
  })
  test.each([
    ['no patient', 'status=active', 400, 'parameter-unsupported'],
    ['an unknown parameter', 'patient=e-1&category=x', 400, 'parameter-unsupported'],
    ['a parameter twice', 'patient=e-1&patient=e-2', 400, 'parameter-unsupported'],
    ['a status that is none', 'patient=e-1&status=draft', 400, 'parameter-unsupported'],
    ['a page too large', 'patient=e-1&_count=51', 400, 'parameter-unsupported'],
    [
      'too many patients',
      `patient=${Array.from({ length: 51 }, (_, n) => n).join(',')}`,
      400,
      'parameter-unsupported',
    ],
    ['another domain', `patient.identifier=${SYSTEM_OF.sagamino}|p-1`, 403, 'foreign-patient-domain'],
  ] as const)('refused for %s', async (_, query, status, code) => {
    await expectRefusal(await search(query), status, code)
  })
  test('a consent that is another region’s is not there', async () => {
    const localId = await resident()
    const call = { method: 'GET', path: `/fhir/Consent?patient=${localId}` }
    expect(await (await t.send('sagamino', call)).json()).toMatchObject({ entry: [] })
  })
})

test('over the whole way: who stopped by telephone is refused like nobody', async () => {
  await using hub = await testHub()
  await register(hub, 'shiokaze', 'p-1')
  await register(hub, 'minato', 'm-1')
  const ask = () => hub.send('shiokaze', queryCall('shiokaze'))
  expect((await ask()).status).toBe(200)
  const stop = { ...consentIn('minato', 'm-1', STOP), meta: { versionId: '2' } }
  const call = { method: 'POST', path: '/fhir/Consent', body: JSON.stringify(stop) }
  expect((await hub.send('minato', call)).status).toBe(201)
  await expectRefusal(await ask(), 403, 'not-provided')
})
