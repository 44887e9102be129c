import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditEntry } from '../../src/audit/tables.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { type RegionId, type TestHub, testHub } from '../support/test-hub.ts'

let t: TestHub
beforeAll(async () => {
  t = await testHub()
})
afterAll(() => t[Symbol.asyncDispose]())

const LOCAL = 'https://minato.example/disease'
const MEDIS = 'http://medis.or.jp/CodeSystem/master-disease-keyNumber'
const mapOf = (changes: object = {}, equivalence = 'equivalent') => ({
  resourceType: 'ConceptMap',
  url: 'https://minato.example/ConceptMap/disease',
  version: '3',
  status: 'active',
  group: [
    {
      source: LOCAL,
      target: MEDIS,
      element: [{ code: 'D-88', target: [{ code: '20061593', display: '高血圧症', equivalence }] }],
    },
  ],
  ...changes,
})
const put = (map: unknown, id = 'disease', region: RegionId = 'minato') =>
  t.send(region, { method: 'PUT', path: `/fhir/ConceptMap/${id}`, body: JSON.stringify(map) })
const translate = (query: Record<string, string>, region: RegionId = 'minato') =>
  t.send(region, { method: 'GET', path: `/fhir/ConceptMap/$translate?${new URLSearchParams(query)}` })

interface Answer {
  parameter: {
    name: string
    valueBoolean?: boolean
    part?: { valueCode?: string; valueUri?: string; valueCoding?: object }[]
  }[]
}
const matches = async (response: Response) =>
  ((await response.json()) as Answer).parameter
    .filter(({ name }) => name === 'match')
    .map(({ part = [] }) => ({
      ...part[1]?.valueCoding,
      equivalence: part[0]?.valueCode,
      by: part[2]?.valueUri,
    }))

test('201, to the letter; it is on the record and $translate names it', async () => {
  const response = await put(mapOf())
  expect(response.status).toBe(201)
  expect(await response.json()).toEqual(mapOf())
  expect(await (await t.send('minato', { method: 'GET', path: '/fhir/ConceptMap/disease' })).json()).toEqual(
    mapOf(),
  )
  expect(await t.db.$count(auditEntry, eq(auditEntry.kind, 'codes.recorded'))).toBe(1)
  expect(await matches(await translate({ system: LOCAL, code: 'D-88', targetsystem: MEDIS }))).toEqual([
    {
      system: MEDIS,
      code: '20061593',
      display: '高血圧症',
      equivalence: 'equivalent',
      by: 'https://minato.example/ConceptMap/disease|3',
    },
  ])
})

test('another region neither reads it nor translates by it', async () => {
  await put(mapOf())
  await expectRefusal(
    await t.send('sagamino', { method: 'GET', path: '/fhir/ConceptMap/disease' }),
    404,
    'resource-unknown',
  )
  const answer = (await (await translate({ system: LOCAL, code: 'D-88' }, 'sagamino')).json()) as Answer
  expect(answer.parameter).toEqual([{ name: 'result', valueBoolean: false }])
})

test('a map under the same id takes the place of the one before', async () => {
  const of = (code: string) =>
    mapOf({
      group: [
        {
          source: LOCAL,
          target: MEDIS,
          element: [{ code, target: [{ code: '20054178', equivalence: 'equal' }] }],
        },
      ],
    })
  await put(of('D-7'), 'changing')
  expect((await put(of('D-8'), 'changing')).status).toBe(201)
  expect(await matches(await translate({ system: LOCAL, code: 'D-7' }))).toEqual([])
  expect(await matches(await translate({ system: LOCAL, code: 'D-8', targetsystem: MEDIS }))).toMatchObject([
    { code: '20054178' },
  ])
})

test('what is only wider is told as that, and leads nowhere else', async () => {
  const wider = mapOf({
    group: [
      {
        source: 'https://minato.example/drug',
        target: 'http://medis.or.jp/CodeSystem/master-HOT9',
        element: [{ code: 'X', target: [{ code: '121431401', equivalence: 'wider' }] }],
      },
    ],
  })
  await put(wider, 'wider')
  expect(await matches(await translate({ system: 'https://minato.example/drug', code: 'X' }))).toEqual([
    {
      system: 'http://medis.or.jp/CodeSystem/master-HOT9',
      code: '121431401',
      equivalence: 'wider',
      by: expect.stringContaining('minato'),
    },
  ])
})

