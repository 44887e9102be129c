import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { putConsentCopy, putRegistrationCopy } from '../../src/gateway/index.ts'
import { listNotices } from '../../src/gateway/notice-store.ts'
import { councilNotice } from '../../src/gateway/tables.ts'
import {
  callClaims,
  freshClaims,
  type Notice,
  type NoticeClaims,
  type SigningKey,
  signToken,
} from '../../src/trust/index.ts'
import { NOON } from '../support/test-context.ts'
import { codeOf, consent, HOLDING, type InwardRegion, inwardRegion, LOCAL_ID } from './inward-region.ts'

interface Told {
  letter?: number
  claims?: Partial<NoticeClaims>
  key?: SigningKey
}

async function tell(
  t: InwardRegion,
  notice: Notice,
  { letter = 1, claims, key }: Told = {},
): Promise<Response> {
  const call = { method: 'POST', url: `${t.ctx.publicUrl}/notices`, body: '' } as const
  const token = await signToken(key ?? t.hub.keys.mandate, 'tsunagi-notice+jwt', {
    ...freshClaims(t.hub.url, HOLDING, t.clock.now),
    ...callClaims(call),
    letter,
    notice,
    ...claims,
  } as NoticeClaims)
  return fetch(call.url, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
}

const at = NOON.toISOString()
const EMERGENCY: Notice = {
  ...{ kind: 'emergency', emergency: 'e'.repeat(43), patient: LOCAL_ID, region: 'minato' },
  ...{ institution: '1410000001', user: 'dr-1', profession: 'physician', post: 'staff' },
  ...{ reason: '意識がないため緊急に閲覧', at, reportDueAt: at, reviewDueOn: '2026-06-08' },
}

test('204: an emergency is on record and in the council’s hands, once however often it is sent', async () => {
  await using t = await inwardRegion()
  expect((await tell(t, EMERGENCY, { letter: 7 })).status).toBe(204)
  expect((await tell(t, EMERGENCY, { letter: 7 })).status).toBe(204)
  expect(await t.ctx.db.select().from(councilNotice)).toMatchObject([{ letter: 7, notice: EMERGENCY }])
  const kinds = (await t.entries()).map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'notice.received')).toHaveLength(1)
})

test('of an end of consent that this region never heard of nothing leaves, and the alarm is raised', async () => {
  await using t = await inwardRegion()
  const ended = { kind: 'consent-ended', patient: LOCAL_ID, version: 2, at } as const
  expect((await tell(t, ended)).status).toBe(204)
  expect((await t.send()).status).toBe(403)
  expect(await t.entries()).toContainEqual(
    expect.objectContaining({ kind: 'copy.behind', detail: expect.objectContaining({ copy: 'consent' }) }),
  )
})

test('an end of consent that the own copy has outlived changes nothing: a notice permits nothing either', async () => {
  await using t = await inwardRegion()
  await t.ctx.db.transaction((tx) => putConsentCopy(tx, LOCAL_ID, consent(3), NOON))
  await tell(t, { kind: 'consent-ended', patient: LOCAL_ID, version: 2, at })
  expect((await t.send()).status).toBe(200)
})

test('D17: who is protected elsewhere is kept back here, until told otherwise; who died there died here', async () => {
  await using t = await inwardRegion()
  const standing = { kind: 'standing', patient: LOCAL_ID, protected: true, at } as const
  const answers: number[] = []
  const told = async (notice: Notice, letter: number) => {
    await tell(t, notice, { letter })
    answers.push((await t.send()).status)
  }
  await told(standing, 5)
  await told({ ...standing, protected: false }, 9)
  await told({ ...standing, protected: false, deceasedOn: '2026-01-01' }, 10)
  await told({ ...standing, protected: false }, 12)
  // A letter that was overtaken says nothing new.
  await told(standing, 11)
  expect(answers).toEqual([403, 200, 403, 200, 200])
  const reasons = (await t.entries()).flatMap(({ kind, detail }) =>
    kind === 'gateway.refusal' ? [(detail as { reason: string }).reason] : [],
  )
  expect(reasons).toEqual(['protected', 'deceased'])
  const received = (await t.entries()).filter(({ kind }) => kind === 'notice.received')
  expect(JSON.stringify(received)).not.toContain(LOCAL_ID)
  expect(await listNotices(t.ctx.db)).toEqual([])
})

