import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditEntry } from '../../src/audit/tables.ts'
import { endAgreement, findPolicy, readRegistry, setStage } from '../../src/registry/index.ts'
import { requestClaimsSchema, sha256, verifyingKey, verifyToken } from '../../src/trust/index.ts'
import { DEFAULT_POLICY } from '../../src/vocabulary/index.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { rowCounts } from '../support/row-counts.ts'
import { policyFrom, readAs, sharing } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import { type RegionId, type TestHub, testHub } from '../support/test-hub.ts'

let t: TestHub
beforeAll(async () => {
  t = await testHub()
})
afterAll(() => t[Symbol.asyncDispose]())

const put = (document: unknown, region: RegionId = 'minato') =>
  t.send(region, { method: 'PUT', path: '/policy', body: JSON.stringify(document) })

test('201 with the policy; it counts from its time on, and it is on the record', async () => {
  const tomorrow = {
    ...DEFAULT_POLICY,
    version: 2,
    effectiveFrom: '2026-06-02T00:00:00+09:00',
    ...sharing('condition'),
  }
  const response = await put(tomorrow)
  expect(response.status).toBe(201)
  expect(await response.json()).toEqual(tomorrow)
  const registry = await readRegistry(t.db)
  expect(findPolicy(registry, 'minato', NOON)?.version).toBe(1)
  const later = findPolicy(registry, 'minato', new Date('2026-06-01T15:00:00Z'))
  expect(later).toMatchObject({ version: 2, document: { shared: ['condition'] } })
  expect(await t.db.$count(auditEntry, eq(auditEntry.kind, 'policy.recorded'))).toBe(4)
})

describe('refused whole', () => {
  test.each([
    ['an unknown element', { shares: [] }, ''],
    ['an item that is none', { shared: ['everything'] }, 'shared'],
    ['nothing shared', { shared: [] }, 'shared'],
    ['no row of the matrix', { viewing: [] }, 'viewing'],
    [
      'a profession that is none',
      { viewing: [{ ...DEFAULT_POLICY.viewing[0], professions: ['admin'] }] },
      'viewing',
    ],
    [
      'a form covering more than there is',
      { forms: { 'form-2025': { ...readAs('medical'), covers: 'everything' } } },
      'forms',
    ],
    ['a form named in capitals', { forms: { FORM: readAs('medical') } }, 'forms'],
    ['no days for a visit', { visits: { kinds: ['outpatient'], days: 0, keptDays: 400 } }, 'visits'],
    ['a version of nought', { version: 0 }, 'version'],
    ['a version that is a text', { version: '5' }, 'version'],
    ['no time', { effectiveFrom: undefined }, 'effectiveFrom'],
    ['a time without an offset', { effectiveFrom: '2026-06-02T00:00:00' }, 'effectiveFrom'],
    ['a decision without minutes', { decided: { body: '総会', on: '2026-04-01' } }, 'decided'],
    ['a time of another century', { effectiveFrom: '2126-06-02T00:00:00+09:00' }, 'effectiveFrom'],
    ['a row that names what is not shared', { shared: sharing('condition').shared }, 'viewing'],
    ['a decision of after it holds', { decided: { ...DEFAULT_POLICY.decided, on: '2026-06-02' } }, 'decided'],
    ['a reading of after it holds', { forms: { f: { ...readAs('medical'), on: '2026-06-02' } } }, 'forms'],
    ['minutes of spaces', { decided: { ...DEFAULT_POLICY.decided, minutes: '　 ' } }, 'decided'],
    ['the year nought', { effectiveFrom: '0000-01-01T00:00:00Z' }, 'effectiveFrom'],
  ])('422 for %s', async (_, changes, place) => {
    const before = await rowCounts(t.db)
    const response = await put({ ...policyFrom(), version: 5, ...changes })
    const outcome = (await response.json()) as { issue: [{ expression?: [string] }] }
    expect(response.status).toBe(422)
    expect(outcome.issue[0].expression?.[0]?.split('.')[0] ?? '').toBe(place)
    expect(await rowCounts(t.db)).toEqual(before)
  })
  test('422 with every fault by its place, in both languages, and none of the writer’s own words', async () => {
    const before = await rowCounts(t.db)
    const [row] = DEFAULT_POLICY.viewing
    const response = await put({
      ...policyFrom({ version: 5, effectiveFrom: '2026-05-31T12:00:00+09:00' }),
      viewing: [row, { ...row, posts: ['head'] }, { ...row, professions: ['shaman'] }],
      unvisited: 'perhaps',
      visits: { kinds: ['outpatient'], days: 400, keptDays: 30 },
      forms: { 'form-2025': { covers: 'medical' }, '汐見 花子': readAs('medical') },
      '汐見 太郎': true,
      deceasedDays: undefined,
    })
    const text = await response.text()
    expect(response.status).toBe(422)
    const { issue } = JSON.parse(text) as { issue: { expression?: string[]; details: { text: string } }[] }
    expect(issue.map(({ expression }) => expression?.[0])).toEqual([
      'viewing.2.professions.0',
      'unvisited',
      ...['forms.*.body', 'forms.*.on', 'forms.*.minutes', 'forms.*'],
      'deceasedDays',
      undefined,
      'viewing.1',
      'visits.keptDays',
      'effectiveFrom',
    ])
    for (const { details } of issue) expect(details.text).toMatch(/[ぁ-ん].*[A-Za-z]{3}/)
    expect(text).not.toMatch(/汐見|shaman|perhaps/)
    expect(await rowCounts(t.db)).toEqual(before)
  })
  test('409 for a version that is not higher than the newest', async () => {
    for (const version of [1, 2])
      await expectRefusal(await put(policyFrom({ version })), 409, 'version-stale')
  })
  test('401 unsigned, 401 signed by another region, 403 before the region is connected', async () => {
    const call = {
      method: 'PUT' as const,
      path: '/policy',
      body: JSON.stringify(policyFrom({ version: 9 })),
    }
    const bare = await t.send('minato', { ...call, authorization: undefined })
    await expectRefusal(bare, 401, 'token-missing')
    const foreign = await t.send('minato', { ...call, key: t.keys.shiokaze })
    await expectRefusal(foreign, 401, 'token-issuer')
    await t.db.transaction((tx) => setStage(tx, 'sagamino', 'registered', NOON))
    await expectRefusal(await t.send('sagamino', call), 403, 'stage-too-early')
  })
})

