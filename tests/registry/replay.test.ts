import { eq, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { auditEntry } from '../../src/audit/tables.ts'
import { callClaims, freshClaims, type RequestClaims, signToken } from '../../src/trust/index.ts'
import { replay } from '../../src/trust/tables.ts'
import { refusalCode } from '../support/expect-refusal.ts'
import { secondHub } from '../support/second-hub.ts'
import { NOON } from '../support/test-context.ts'
import {
  patientIn,
  patientPath,
  pixPath,
  queryCall,
  register,
  SYSTEM_OF,
  type TestHub,
  testHub,
} from '../support/test-hub.ts'

/** Cases A16 and A17: a signed request acts once, whichever process it reaches and whenever. */
const PATH = pixPath('minato', 'm-1')
const ROUNDS = 200

async function lookUp(t: TestHub): Promise<string> {
  const call = callClaims({ method: 'GET', url: t.hub.publicUrl + PATH, body: '' })
  const claims = { ...freshClaims('minato', t.hub.publicUrl, NOON), ...call }
  return signToken(t.keys.minato, 'tsunagi-request+jwt', claims as RequestClaims)
}

const send = (url: string, token: string) =>
  fetch(url + PATH, { headers: { authorization: `Bearer ${token}` } })
const countOf = (t: TestHub, kind: string) => t.db.$count(auditEntry, eq(auditEntry.kind, kind))

test(`A16: one of two processes takes a request that reaches both at once, ${ROUNDS} times of ${ROUNDS}`, async () => {
  await using t = await testHub()
  await using other = await secondHub(t)
  await register(t, 'minato', 'm-1', { consent: false })
  for (let round = 0; round < ROUNDS; round++) {
    const token = await lookUp(t)
    const order = round % 2 === 0 ? [t.url, other.url] : [other.url, t.url]
    const answers = await Promise.all(order.map((url) => send(url, token)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
    const refused = answers.find(({ status }) => status === 401) as Response
    expect(await refusalCode(refused)).toBe('token-replayed')
  }
  expect(await countOf(t, 'index.query')).toBe(ROUNDS)
  expect(await countOf(t, 'replay.refused')).toBe(ROUNDS)
})

test('A16: of look-ups that come at once, one of them ten times, each is answered once and put on record', async () => {
  await using t = await testHub()
  await register(t, 'minato', 'm-1', { consent: false })
  const tokens = await Promise.all(Array.from({ length: 40 }, () => lookUp(t)))
  const copied = await lookUp(t)
  const sent = tokens.flatMap((token, n) => (n % 4 === 0 ? [copied, token] : [token]))
  const answers = await Promise.all(sent.map((token) => send(t.url, token)))
  const statuses = sent.map((token, n) => [token === copied, answers[n]?.status])
  expect(statuses.filter(([isCopy, status]) => !isCopy && status === 200)).toHaveLength(40)
  expect(statuses.filter(([isCopy, status]) => isCopy && status === 200)).toHaveLength(1)
  expect(statuses.filter(([isCopy, status]) => isCopy && status === 401)).toHaveLength(9)
  expect([await countOf(t, 'index.query'), await countOf(t, 'replay.refused')]).toEqual([41, 9])
})

test('A16: of feeds that come at once each acts once; one that is refused was not used up', async () => {
  await using t = await testHub()
  const at = (lastUpdated: string) => ({ meta: { lastUpdated } })
  const put = (n: number, changes: object) => ({
    method: 'PUT',
    path: patientPath('minato', `m-${n}`),
    body: JSON.stringify(patientIn('minato', `m-${n}`, { birthDate: `1961-02-${10 + n}`, ...changes })),
    claims: { jti: `feed-that-comes-at-once-${n}` },
  })
  await t.send('minato', { ...put(0, at('2026-02-02T00:00:00Z')), claims: {} })
  const feeds = Array.from({ length: 10 }, (_, n) => put(n, n === 0 ? at('2026-01-01T00:00:00Z') : {}))
  const statuses = async (sent: typeof feeds) =>
    (await Promise.all(sent.map((feed) => t.send('minato', feed)))).map(({ status }) => status)
  const twice = await statuses(feeds.flatMap((feed) => [feed, feed]))
  expect(twice.slice(0, 2)).toEqual([409, 409])
  expect(twice.slice(2).toSorted()).toEqual([...Array(9).fill(201), ...Array(9).fill(401)])
  expect(await statuses(feeds)).toEqual([409, ...Array(9).fill(401)])
  expect(await countOf(t, 'registration.feed')).toBe(10)
  expect(await countOf(t, 'replay.refused')).toBe(18)
})

test('A16: of ten copies of a query at two processes one is answered, and the other region is asked once', async () => {
  await using t = await testHub()
  await using other = await secondHub(t)
  await register(t, 'minato', 'm-1')
  await register(t, 'shiokaze', 'p-1')
  const call = queryCall('shiokaze', {}, { jti: 'query-sent-ten-times-01' })
  const signed = await signedQuery(t, call.claims ?? {}, call.body ?? '')
  const copies = Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? t.url : other.url))
  const answers = await Promise.all(
    copies.map((url) =>
      fetch(`${url}/fhir/_search`, {
        method: 'POST',
        headers: { authorization: `Bearer ${signed}`, 'content-type': 'application/x-www-form-urlencoded' },
        body: call.body ?? '',
      }),
    ),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(401)])
  expect(t.gateways.minato.calls).toHaveLength(1)
  expect(await countOf(t, 'query.attempt')).toBe(1)
  expect(await countOf(t, 'query.release')).toBe(1)
  expect(await countOf(t, 'replay.refused')).toBe(9)
})