test('that nobody is protected elsewhere lifts no protection of the region’s own', async () => {
  await using t = await inwardRegion()
  const own = { localId: LOCAL_ID, protected: true, deceasedOn: null }
  await t.ctx.db.transaction((tx) => putRegistrationCopy(tx, own, NOON))
  await tell(t, { kind: 'standing', patient: LOCAL_ID, protected: false, at })
  expect((await t.send()).status).toBe(403)
})

test('a policy that this region does not have raises the alarm', async () => {
  await using t = await inwardRegion()
  await tell(t, { kind: 'policy-recorded', version: 2 })
  expect((await t.entries()).map(({ kind }) => kind)).not.toContain('copy.behind')
  await tell(t, { kind: 'policy-recorded', version: 9 }, { letter: 2 })
  expect((await t.entries()).at(-1)).toMatchObject({
    kind: 'copy.behind',
    detail: { copy: 'policy', version: 9 },
  })
})

test('the directory is fetched at once when it changed', async () => {
  await using t = await inwardRegion()
  await t.send()
  const served = t.hub.directoriesServed
  await tell(t, { kind: 'directory-changed' })
  expect(t.hub.directoriesServed).toBe(served + 1)
})

test('401 for a notice by another key, to another region, for another call, too old, or none', async () => {
  await using t = await inwardRegion()
  const past = freshClaims(t.hub.url, HOLDING, new Date(NOON.getTime() - 600_000))
  const cases: Told[] = [
    { key: t.asker },
    { key: t.hub.keys.receipt },
    { claims: { aud: 'minato' } },
    { claims: { htu: `${t.ctx.publicUrl}/fhir/_search` } },
    { claims: { iat: past.iat, exp: past.exp } },
  ]
  for (const told of cases) expect((await tell(t, EMERGENCY, told)).status).toBe(401)
  const bare = await fetch(`${t.ctx.publicUrl}/notices`, { method: 'POST' })
  expect([bare.status, await codeOf(bare)]).toEqual([401, 'token-missing'])
  expect(await t.ctx.db.select().from(councilNotice)).toEqual([])
})

test('401 for a mandate’s token as a notice, and for a notice’s as a mandate', async () => {
  await using t = await inwardRegion()
  const sent = await t.prepare()
  const asNotice = await fetch(`${t.ctx.publicUrl}/notices`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sent.mandate}` },
  })
  expect(asNotice.status).toBe(401)
})

test('what the council reads is found among however many notices that are for the gateway alone', async () => {
  await using t = await inwardRegion()
  await tell(t, EMERGENCY, { letter: 1 })
  const { db } = t.ctx
  await db.execute(sql`
    insert into council_notice
    select letter, jsonb_build_object('kind', 'standing', 'patient', 'p-' || letter, 'protected', false), now()
      from generate_series(2, 20000) as letter`)
  await db.execute(sql`analyze council_notice`)
  const scans = sql`
    select idx_scan::int as scans, pg_stat_force_next_flush()
      from pg_stat_user_indexes where indexrelname = 'council_notice_shown'`
  // As often as a statement is asked before PostgreSQL keeps one plan of it.
  const ask = async () => {
    for (let times = 0; times < 12; times += 1) expect(await listNotices(db)).toHaveLength(1)
    return (await db.execute<{ scans: number }>(scans))[0]?.scans
  }
  await expect.poll(ask).toBeGreaterThanOrEqual(12)
})
