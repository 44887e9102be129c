import { describe, expect, test } from 'vitest'
import { type RegionId, type TestHub, testHub } from '../support/test-hub.ts'
import { auditedDetails } from './audited.ts'
import { codeOf } from './index-app.ts'
import { HANAKO, patientOf, type ResidentRecord } from './resident.ts'

const FORM = 'application/x-www-form-urlencoded'
const MINATO = 'urn:oid:2.999.14.1.1'
const SAGAMINO = 'urn:oid:2.999.14.1.2'

interface Bundle {
  total: number
  link: { relation: string; url: string }[]
  entry?: {
    fullUrl?: string
    resource: { resourceType: string; id?: string; meta?: object }
    search: { mode: string }
  }[]
}

async function feed(
  t: TestHub,
  region: RegionId,
  localId: string,
  record: ResidentRecord = {},
  changes: object = {},
) {
  const system = region === 'minato' ? MINATO : SAGAMINO
  const body = JSON.stringify({
    ...patientOf({ ...HANAKO, ...record }, { system, value: localId }),
    ...changes,
  })
  const path = `/fhir/Patient?identifier=${encodeURIComponent(`${system}|${localId}`)}`
  const response = await t.send(region, { method: 'PUT', path, body })
  if (response.status >= 300) throw new Error(await response.text())
}

const get = (t: TestHub, query: string, headers?: Record<string, string>) =>
  t.send('minato', { method: 'GET', path: `/fhir/Patient${query}`, ...(headers && { headers }) })

async function idsOf(response: Response): Promise<(string | undefined)[]> {
  expect(response.status).toBe(200)
  const { entry = [] } = (await response.json()) as Bundle
  return entry.filter(({ search }) => search.mode === 'match').map(({ resource }) => resource.id)
}

const search = async (t: TestHub, parameters: Record<string, string>) =>
  idsOf(await get(t, `?${new URLSearchParams(parameters)}`))

/** A few residents of minato, and one of sagamino who is like the first. */
async function residents() {
  const t = await testHub()
  await feed(t, 'minato', 'M-1')
  await feed(t, 'minato', 'M-2', {
    given: '太郎',
    givenKana: 'タロウ',
    gender: 'male',
    birthDate: '1990-08-09',
  })
  await feed(t, 'minato', 'M-3', {
    family: '高山',
    familyKana: 'タカヤマ',
    birthDate: '1961-02-28',
    phone: '045-000-0001',
  })
  await feed(t, 'minato', 'M-4', { family: '佐藤', familyKana: 'サトウ', birthDate: '1961' })
  await feed(t, 'sagamino', 'S-1')
  return t
}

describe('finds', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['an own identifier', { identifier: `${MINATO}|M-2` }, ['M-2']],
    ['one of several identifiers', { identifier: `${MINATO}|M-2,${MINATO}|M-3` }, ['M-2', 'M-3']],
    ['a resource id', { _id: 'M-4' }, ['M-4']],
    [
      'the beginning of a family name in kanji, whatever its variant',
      { family: '高' },
      ['M-1', 'M-2', 'M-3'],
    ],
    ['the same in kana of any width', { family: 'ﾀｶﾊｼ' }, ['M-1', 'M-2']],
    ['the same in hiragana', { family: 'たかは' }, ['M-1', 'M-2']],
    ['family name and sex', { family: '高橋', gender: 'female' }, ['M-1']],
    ['birth date and family name', { family: 'タカ', birthdate: '1961-02-28' }, ['M-3']],
    ['a month of birth', { birthdate: '1961-02' }, ['M-1', 'M-3']],
    ['a year of birth, also where no more is known', { birthdate: '1961' }, ['M-1', 'M-3', 'M-4']],
    ['a period of birth', { birthdate: 'ge1985-01-01' }, ['M-2']],
    ['a family name to the letter', { 'family:exact': '髙橋' }, ['M-1', 'M-2']],
    ['no other spelling of it', { 'family:exact': '高橋' }, []],
    ['what a given name contains', { family: '高', 'given:contains': 'ナ' }, ['M-1', 'M-3']],
    ['a given name', { family: '高橋', given: '太郎' }, ['M-2']],
    ['either of two given names', { family: '高橋', given: '太郎,花子' }, ['M-1', 'M-2']],
    ['a telephone number, however it is written', { birthdate: '1961', telecom: '(045)000-0001' }, ['M-3']],
    ['a postal code', { family: '高橋', 'address-postalcode': '2209911' }, ['M-1', 'M-2']],
    ['no other', { family: '高橋', 'address-postalcode': '259' }, []],
    ['what an address contains', { birthdate: '1961-02-03', 'address:contains': '北岬' }, ['M-1']],
    ['nobody', { family: '渡辺' }, []],
    ['nobody of another region', { identifier: `${MINATO}|S-1` }, []],
  ])('by %s', async (_, parameters, ids) => {
    await using t = await residents()
    expect(await search(t, parameters)).toEqual(ids)
    const body = new URLSearchParams(parameters).toString()
    const posted = await t.send('minato', {
      method: 'POST',
      path: '/fhir/Patient/_search',
      body,
      contentType: FORM,
    })
    expect(await idsOf(posted)).toEqual(ids)
  })
})

