import { expect, test } from 'vitest'
import { consentsAndVisits, type VisitsAsked } from '../../src/consent/facts-store.ts'
import { type ConsentRow, insertConsent, insertVisit } from '../../src/consent/store.ts'
import { NOON, testContext } from '../support/test-context.ts'

const MINUTE_BEFORE = new Date(NOON.getTime() - 60_000)
const idOf = (n: number) => ({ region: `region-${n}`, localId: `r-${n}`, since: MINUTE_BEFORE })
const consentOf = (n: number, version: number): ConsentRow => ({
  ...{ region: `region-${n}`, localId: `r-${n}`, version, status: 'active', form: `form-${n}` },
  ...{ signedAt: NOON, statedFrom: NOON, validFrom: NOON, validUntil: null, receivedAt: NOON },
  ...{ refused: [], refusedInstitutions: [], refusedRegions: [] },
  ...{ proxyRelation: null, residentBorn: null, deceasedOn: null },
  ...{ evidence: 'paper', evidenceKind: 'paper', resource: '{}' },
})
const visit = {
  ...{ institution: '1410000001', region: 'region-5', personId: null, kind: 'outpatient' as const },
  ...{ retractedAt: null, recordedAt: NOON },
}
const asked: VisitsAsked = {
  ...{ institution: '1410000001', personId: 'nobody', registrations: [], day: '2026-06-01' },
}

test('of however many registrations, each has its own newest consent and their visits count once', async () => {
  await using t = await testContext('hub')
  const ids = Array.from({ length: 9 }, (_, n) => idOf(n))
  await t.context.db.transaction(async (tx) => {
    for (const n of ids.keys()) for (const version of [1, 2]) await insertConsent(tx, consentOf(n, version))
    for (const startedOn of ['2026-05-01', '2026-05-30', '2026-06-02'])
      await insertVisit(tx, { ...visit, localId: 'r-5', startedOn, endedOn: startedOn })
  })
  for (const count of [0, 1, 4, 5, 9]) {
    const known = ids.slice(0, count)
    const facts = await consentsAndVisits(t.context.db, known, { ...asked, registrations: known })
    const found = ids.map((id) => facts.consentOf(id))
    const expected = ids.map((_, n) => (n < count ? { version: 2, form: `form-${n}` } : undefined))
    expect(found, `of ${count}`).toMatchObject(expected)
    const last = { kind: 'outpatient', startedOn: '2026-05-30', endedOn: '2026-05-30' }
    expect(facts.visits, `of ${count}`).toEqual(count > 5 ? [last] : [])
  }
})

test('a visit is asked about where the registration is, and counts from when the id was given', async () => {
  await using t = await testContext('hub')
  const id = idOf(5)
  const day = { startedOn: '2026-05-01', endedOn: '2026-05-01' }
  await t.context.db.transaction(async (tx) => {
    await insertVisit(tx, { ...visit, localId: 'r-5', ...day })
    await insertVisit(tx, { ...visit, kind: 'dispensing', localId: null, personId: 'p-1', ...day })
  })
  const kinds = async (changes: Partial<VisitsAsked>, consented = [id]) => {
    const { visits } = await consentsAndVisits(t.context.db, consented, { ...asked, ...changes })
    return visits.map(({ kind }) => kind)
  }
  expect(await kinds({})).toEqual([])
  expect(await kinds({ registrations: [{ ...id, since: new Date(NOON.getTime() + 1) }] })).toEqual([])
  expect(await kinds({ registrations: [id] }, [])).toEqual(['outpatient'])
  expect(await kinds({ personId: 'p-1' }, [])).toEqual(['dispensing'])
})