function signedQuery(t: TestHub, claims: object, body: string): Promise<string> {
  const call = callClaims({ method: 'POST', url: `${t.hub.publicUrl}/fhir/_search`, body })
  const all = { ...freshClaims('shiokaze', t.hub.publicUrl, NOON), ...call, ...claims }
  return signToken(t.keys.shiokaze, 'tsunagi-request+jwt', all as RequestClaims)
}

test('A17: a process that starts later refuses what an earlier one has taken', async () => {
  await using t = await testHub()
  await register(t, 'minato', 'm-1', { consent: false })
  const token = await lookUp(t)
  {
    await using first = await secondHub(t)
    expect((await send(first.url, token)).status).toBe(200)
  }
  await using second = await secondHub(t)
  expect(await refusalCode(await send(second.url, token))).toBe('token-replayed')
})

test('A17: what was used outlives a restart of the database: its tables are logged, every partition of them', async () => {
  await using t = await testHub()
  const tables = await t.db.execute<{ kept: string }>(
    sql`select relpersistence as kept from pg_class where relname like 'replay%' and relkind in ('r', 'p')`,
  )
  expect(tables.length).toBeGreaterThan(1)
  expect(new Set(tables.map(({ kept }) => kept))).toEqual(new Set(['p']))
})

test('a request that failed by a fault of ours was not used up: the same one may be sent again', async () => {
  await using t = await testHub()
  await register(t, 'minato', 'm-1', { consent: false })
  const token = await lookUp(t)
  await t.db.execute(sql`alter table audit_detail rename to audit_detail_gone`)
  expect((await send(t.url, token)).status).toBe(500)
  expect(await t.db.$count(replay, eq(replay.iss, 'minato'))).toBe(1)
  await t.db.execute(sql`alter table audit_detail_gone rename to audit_detail`)
  expect((await send(t.url, token)).status).toBe(200)
  expect((await send(t.url, token)).status).toBe(401)
})

test('two regions may choose the same id for their requests', async () => {
  await using t = await testHub()
  const path = (system: string) =>
    `/fhir/Patient/$ihe-pix?sourceIdentifier=${encodeURIComponent(`${system}|x`)}`
  for (const region of ['minato', 'shiokaze'] as const) {
    const claims = { jti: 'one-id-of-two-regions-1' }
    const answer = await t.send(region, { method: 'GET', path: path(SYSTEM_OF[region]), claims })
    expect(answer.status).toBe(404)
  }
})
