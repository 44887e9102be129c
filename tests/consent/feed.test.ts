import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { visitsOf } from '../../src/consent/index.ts'
import type { Context } from '../../src/kernel/context.ts'
import { putInstitution, putRegion, readEpochs } from '../../src/registry/index.ts'
import { DEFAULT_POLICY, SYSTEMS } from '../../src/vocabulary/index.ts'
import { countingConsent } from '../support/counting-consent.ts'
import { NOON, testContext } from '../support/test-context.ts'
import { CARE_PROVIDER, CLINIC, consentApp, consentOf, MINATO, refusalOf, SAGAMINO, visitOf } from './feed.ts'
import { handleFor, register } from './residents.ts'

const patient = { system: MINATO.patientSystem, value: 'P-1' }

/** Two regions, an institution in each, and one resident, registered in the first. */
async function setup() {
  const t = await testContext()
  await t.db.transaction(async (tx) => {
    for (const { region, patientSystem } of [MINATO, SAGAMINO]) {
      await putRegion(tx, { id: region, name: region, patientSystem, stage: 'asking' }, NOON)
    }
    const clinic = { number: CLINIC, name: 'みなと医院', kind: 'clinic' as const, regions: ['minato'] }
    const provider = { number: CARE_PROVIDER, name: '相模ケア', kind: 'care-provider' as const }
    await putInstitution(tx, clinic, NOON)
    await putInstitution(tx, { ...provider, regions: ['sagamino'] }, NOON)
  })
  const person = await register(t.context, MINATO, 'P-1')
  return { ...t, person, app: consentApp(t.context) }
}

/** What changed on the record since: the kinds of audit entries, and how often the person's epoch was raised. */
async function watch(context: Context, person: string) {
  const name = `person:${person}` as const
  const epoch = async () => (await readEpochs(context.db, [name])).get(name) ?? 0
  const kinds = async () =>
    (await context.db.execute<{ kind: string }>(sql`select kind from audit_entry order by number`)).map(
      (row) => row.kind,
    )
  const [epochBefore, kindsBefore] = [await epoch(), await kinds()]
  return {
    raised: async () => (await epoch()) > epochBefore,
    entries: async () => (await kinds()).slice(kindsBefore.length),
  }
}

async function lastDetail(context: Context) {
  const [row] = await context.db.execute<{ detail: string }>(
    sql`select detail from audit_detail order by entry desc limit 1`,
  )
  return JSON.parse(row?.detail ?? '{}') as unknown
}