test('the resource comes as it was sent, decimals to the letter, with the hub’s id and version', async () => {
  await using t = await testHub()
  const extension = [{ url: 'urn:x', valueDecimal: 0 }]
  const system = MINATO
  const sent = JSON.stringify({ ...patientOf(HANAKO, { system, value: 'M_1' }), id: 'their-own', extension })
  const path = `/fhir/Patient?identifier=${encodeURIComponent(`${system}|M_1`)}`
  const body = sent.replace('"valueDecimal":0', '"valueDecimal":7.10')
  expect((await t.send('minato', { method: 'PUT', path, body })).status).toBe(201)
  const text = await (await get(t, `?identifier=${encodeURIComponent(`${MINATO}|M_1`)}`)).text()
  expect(text).toContain('"valueDecimal":7.10')
  const [entry] = (JSON.parse(text) as Bundle).entry ?? []
  expect(entry?.resource).toMatchObject({ id: 'x.4d5f31', meta: { versionId: '1' } })
  expect(entry?.fullUrl).toBe(`${t.url}/fhir/Patient/x.4d5f31`)
  const read = await get(t, '/x.4d5f31')
  expect([read.status, read.headers.get('etag')]).toEqual([200, 'W/"1"'])
  expect(await read.text()).toContain('"valueDecimal":7.10')
  for (const id of ['x.4d5f32', 'x.zz', 'M-9']) {
    const unknown = await get(t, `/${id}`)
    expect([unknown.status, await codeOf(unknown)]).toEqual([404, 'resource-unknown'])
  }
})

test('a merged registration is found as what it is', async () => {
  await using t = await residents()
  const link = [{ type: 'replaced-by', other: { identifier: { system: MINATO, value: 'M-2' } } }]
  await feed(t, 'minato', 'M-1', {}, { active: false, link })
  const found = await get(t, `?identifier=${encodeURIComponent(`${MINATO}|M-1`)}`)
  expect(await found.json()).toMatchObject({
    entry: [{ resource: { active: false, link: [{ type: 'replaced-by' }] } }],
  })
  expect(await search(t, { family: '高橋', active: 'true' })).toEqual(['M-2'])
})

test('pages: links lead through all, and name nothing of a body', async () => {
  await using t = await residents()
  const first = (await (await get(t, '?family=%E9%AB%98&_count=2')).json()) as Bundle
  expect([first.total, first.entry?.length]).toEqual([3, 2])
  const next = first.link.find(({ relation }) => relation === 'next')?.url ?? ''
  const path = next.slice(t.url.length)
  expect(await idsOf(await t.send('minato', { method: 'GET', path }))).toEqual(['M-3'])
  const body = new URLSearchParams({ family: '高', _count: '2' }).toString()
  const posted = (await (
    await t.send('minato', { method: 'POST', path: '/fhir/Patient/_search', body, contentType: FORM })
  ).json()) as Bundle
  const again = posted.link.find(({ relation }) => relation === 'next')?.url ?? ''
  expect(again).toBe(`${t.url}/fhir/Patient/_search?_offset=2`)
  const rest = await t.send('minato', {
    method: 'POST',
    path: again.slice(t.url.length),
    body,
    contentType: FORM,
  })
  expect(await idsOf(rest)).toEqual(['M-3'])
  const none = (await (await get(t, '?family=%E9%AB%98&_count=0')).json()) as Bundle
  expect([none.total, none.entry]).toEqual([3, undefined])
})

