import { describe, expect, test } from 'vitest'
import { registration } from '../../src/identity/tables.ts'
import { type TestHub, testHub } from '../support/test-hub.ts'
import { auditedDetails } from './audited.ts'
import { codeOf } from './index-app.ts'
import { HANAKO, patientOf, type ResidentRecord } from './resident.ts'

const MINATO = 'urn:oid:2.999.14.1.1'
const SAGAMINO = 'urn:oid:2.999.14.1.2'

async function feed(
  t: TestHub,
  localId: string,
  record: ResidentRecord = {},
  region: 'minato' | 'sagamino' = 'minato',
) {
  const system = region === 'minato' ? MINATO : SAGAMINO
  const body = JSON.stringify(patientOf({ ...HANAKO, ...record }, { system, value: localId }))
  const path = `/fhir/Patient?identifier=${encodeURIComponent(`${system}|${localId}`)}`
  const response = await t.send(region, { method: 'PUT', path, body })
  if (response.status >= 300) throw new Error(await response.text())
}

interface Answer {
  total: number
  entry?: {
    resource: { resourceType: string; id?: string; issue?: object[] }
    search: { mode: string; score?: number; extension?: [{ url: string; valueCode: string }] }
  }[]
}

const send = (t: TestHub, body: object) =>
  t.send('minato', { method: 'POST', path: '/fhir/Patient/$match', body: JSON.stringify(body) })

async function match(t: TestHub, record: ResidentRecord = {}, parameters: object[] = []): Promise<Answer> {
  const resource = patientOf({ ...HANAKO, ...record })
  const response = await send(t, {
    resourceType: 'Parameters',
    parameter: [{ name: 'resource', resource }, ...parameters],
  })
  expect(response.status).toBe(200)
  return (await response.json()) as Answer
}

const graded = ({ entry = [] }: Answer) =>
  entry
    .filter(({ search }) => search.mode === 'match')
    .map(({ resource, search }) => [resource.id, search.extension?.[0].valueCode])

const ELSEWHERE = {
  address: '神奈川県汐凪市白砂5丁目6番7号',
  postalCode: '259-9911',
  phone: null,
  insured: null,
}
const onlyCertain = { name: 'onlyCertainMatches', valueBoolean: true }
const onlySingle = { name: 'onlySingleMatch', valueBoolean: true }

test('the one whom a rule gives is certain; entries carry score and grade, the best first', async () => {
  await using t = await testHub()
  await feed(t, 'M-1')
  await feed(t, 'M-2', { ...ELSEWHERE })
  const answer = await match(t)
  expect(graded(answer)).toEqual([
    ['M-1', 'certain'],
    ['M-2', 'possible'],
  ])
  const scores = (answer.entry ?? []).map(({ search }) => search.score ?? -1)
  expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  for (const score of scores) expect(score).toBeGreaterThanOrEqual(0)
  expect(Math.max(...scores)).toBeLessThanOrEqual(1)
  expect(answer.entry?.[0]?.search.extension?.[0].url).toBe(
    'http://hl7.org/fhir/StructureDefinition/match-grade',
  )
  expect(graded(await match(t, {}, [onlyCertain]))).toEqual([['M-1', 'certain']])
  expect(graded(await match(t, {}, [{ name: 'count', valueInteger: 1 }]))).toEqual([['M-1', 'certain']])
})

describe('certain is nobody', () => {
  test('when two people qualify, who cannot be shown to be one', async () => {
    await using t = await testHub()
    await feed(t, 'M-1', { insured: null, phone: null })
    await feed(t, 'M-2', { ...ELSEWHERE, phone: '070-0000-0001' })
    const answer = await match(t, { insured: null })
    expect(graded(answer).map(([, grade]) => grade)).toEqual(['probable', 'probable'])
    expect(await match(t, { insured: null }, [onlyCertain])).toMatchObject({ total: 0 })
    const single = await match(t, { insured: null }, [onlySingle])
    expect(graded(single)).toEqual([])
    expect(single.entry).toMatchObject([
      {
        resource: { issue: [{ severity: 'warning', code: 'multiple-matches' }] },
        search: { mode: 'outcome' },
      },
    ])
  })

  test('when a veto speaks against a registration of the same person', async () => {
    await using t = await testHub()
    await feed(t, 'M-1', { given: null })
    await feed(t, 'M-2', { given: '華子' })
    expect(graded(await match(t, { given: '花子' })).map(([, grade]) => grade)).not.toContain('certain')
  })

  test('of twins whose given names differ, and of another sex', async () => {
    await using t = await testHub()
    await feed(t, 'M-1', { given: '春子', givenKana: 'ハルコ' })
    await feed(t, 'M-2', { gender: 'male' })
    expect(graded(await match(t)).filter(([, grade]) => grade === 'certain')).toEqual([])
  })

  test('when too many are alike to compare them all', async () => {
    await using t = await testHub()
    await feed(t, 'M-1')
    const [row] = await t.db.select().from(registration)
    const filler = Array.from({ length: 300 }, (_, at) => ({
      ...(row as NonNullable<typeof row>),
      localId: `F-${at}`,
    }))
    await t.db.insert(registration).values(filler)
    const answer = await match(t)
    expect(graded(answer).map(([, grade]) => grade)).not.toContain('certain')
    expect(answer.entry?.at(-1)).toMatchObject({
      resource: { issue: [{ severity: 'warning', code: 'too-costly' }] },
    })
  })
})

test('two registrations of one person are both certain, and one of them is a single match', async () => {
  await using t = await testHub()
  await feed(t, 'M-1')
  await feed(t, 'M-2', { phone: null })
  expect(graded(await match(t))).toMatchObject([
    [expect.any(String), 'certain'],
    [expect.any(String), 'certain'],
  ])
  expect(graded(await match(t, {}, [onlySingle]))).toHaveLength(1)
})

test('a wrong digit in the birth date is found by the name, and is not certain', async () => {
  await using t = await testHub()
  await feed(t, 'M-1')
  const [first] = graded(await match(t, { birthDate: '1961-02-08' }))
  expect(first?.[0]).toBe('M-1')
  expect(first?.[1]).not.toBe('certain')
})

test('nobody of another region is told of, nor anybody who rests', async () => {
  await using t = await testHub()
  await feed(t, 'S-1', {}, 'sagamino')
  expect(await match(t)).toEqual({ resourceType: 'Bundle', type: 'searchset', total: 0 })
})

test('the Patient may come alone, and nothing of it is kept', async () => {
  await using t = await testHub()
  await feed(t, 'M-1')
  const response = await send(t, patientOf(HANAKO))
  expect(graded((await response.json()) as Answer)).toEqual([['M-1', 'certain']])
  expect(await t.db.select().from(registration)).toHaveLength(1)
  expect(await auditedDetails(t.db, 'index.query')).toEqual([
    { region: 'minato', asked: 'match', by: [], shown: ['M-1'] },
  ])
})

test.each([
  ['no Patient', []],
  ['two Patients', [1, 2].map(() => ({ name: 'resource', resource: patientOf(HANAKO) }))],
  [
    'an unknown parameter',
    [
      { name: 'resource', resource: patientOf(HANAKO) },
      { name: 'fuzzy', valueBoolean: true },
    ],
  ],
  [
    'a count of nothing',
    [
      { name: 'resource', resource: patientOf(HANAKO) },
      { name: 'count', valueInteger: 0 },
    ],
  ],
])('422 for %s', async (_, parameter) => {
  await using t = await testHub()
  const response = await send(t, { resourceType: 'Parameters', parameter })
  expect([response.status, await codeOf(response)]).toEqual([422, 'resource-invalid'])
})