describe('POST /Consent', () => {
  test('201 with the text as sent; the consent counts, the epoch is raised, the audit names it', async () => {
    await using t = await setup()
    const seen = await watch(t.context, t.person)
    const sent = JSON.stringify(consentOf('P-1', { refused: ['condition'] }), undefined, 2)
    expect(await t.app.post('Consent', sent)).toEqual({ status: 201, text: sent })
    expect(await countingConsent(t.db, 'minato', 'P-1')).toEqual({
      version: 1,
      status: 'active',
      form: '2025-04',
      signedAt: new Date('2026-05-20T00:00:00+09:00'),
      validFrom: NOON,
      validUntil: undefined,
      refused: ['condition'],
      refusedInstitutions: [],
      refusedRegions: [],
      proxy: undefined,
      deceasedOn: undefined,
      receivedAt: NOON,
      evidenceKind: 'paper',
    })
    expect(await seen.raised()).toBe(true)
    expect(await seen.entries()).toEqual(['consent.recorded'])
    expect(await lastDetail(t.context)).toMatchObject({
      region: 'minato',
      patient: 'P-1',
      version: 1,
      form: '2025-04',
      refused: ['condition'],
      evidence: '同意書 2026-0412',
      evidenceKind: 'paper',
    })
  })

  test('a withdrawal takes effect at once, whatever its dates say', async () => {
    await using t = await setup()
    await t.app.post('Consent', consentOf('P-1'))
    const seen = await watch(t.context, t.person)
    const withdrawal = consentOf('P-1', { version: 2, status: 'withdrawn', dateTime: '2026-12-31' })
    expect((await t.app.post('Consent', withdrawal)).status).toBe(201)
    expect(await countingConsent(t.db, 'minato', 'P-1')).toMatchObject({ version: 2, status: 'withdrawn' })
    expect(await seen.raised()).toBe(true)
    expect(await seen.entries()).toEqual(['consent.withdrawn'])
  })

  test('a consent at one region says nothing about another', async () => {
    await using t = await setup()
    await t.app.post('Consent', consentOf('P-1'))
    expect(await countingConsent(t.db, 'sagamino', 'P-1')).toBeUndefined()
  })

  test('409 for a stale version, in whatever order they arrive; the highest counts', async () => {
    await using t = await setup()
    await t.app.post('Consent', consentOf('P-1', { version: 3, status: 'withdrawn' }))
    const seen = await watch(t.context, t.person)
    for (const version of [1, 2, 3]) {
      const { status, text } = await t.app.post('Consent', consentOf('P-1', { version }))
      expect(status).toBe(409)
      expect(refusalOf(text)).toEqual({ code: 'version-stale', at: 'Consent.meta.versionId' })
    }
    expect(await countingConsent(t.db, 'minato', 'P-1')).toMatchObject({ version: 3, status: 'withdrawn' })
    expect(await seen.raised()).toBe(false)
    expect(await seen.entries()).toEqual([])
  })

  test('200 for the newest version sent again, and nothing changes', async () => {
    await using t = await setup()
    await t.app.post('Consent', consentOf('P-1'))
    const seen = await watch(t.context, t.person)
    expect((await t.app.post('Consent', consentOf('P-1'))).status).toBe(200)
    expect(await seen.entries()).toEqual([])
  })

  test('D12: withdrawn, granted and withdrawn at once: one after another, the highest counts', async () => {
    await using t = await setup()
    const sent = [
      consentOf('P-1', { version: 4, status: 'withdrawn' }),
      consentOf('P-1', { version: 2, status: 'withdrawn' }),
      consentOf('P-1', { version: 3 }),
    ]
    const answers = await Promise.all(sent.map((each) => t.app.post('Consent', each)))
    for (const { status } of answers) expect([201, 409]).toContain(status)
    expect(await countingConsent(t.db, 'minato', 'P-1')).toMatchObject({ version: 4, status: 'withdrawn' })
  })

  test('404 for a patient nobody registered; nothing is kept', async () => {
    await using t = await setup()
    const seen = await watch(t.context, t.person)
    const { status, text } = await t.app.post('Consent', consentOf('P-404'))
    expect([status, refusalOf(text).code]).toEqual([404, 'patient-unknown'])
    expect(await countingConsent(t.db, 'minato', 'P-404')).toBeUndefined()
    expect(await seen.entries()).toEqual([])
  })

  test('403 for a patient of another region', async () => {
    await using t = await setup()
    const app = consentApp(t.context, SAGAMINO)
    const { status, text } = await app.post('Consent', consentOf('P-1'))
    expect([status, refusalOf(text).code]).toEqual([403, 'foreign-patient-domain'])
  })

  test('400 for a key that stands twice, 422 for what is no consent; neither repeats what was sent', async () => {
    await using t = await setup()
    const twice = await t.app.post('Consent', '{"id":"canary-1","id":"canary-1"}')
    expect([twice.status, refusalOf(twice.text).code]).toEqual([400, 'body-malformed'])
    const invalid = await t.app.post('Consent', { ...consentOf('canary-1'), status: 'canary-1' })
    expect([invalid.status, refusalOf(invalid.text)]).toEqual([
      422,
      { code: 'consent-invalid', at: 'Consent.status' },
    ])
    expect(twice.text + invalid.text).not.toContain('canary-1')
  })
})