test('an unknown parameter is ignored and said to be, unless the caller asks for strictness', async () => {
  await using t = await residents()
  const lenient = (await (await get(t, '?family=%E9%AB%98&shoe-size=9')).json()) as Bundle
  expect(lenient.total).toBe(3)
  expect(lenient.entry?.at(-1)).toMatchObject({
    resource: { resourceType: 'OperationOutcome', issue: [{ severity: 'warning', code: 'not-supported' }] },
    search: { mode: 'outcome' },
  })
  expect(lenient.link[0]?.url).not.toContain('shoe-size')
  const strict = await get(t, '?family=%E9%AB%98&shoe-size=9', { prefer: 'handling=strict' })
  expect([strict.status, await codeOf(strict)]).toEqual([400, 'parameter-unsupported'])
})

describe('the ids that are wanted in other domains', () => {
  const wanted = (system: string) =>
    `?family=%E9%AB%98%E6%A9%8B&identifier=${encodeURIComponent(`${system}|`)}`

  test('a known domain: the own patients, and no other region’s id', async () => {
    await using t = await residents()
    const response = await get(t, wanted(SAGAMINO))
    const text = await response.text()
    expect((JSON.parse(text) as Bundle).total).toBe(2)
    expect(text).not.toContain('S-1')
    expect(await idsOf(await get(t, wanted(MINATO)))).toEqual(['M-1', 'M-2'])
  })

  test('404 for one that is unknown, with the outcome of the profile', async () => {
    await using t = await residents()
    const response = await get(t, wanted('urn:oid:2.999.9'))
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({
      issue: [{ severity: 'warning', code: 'not-found', diagnostics: 'targetSystem not found' }],
    })
  })
})

describe('refused, and on the record', () => {
  test.each([
    ['400 for nothing that is indexed', '?gender=female', 400, 'search-too-broad'],
    ['400 for no condition at all', '', 400, 'search-too-broad'],
    ['400 for what a family name contains, alone', '?family:contains=%E6%A9%8B', 400, 'search-too-broad'],
    [
      '403 for an id in another region’s domain',
      `?identifier=${encodeURIComponent(`${SAGAMINO}|S-1`)}`,
      403,
      'foreign-patient-domain',
    ],
  ])('%s', async (_, query, status, code) => {
    await using t = await residents()
    const response = await get(t, query)
    expect([response.status, await codeOf(response)]).toEqual([status, code])
    expect(await auditedDetails(t.db, 'index.query')).toMatchObject([
      { asked: 'search', shown: [], refused: code },
    ])
  })

  test.each([
    '?family:missing=true',
    '?birthdate=sa1961',
    '?birthdate=1961-2',
    '?gender=f',
    '?_count=x',
    '?family=',
    '?family=a&_offset=-1',
    '?active=maybe',
    `?family=${'x'.repeat(301)}`,
  ])('400 for %.40s', async (query) => {
    await using t = await testHub()
    const response = await get(t, query)
    expect([response.status, await codeOf(response)]).toEqual([400, 'parameter-unsupported'])
  })

  test('401 unsigned, 406 for another format', async () => {
    await using t = await testHub()
    const path = '/fhir/Patient?family=a'
    expect((await t.send('minato', { method: 'GET', path, authorization: undefined })).status).toBe(401)
    expect((await get(t, '?family=a&_format=xml')).status).toBe(406)
  })
})

test('on the record is who was shown and by which parameters, never their values', async () => {
  await using t = await residents()
  await search(t, { family: '高橋', gender: 'female' })
  const details = await auditedDetails(t.db, 'index.query')
  expect(details).toEqual([{ region: 'minato', asked: 'search', by: ['family', 'gender'], shown: ['M-1'] }])
})