describe('national systems by their present and older names, and the project’s own maps', () => {
  test.each([
    ['urn:oid:1.2.392.200119.4.101.2', '20061593', MEDIS, '20061593', 'oid-url'],
    [MEDIS, '20061593', 'urn:oid:1.2.392.200119.4.101.2', '20061593', 'url-oid'],
    [
      'urn:oid:1.2.392.200119.4.504',
      '3A015000002327101',
      'http://jpfhir.jp/fhir/clins/CodeSystem/JLAC10/JP_CLINS_ObsLabResult_CoreLabo_CS',
      '3A015000002327101',
      'jlac10-group',
    ],
    [
      'http://medis.or.jp/CodeSystem/master-HOT9',
      '121431401',
      'http://capstandard.jp/iyaku.info/CodeSystem/YJ-code',
      '2171022F6276',
      'hot9-yj',
    ],
    [
      'http://jpfhir.jp/fhir/core/CodeSystem/YCM/JP_JfagyMedicationAllergen_CS',
      'YCM1149019F1560',
      'http://jpfhir.jp/fhir/core/CodeSystem/GCM/JP_JfagyMedicationAllergen_CS',
      'GCM1149019F1ZZZ',
      'jfagy-ingredient',
    ],
    [
      'http://jpfhir.jp/fhir/clins/CodeSystem/document-section',
      '362',
      'http://jpfhir.jp/fhir/clins/CodeSystem/document-section',
      '360',
      'section-1.5.4',
    ],
    [
      'http://hl7.org/fhir/sid/icd-10',
      'I10',
      'http://jpfhir.jp/fhir/core/mhlw/CodeSystem/ICD10-2013-full',
      'I10',
      'oid-url',
    ],
  ])('%s %s → %s', async (system, code, targetsystem, wanted, by) => {
    const found = await matches(await translate({ system, code, targetsystem }))
    expect(found).toMatchObject([
      { system: targetsystem, code: wanted, by: `https://tsunagi.example/ConceptMap/${by}` },
    ])
  })
})

describe('refused whole, with the place of the fault', () => {
  test.each([
    ['a draft', mapOf({ status: 'draft' }), 'ConceptMap.status'],
    ['no address', mapOf({ url: undefined }), 'ConceptMap.url'],
    ['no group', mapOf({ group: [] }), 'ConceptMap.group'],
    [
      'an equivalence that is none',
      mapOf({}, 'same'),
      'ConceptMap.group[0].element[0].target[0].equivalence',
    ],
    [
      'a rule for what is not mapped',
      mapOf({ group: [{ ...mapOf().group[0], unmapped: { mode: 'provided' } }] }),
      'ConceptMap.group[0]',
    ],
    [
      'something that changes its meaning',
      mapOf({ modifierExtension: [{ url: 'https://x.example', valueBoolean: true }] }),
      'ConceptMap',
    ],
    ['another resource', { resourceType: 'ValueSet' }, 'ConceptMap.resourceType'],
  ])('%s', async (_name, map, at) => {
    const refused = await put(map, 'bad')
    const text = await refused.clone().text()
    await expectRefusal(refused, 422, 'resource-invalid')
    expect(JSON.parse(text)).toMatchObject({ issue: [{ expression: [at] }] })
    await expectRefusal(
      await t.send('minato', { method: 'GET', path: '/fhir/ConceptMap/bad' }),
      404,
      'resource-unknown',
    )
  })

  test('a question that is none', async () => {
    await expectRefusal(await translate({ system: LOCAL }), 400, 'parameter-unsupported')
    await expectRefusal(
      await translate({ system: LOCAL, code: 'x', reverse: 'true' }),
      400,
      'parameter-unsupported',
    )
  })

  test('nobody without a signed request', async () => {
    await expectRefusal(await fetch(`${t.url}/fhir/ConceptMap/disease`), 401, 'token-missing')
  })
})

describe('the catalogue of shared items', () => {
  const open = async (path: string) => (await fetch(t.url + path)).json()

  test('is a CodeSystem that anybody may read', async () => {
    const system = (await open('/fhir/CodeSystem/item')) as {
      concept: { code: string; display: string; property: object[] }[]
      count: number
    }
    expect(system.concept).toHaveLength(system.count)
    const condition = system.concept.find(({ code }) => code === 'condition')
    expect(condition).toMatchObject({ display: '傷病名' })
    expect(condition?.property).toContainEqual({ code: 'national', valueString: '傷病名（6情報）' })
    const plan = system.concept.find(({ code }) => code === 'care-plan')
    expect(JSON.stringify(plan)).not.toMatch(/clins|"national"/i)
  })

  test('has ValueSets of its groups', async () => {
    const national = (await open('/fhir/ValueSet/item-national')) as {
      compose: { include: { concept: object[] }[] }
    }
    expect(national.compose.include[0]?.concept).toHaveLength(9)
    await expectRefusal(await fetch(`${t.url}/fhir/ValueSet/item-none`), 404, 'resource-unknown')
  })
})
