import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { keepTallies, type Readiness, readinessCsv } from '../../src/terminology/index.ts'
import { testHub } from '../support/test-hub.ts'

function corpus(name: string): string {
  const text = readFileSync(new URL(`../../fixtures/alignment/corpus/${name}.json`, import.meta.url), 'utf8')
  return JSON.stringify((JSON.parse(text) as { resource: object }).resource)
}

const LOCAL = 'https://minato.example/disease'
const local = (code: string) =>
  JSON.stringify({
    resourceType: 'Condition',
    id: 'c',
    code: { coding: [{ system: LOCAL, code }], text: '高血圧' },
    subject: { reference: 'Patient/1' },
  })

test('what a region gave is counted in another thread, and told to that region alone', async () => {
  await using t = await testHub()
  await using tallies = keepTallies(t.hub)
  const map = {
    resourceType: 'ConceptMap',
    url: 'https://minato.example/ConceptMap/disease',
    status: 'active',
    group: [
      {
        source: LOCAL,
        target: 'http://medis.or.jp/CodeSystem/master-disease-keyNumber',
        element: [{ code: 'D-1', target: [{ code: '20061593', equivalence: 'equal' }] }],
      },
    ],
  }
  await t.send('minato', { method: 'PUT', path: '/fhir/ConceptMap/d', body: JSON.stringify(map) })
  tallies.recordsGiven('minato', [
    corpus('condition/good-1.12.0'),
    corpus('condition/good-1.5.2'),
    corpus('condition/text-only-plain'),
    corpus('prescription/broken-hot-alone-1.5.2'),
    local('D-1'),
    local('D-2'),
    local('D-2'),
    local('これは名前です'),
    '{"resourceType":"Immunization","status":"completed","vaccineCode":{"text":"x"},"patient":{"reference":"Patient/1"},"occurrenceString":"x"}',
    'not JSON',
  ])
  await tallies.flush()
  const report = async (region: 'minato' | 'sagamino') =>
    (await (await t.send(region, { method: 'GET', path: '/readiness/alignment.json' })).json()) as Readiness
  const own = await report('minato')
  expect(own.records).toBe(10)
  expect(own.levels['national-conformant']).toEqual({ count: 2, share: 0.2 })
  const condition = own.items.find(({ item }) => item === 'condition')
  expect(condition?.records).toBe(7)
  expect(condition?.levels).toMatchObject({ 'national-conformant': { count: 2 }, readable: { count: 5 } })
  expect(own.items.find(({ item }) => item === 'unclassified')?.records).toBe(2)
  expect(own.rules).toContainEqual({ rule: 'R3010', records: 1 })
  expect(own.codes).toEqual({
    mapped: 4,
    unmapped: 3,
    coverage: 0.5714,
    top: [
      { system: LOCAL, code: 'D-2', records: 2 },
      { system: LOCAL, code: 'other', records: 1 },
    ],
  })
  expect(own.trend).toMatchObject([{ day: own.until, records: 10 }])
  // A share of nothing is no share.
  expect(await report('sagamino')).toMatchObject({
    region: 'sagamino',
    records: 0,
    levels: { 'national-conformant': { count: 0, share: null } },
    items: [],
    codes: { coverage: null },
    trend: [],
  })
  expect(JSON.stringify(own)).not.toContain('これは名前です')

  tallies.recordsGiven('minato', [corpus('condition/good-1.12.0')])
  await tallies.flush()
  expect((await report('minato')).levels['national-conformant'].count).toBe(3)
})

test('as CSV, which no spreadsheet runs', async () => {
  await using t = await testHub()
  await using tallies = keepTallies(t.hub)
  tallies.recordsGiven('minato', [corpus('condition/good-1.12.0')])
  await tallies.flush()
  const response = await t.send('minato', {
    method: 'GET',
    path: '/readiness/alignment.csv',
    headers: { accept: 'text/csv' },
  })
  expect(response.headers.get('content-type')).toContain('text/csv')
  const lines = (await response.text()).split('\r\n')
  expect(lines[0]).toBe('of,name,level,records,share')
  expect(lines).toContain('item,condition,national-conformant,1,1')
  const levels = Object.fromEntries(
    ['national-conformant', 'convertible', 'readable', 'nonconformant'].map((level) => [
      level,
      { count: 0, share: null },
    ]),
  ) as Readiness['levels']
  const report: Readiness = {
    region: 'x',
    from: '',
    until: '',
    records: 0,
    levels,
    items: [],
    trend: [],
    rules: [{ rule: '=1+1', records: 1 }],
    codes: { mapped: 0, unmapped: 0, coverage: null, top: [{ system: 'a"b', code: 'c,d', records: 1 }] },
  }
  expect(readinessCsv(report)).toContain('codes,mapped,,0,\r\n')
  expect(readinessCsv(report)).toContain("rule,'=1+1,,1,")
  expect(readinessCsv(report)).toContain('unmapped,"a""b|c,d",,1,')
})

test('anybody may open a network’s page; it says no small number, and nothing of a network that is none', async () => {
  await using t = await testHub()
  await using tallies = keepTallies(t.hub)
  tallies.recordsGiven('minato', [
    ...Array.from({ length: 12 }, () => corpus('condition/good-1.12.0')),
    ...Array.from({ length: 3 }, () => local('D-2')),
  ])
  await tallies.flush()
  const open = (path: string) => fetch(`${t.url}${path}`)
  const page = await open('/status/alignment/minato')
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  const html = await page.text()
  expect(html).toContain('>20</td><td class="number">10</td>')
  expect(html).toContain('&lt;10')
  expect(html).not.toContain('D-2')
  expect(await (await open('/status/alignment')).text()).toContain('/status/alignment/minato')
  expect((await open('/status/alignment/nowhere')).status).toBe(404)
})