describe('POST /Encounter', () => {
  const visited = async (t: Awaited<ReturnType<typeof setup>>, institution = CLINIC, at = NOON) => {
    const registrations = [{ region: 'minato', localId: 'P-1', since: NOON }]
    return (await visitsOf(t.db, { institution, personId: t.person, registrations, at }))(DEFAULT_POLICY)
  }

  test('201; the institution is visited by the person, the epoch is raised, the audit names it', async () => {
    await using t = await setup()
    expect(await visited(t)).toBe(false)
    const seen = await watch(t.context, t.person)
    expect((await t.app.post('Encounter', visitOf(patient))).status).toBe(201)
    expect(await visited(t)).toBe(true)
    expect(await visited(t, CARE_PROVIDER)).toBe(false)
    expect(await seen.raised()).toBe(true)
    expect(await seen.entries()).toEqual(['visit.recorded'])
    expect(await lastDetail(t.context)).toMatchObject({
      institution: CLINIC,
      patient: 'P-1',
      visit: 'outpatient',
      startedOn: '2026-05-29',
    })
  })

  test('a visit counts for 365 days after its last, to midnight in Japan', async () => {
    await using t = await setup()
    await t.app.post('Encounter', visitOf(patient))
    expect(await visited(t, CLINIC, new Date('2027-05-29T23:59:59+09:00'))).toBe(true)
    expect(await visited(t, CLINIC, new Date('2027-05-30T00:00:00+09:00'))).toBe(false)
  })

  test('of several visits the one that lasts longest decides', async () => {
    await using t = await setup()
    for (const start of ['2024-01-10', '2026-05-01', '2025-01-10']) {
      await t.app.post('Encounter', visitOf(patient, { period: { start } }))
    }
    expect(await visited(t)).toBe(true)
  })

  test('a care contract counts while it is open, then for the days after its end', async () => {
    await using t = await setup()
    const contract = { kind: 'care-contract', period: { start: '2020-04-01' } }
    await t.app.post('Encounter', visitOf(patient, { ...contract, status: 'in-progress' }))
    expect(await visited(t)).toBe(true)
    const ended = { ...contract, period: { start: '2020-04-01', end: '2024-03-31' } }
    expect((await t.app.post('Encounter', visitOf(patient, ended))).status).toBe(201)
    expect(await visited(t)).toBe(false)
  })

  test('an open contract counts beside an older one that ended', async () => {
    await using t = await setup()
    const old = { kind: 'care-contract', period: { start: '2018-04-01', end: '2019-03-31' } }
    const open = { kind: 'care-contract', status: 'in-progress', period: { start: '2020-04-01' } }
    await t.app.post('Encounter', visitOf(patient, old))
    await t.app.post('Encounter', visitOf(patient, open))
    expect(await visited(t)).toBe(true)
  })

  test('409 when a late copy would open an ended contract again', async () => {
    await using t = await setup()
    const contract = { kind: 'care-contract', period: { start: '2020-04-01' } }
    await t.app.post('Encounter', visitOf(patient, { ...contract, status: 'finished' }))
    const late = await t.app.post('Encounter', visitOf(patient, { ...contract, status: 'in-progress' }))
    expect([late.status, refusalOf(late.text).code]).toEqual([409, 'version-stale'])
    expect(await visited(t)).toBe(false)
  })

  test('a visit entered in error counts no longer, and a late copy of it does not bring it back', async () => {
    await using t = await setup()
    await t.app.post('Encounter', visitOf(patient))
    const seen = await watch(t.context, t.person)
    const retraction = visitOf(patient, { status: 'entered-in-error' })
    expect((await t.app.post('Encounter', retraction)).status).toBe(201)
    expect(await visited(t)).toBe(false)
    expect(await seen.raised()).toBe(true)
    expect((await t.app.post('Encounter', visitOf(patient))).status).toBe(409)
    expect((await t.app.post('Encounter', retraction)).status).toBe(200)
    expect(await visited(t)).toBe(false)
  })

  test('200 for a visit sent again, and nothing changes', async () => {
    await using t = await setup()
    await t.app.post('Encounter', visitOf(patient))
    const seen = await watch(t.context, t.person)
    expect((await t.app.post('Encounter', visitOf(patient))).status).toBe(200)
    expect(await seen.entries()).toEqual([])
  })

  test('somebody not registered there is named by the handle that was given to that institution', async () => {
    await using t = await setup()
    const handle = await handleFor(t.context, t.person, { region: 'sagamino', institution: CARE_PROVIDER })
    const subject = { system: SYSTEMS.handle, value: handle }
    const app = consentApp(t.context, SAGAMINO)
    const visit = visitOf(subject, { institution: CARE_PROVIDER })
    expect((await app.post('Encounter', visit)).status).toBe(201)
    expect(await visited(t, CARE_PROVIDER)).toBe(true)
    expect(await visited(t, CLINIC)).toBe(false)
    expect((await app.post('Encounter', visit)).status).toBe(200)
  })

  test('404 for a handle of somebody else, and for a patient nobody registered', async () => {
    await using t = await setup()
    const handle = await handleFor(t.context, t.person, { region: 'sagamino', institution: CARE_PROVIDER })
    for (const subject of [
      { system: SYSTEMS.handle, value: handle },
      { system: SYSTEMS.handle, value: 'AAAAAAAAAAAAAAAAAAAAAA' },
      { ...patient, value: 'P-404' },
    ]) {
      const { status, text } = await t.app.post('Encounter', visitOf(subject))
      expect([status, refusalOf(text).code]).toEqual([404, 'patient-unknown'])
    }
  })

  test('403 for an institution that is no member of the calling region', async () => {
    await using t = await setup()
    const { status, text } = await t.app.post('Encounter', visitOf(patient, { institution: CARE_PROVIDER }))
    expect([status, refusalOf(text).code]).toEqual([403, 'institution-unknown'])
    expect(await visited(t, CARE_PROVIDER)).toBe(false)
  })

  test('403 for a patient of another region, 422 for tomorrow, 400 for no JSON', async () => {
    await using t = await setup()
    const foreign = await t.app.post('Encounter', visitOf({ ...patient, system: SAGAMINO.patientSystem }))
    const tomorrow = await t.app.post('Encounter', visitOf(patient, { period: { start: '2026-06-02' } }))
    const broken = await t.app.post('Encounter', '{')
    expect([foreign.status, refusalOf(foreign.text).code]).toEqual([403, 'foreign-patient-domain'])
    expect([tomorrow.status, refusalOf(tomorrow.text).code]).toEqual([422, 'visit-invalid'])
    expect([broken.status, refusalOf(broken.text).code]).toEqual([400, 'body-malformed'])
  })
})

