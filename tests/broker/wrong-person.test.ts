import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { capturedLog } from '../support/captured-log.ts'
import { SYSTEM_OF, type TestHub } from '../support/test-hub.ts'
import { allergy, askWhile, HONEST, records, threeRegions } from './ask-three.ts'

/** Cases E15, E16 and E33: one record that is not about the person condemns all that the region sent. */
const { log, lines } = capturedLog()
let t: TestHub
beforeAll(async () => {
  t = await threeRegions({ log })
})
afterAll(() => t[Symbol.asyncDispose]())

const OTHER = { reference: 'Patient/q' }
const OWN = { reference: 'Patient/p' }
const own = allergy('own', { code: { text: '本人の記録' } })

function record(changes: object): string {
  return JSON.stringify({
    resourceType: 'Condition',
    id: 'c1',
    code: { text: '他人の記録' },
    subject: OWN,
    ...changes,
  })
}

async function expectCondemned(...resources: string[]): Promise<void> {
  lines.length = 0
  const { text, states, bundle } = await askWhile(t, { resources })
  expect(states).toEqual({ minato: 'wrong-person', sagamino: 'complete' })
  expect(text).toContain(HONEST)
  expect(text).not.toMatch(/本人の記録|他人の記録/)
  expect(bundle.meta.tag[0].code).toBe('partial')
  expect(text).toContain('別人の記録が含まれたため破棄しました')
  const [release] = (await records(t, 'query.release')).slice(-1)
  expect(release?.sources).toMatchObject([{ region: 'minato', state: 'wrong-person', count: 0 }, {}])
  const alarms = lines.filter((line) => line.includes('source.wrong-person'))
  expect(alarms).toHaveLength(1)
  expect(alarms[0]).toMatch(/"level":"error".*"region":"minato"/)
  expect(alarms[0]).not.toMatch(/記録|Patient\/|m-1/)
}

test('every record is another person’s', () =>
  expectCondemned(record({ subject: OTHER }), record({ id: 'c2', subject: OTHER })))

test('one of two hundred is, wherever it stands', async () => {
  const two = (at: number) =>
    Array.from({ length: 200 }, (_, n) => (n === at ? record({ subject: OTHER }) : allergy(`a${n}`)))
  for (const at of [0, 100, 199]) await expectCondemned(...two(at))
})

describe('one record beside the person’s own', () => {
  test.each<[string, object]>([
    ['without a subject', { subject: undefined }],
    ['whose subject is null', { subject: null }],
    ['whose subject is a text', { subject: 'Patient/p' }],
    ['whose subject is a list', { subject: [OWN] }],
    ['whose subject is only displayed', { subject: { display: '汐見 花子' } }],
    [
      'whose subject is only identified',
      { subject: { identifier: { system: SYSTEM_OF.minato, value: 'm-1' } } },
    ],
    [
      'whose reference is also another’s identifier',
      { subject: { ...OWN, identifier: { system: SYSTEM_OF.minato, value: 'm-2' } } },
    ],
    [
      'whose identifier cannot be read',
      { subject: { ...OWN, identifier: [{ system: SYSTEM_OF.minato, value: 'm-2' }] } },
    ],
    ['whose reference differs in case', { subject: { reference: 'patient/P' } }],
    ['whose reference only begins alike', { subject: { reference: 'Patient/p2' } }],
    ['whose reference is a version', { subject: { reference: 'Patient/p/_history/1' } }],
    [
      'whose reference is at another server',
      { subject: { reference: 'https://other.example/fhir/Patient/p' } },
    ],
    ['whose reference has a fragment', { subject: { reference: 'Patient/p#q' } }],
    [
      'whose reference is to what it contains',
      { subject: { reference: '#p' }, contained: [{ resourceType: 'Patient', id: 'p' }] },
    ],
    ['whose subject is a group', { subject: { reference: 'Group/p' } }],
    ['whose patient is another, though its subject is right', { patient: OTHER }],
    [
      'that contains a Patient',
      { contained: [{ resourceType: 'Patient', id: 'x', name: [{ text: '別人' }] }] },
    ],
    [
      'that contains another’s observation',
      { contained: [{ resourceType: 'Observation', id: 'x', subject: OTHER }] },
    ],
    ['that contains what is no list', { contained: { resourceType: 'Patient' } }],
    ['that contains what is no resource', { contained: ['Patient'] }],
    ['with another’s subject deep inside', { stage: [{ extension: [{ subject: OTHER }] }] }],
  ])('%s', (_, changes) => expectCondemned(own, record(changes)))

  test('a document whose source patient is another', () =>
    expectCondemned(
      own,
      JSON.stringify({
        resourceType: 'DocumentReference',
        id: 'd1',
        type: { coding: [{ system: 'http://loinc.org', code: '57133-1' }], text: '他人の記録' },
        subject: OWN,
        context: { sourcePatientInfo: OTHER },
      }),
    ))
})

test('the gateway names another patient in its receipt than the records refer to', async () => {
  const { states } = await askWhile(t, { resources: [own], patient: 'Patient/q' })
  expect(states).toEqual({ minato: 'wrong-person', sagamino: 'complete' })
})

test('complete, when subjects agree in every way they can be written', async () => {
  const { states } = await askWhile(t, {
    resources: [
      own,
      record({ id: 'r1', subject: { ...OWN, display: '汐見 花子', type: 'Patient' } }),
      record({ id: 'r2', subject: { ...OWN, identifier: { system: SYSTEM_OF.minato, value: 'm-1' } } }),
      record({ id: 'r3', subject: { ...OWN, identifier: { system: 'urn:another-numbering', value: '7' } } }),
      record({ id: 'r4', contained: [{ resourceType: 'Practitioner', id: 'x' }] }),
      record({ id: 'r5', contained: [{ resourceType: 'Condition', id: 'x', subject: OWN }] }),
    ],
  })
  expect(states).toEqual({ minato: 'complete', sagamino: 'complete' })
})

test('wrong-person is the region’s to say too', async () => {
  const { states } = await askWhile(t, { status: 'wrong-person' })
  expect(states).toEqual({ minato: 'wrong-person', sagamino: 'complete' })
})