test('GET: a council’s versions as it signed them, for those it has an agreement with; a stranger’s is not there', async () => {
  await using t = await testHub()
  const body = JSON.stringify(policyFrom({ version: 2 }), undefined, 1)
  expect((await t.send('minato', { method: 'PUT', path: '/policy', body })).status).toBe(201)
  const read = (caller: RegionId, region: string) =>
    t.send(caller, { method: 'GET', path: `/policy?region=${region}` })
  const found = (await (await read('shiokaze', 'minato')).json()) as { policies: Record<string, string>[] }
  expect(found).toMatchObject({ region: 'minato', policies: [{ version: 2, text: body }] })
  const { claims } = await verifyToken(found.policies[0]?.request ?? '', {
    typ: 'tsunagi-request+jwt',
    schema: requestClaimsSchema,
    audience: t.url,
    now: new Date(NOON.getTime() + 86_400_000),
    keyOf: async () => ({ ...(await verifyingKey(t.keys.minato.publicJwk)), owner: 'minato' }),
    archived: true,
  })
  expect(claims).toMatchObject({ htm: 'PUT', htu: `${t.url}/policy`, bod: sha256(body) })
  const at = new Date(NOON.getTime() - 1_000)
  await t.db.transaction(async (tx) => {
    await endAgreement(tx, { asking: 'shiokaze', holding: 'minato' }, at)
    await endAgreement(tx, { asking: 'minato', holding: 'shiokaze' }, at)
  })
  expect((await read('shiokaze', 'minato')).status).toBe(404)
  expect((await read('shiokaze', 'nowhere')).status).toBe(404)
  expect((await read('minato', 'minato')).status).toBe(200)
})

test('a higher version replaces every lower one from its time on, one still to come too', async () => {
  const atHour = (hour: string) => `2026-06-03T${hour}:00:00+09:00`
  for (const [version, hour] of [
    [11, '09'],
    [12, '18'],
    [13, '12'],
  ] as const)
    expect((await put(policyFrom({ version, effectiveFrom: atHour(hour) }))).status).toBe(201)
  const registry = await readRegistry(t.db)
  const inForce = (hour: string) => findPolicy(registry, 'minato', new Date(atHour(hour)))?.version
  expect(['10', '13', '20'].map(inForce)).toEqual([11, 13, 13])
})

test('of ten policies of one version at once one is taken, and nine are told so', async () => {
  const policies = Array.from({ length: 10 }, (_, n) => ({
    ...policyFrom(),
    version: 7,
    decided: { ...DEFAULT_POLICY.decided, minutes: `第${n}号` },
  }))
  const answers = await Promise.all(policies.map((each) => put(each, 'shiokaze')))
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)])
})