test('the database itself refuses what the rules forbid', async () => {
  await using t = await setup()
  const consent = (status: string, received: string, until: string, kind = 'paper') =>
    t.db.execute(sql`insert into consent (region, local_id, version, status, form, signed_at, stated_from,
      valid_from, valid_until, refused, refused_institutions, refused_regions, evidence, evidence_kind, resource,
      received_at) values ('minato', 'P-1', 1, ${status}, '2025-04', '2026-05-20', '2026-05-20', '2026-05-20',
      ${until}, '{}', '{}', '{}', '同意書', ${kind}, '{}', ${received})`)
  const visit = (localId: string | null, personId: string | null, kind: string, endedOn: string | null) =>
    t.db.execute(sql`insert into visit values (${CLINIC}, 'minato', ${localId}, ${personId}, ${kind},
      '2026-05-29', ${endedOn}, null, now())`)
  await expect(consent('active', '2026-05-21', '2027-01-01')).rejects.toThrow()
  await expect(consent('active', '2026-05-19', '2026-05-01')).rejects.toThrow()
  await expect(consent('lost', '2026-05-19', '2027-01-01')).rejects.toThrow()
  await expect(consent('active', '2026-05-19', '2027-01-01', 'telephone')).rejects.toThrow()
  await consent('active', '2026-05-19', '2027-01-01')
  await expect(visit('P-1', 'p', 'outpatient', '2026-05-29')).rejects.toThrow()
  await expect(visit(null, null, 'outpatient', '2026-05-29')).rejects.toThrow()
  await expect(visit('P-1', null, 'outpatient', null)).rejects.toThrow()
  await expect(visit('P-1', null, 'inpatient', '2026-05-28')).rejects.toThrow()
  await visit('P-1', null, 'inpatient', null)
  await expect(visit('P-1', null, 'inpatient', '2026-05-30')).rejects.toThrow()
})

test('the visit stated in a query counts by itself, on its day', async () => {
  await using t = await setup()
  const asked = { institution: CLINIC, personId: undefined, registrations: [], at: NOON }
  const isVisited = async (today?: { kind: 'outpatient'; on: string }) =>
    (await visitsOf(t.db, { ...asked, today }))(DEFAULT_POLICY)
  expect(await isVisited({ kind: 'outpatient', on: '2026-06-01' })).toBe(true)
  expect(await isVisited({ kind: 'outpatient', on: '2026-05-31' })).toBe(false)
  expect(await isVisited()).toBe(false)
})
