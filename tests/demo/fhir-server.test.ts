import type { Bundle, FhirResource } from 'fhir/r4.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FhirServer, startFhirServer } from '../../src/demo/fhir-server.ts'
import { buildWorld, type DemoRegistration, demoRegion } from '../../src/demo/world/index.ts'
import { present } from '../../src/kernel/must.ts'
import { parseJson } from '../../src/kernel/strict-json.ts'

const world = buildWorld({ residents: 200, today: new Date('2026-11-20T03:00:00Z') })
const [first] = world.registrations.filter((one) => one.region === 'minato')
const { patientId, localId }: DemoRegistration = present(first, 'minato has registrations')
const own = world.resourcesOf('minato')
const system = demoRegion('minato').patientSystem
let server: FhirServer

beforeAll(async () => {
  server = await startFhirServer({ resources: own })
})
afterAll(() => server.close())

const get = (path: string) => fetch(`${server.url}${path}`)
const post = (path: string, form: Record<string, string>) =>
  fetch(`${server.url}${path}`, { method: 'POST', body: new URLSearchParams(form) })
const bundleOf = async (response: Response) => (await response.json()) as Bundle
const subjectsOf = (bundle: Bundle) =>
  new Set(
    bundle.entry?.map(({ resource }) => (resource as { subject?: { reference: string } }).subject?.reference),
  )
const expected = (type: string) =>
  own.filter((one) => one.resourceType === type && JSON.stringify(one).includes(`"Patient/${patientId}"`))

test('the CapabilityStatement says FHIR 4.0.1', async () => {
  const response = await get('/metadata')
  expect(response.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8')
  expect(await response.json()).toMatchObject({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1' })
})

test('a patient is found by identifier and read by id', async () => {
  const found = await bundleOf(await get(`/Patient?identifier=${system}|${localId}`))
  expect(found).toMatchObject({ type: 'searchset', total: 1, entry: [{ resource: { id: patientId } }] })
  expect(await (await get(`/Patient/${patientId}`)).json()).toMatchObject({ id: patientId })
})

test('an unknown identifier finds nobody; an unknown id is a 404', async () => {
  expect(await bundleOf(await get(`/Patient?identifier=${system}|nobody`))).toMatchObject({ total: 0 })
  expect((await get('/Patient/nobody')).status).toBe(404)
})

test('GET and POST find the same resources of one patient, and only those', async () => {
  for (const type of [
    'AllergyIntolerance',
    'Condition',
    'MedicationRequest',
    'Observation',
    'DocumentReference',
  ]) {
    const got = await bundleOf(await get(`/${type}?patient=Patient/${patientId}`))
    const posted = await bundleOf(await post(`/${type}/_search`, { patient: `Patient/${patientId}` }))
    expect(got.total).toBe(expected(type).length)
    expect(posted.entry).toEqual(got.entry)
  }
  const conditions = await bundleOf(await get(`/Condition?subject=${patientId}`))
  expect(subjectsOf(conditions)).toEqual(new Set([`Patient/${patientId}`]))
})

test('a chained search by patient identifier resolves the patient first', async () => {
  const token = `${system}|${localId}`
  const found = await bundleOf(
    await post('/_search', { _type: 'Condition,Observation', 'patient.identifier': token }),
  )
  expect(found.total).toBe(expected('Condition').length + expected('Observation').length)
  expect(subjectsOf(found)).toEqual(new Set([`Patient/${patientId}`]))
})

test('other parameters narrow the result; one that is not known is refused, not answered with nothing', async () => {
  const laboratory = await bundleOf(await get(`/Observation?patient=${patientId}&category=laboratory`))
  const results = expected('Observation').filter((one) => JSON.stringify(one).includes('"code":"laboratory"'))
  expect(laboratory.total).toBe(results.length)
  expect((await bundleOf(await get(`/Observation?patient=${patientId}&category=imaging`))).total).toBe(0)
  expect((await get(`/Condition?patient=${patientId}&patient.name=x`)).status).toBe(400)
})

test('pages follow each other to the end without a gap', async () => {
  const seen: string[] = []
  let next: string | undefined = `${server.url}/Condition?_count=40&_sort=-_lastUpdated`
  while (next !== undefined) {
    const page = await bundleOf(await fetch(next))
    seen.push(
      ...(page.entry ?? []).map(({ resource }) => present(resource?.id, 'a served resource has its id')),
    )
    next = page.link?.find(({ relation }) => relation === 'next')?.url
  }
  const all = own.filter(({ resourceType }) => resourceType === 'Condition')
  expect(new Set(seen).size).toBe(all.length)
  expect(seen).toHaveLength(all.length)
})

test('the text of each resource is served as it was written, decimals and all', async () => {
  const text = await (await get(`/Observation?patient=${patientId}`)).text()
  parseJson(text)
  for (const resource of expected('Observation')) expect(text).toContain(JSON.stringify(resource))
  expect(text).toContain('"value":7.10,')
})

test('a document beside its reference is read as a Binary', async () => {
  const binary = present(own.find(isBinary), 'some referrals have their text in a Binary')
  expect(await (await get(`/Binary/${binary.id}`)).json()).toEqual(binary)
})

test('nothing is written, and no other type or path is served', async () => {
  expect((await fetch(`${server.url}/Patient`, { method: 'POST', body: '{}' })).status).toBe(405)
  expect((await fetch(`${server.url}/Patient/${patientId}`, { method: 'DELETE' })).status).toBe(405)
  expect((await get('/Practitioner')).status).toBe(404)
  expect((await fetch(server.url.replace('/fhir', '/other'))).status).toBe(404)
})

test('a search form must be a form, and a short one', async () => {
  const json = await fetch(`${server.url}/Condition/_search`, { method: 'POST', body: '{}' })
  expect(json.status).toBe(415)
  expect((await post('/Condition/_search', { patient: 'x'.repeat(20_000) })).status).toBe(413)
})

function isBinary(resource: FhirResource): resource is Extract<FhirResource, { resourceType: 'Binary' }> {
  return resource.resourceType === 'Binary'
}
