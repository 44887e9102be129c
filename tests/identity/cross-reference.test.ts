import { describe, expect, test } from 'vitest'
import { MINATO, SAGAMINO, SHIOKAZE, testIndex } from './index-app.ts'

const token = (system: string, value: string) => encodeURIComponent(`${system}|${value}`)
const pix = (value: string, system = MINATO.patientSystem) =>
  `/Patient/$ihe-pix?sourceIdentifier=${token(system, value)}`
const target = (system: string) => `&targetSystem=${encodeURIComponent(system)}`
const identifier = (value: string) => ({
  name: 'targetIdentifier',
  valueIdentifier: { system: MINATO.patientSystem, value },
})

/** One resident whom minato registered twice, and sagamino once. */
async function twiceRegistered() {
  const t = await testIndex()
  await t.put(MINATO, 'M-1')
  await t.put(MINATO, 'M-2', { phone: null })
  await t.put(SAGAMINO, 'S-1')
  return t
}

test('200 with the other ids of the person in the caller’s own domain, and no other', async () => {
  await using t = await twiceRegistered()
  const response = await t.call(MINATO, 'GET', pix('M-1'))
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('application/fhir+json')
  expect(await response.json()).toEqual({ resourceType: 'Parameters', parameter: [identifier('M-2')] })
  const wanted = await t.call(MINATO, 'GET', `${pix('M-1')}${target(MINATO.patientSystem)}&_format=json`)
  expect(await wanted.json()).toEqual({ resourceType: 'Parameters', parameter: [identifier('M-2')] })
  expect(await t.audited('index.query')).toEqual([
    { region: 'minato', patient: 'M-1' },
    { region: 'minato', patient: 'M-1' },
  ])
})

test('200 and empty when there is no other id, or only in a domain that takes a query', async () => {
  await using t = await twiceRegistered()
  for (const [caller, path] of [
    [SAGAMINO, pix('S-1', SAGAMINO.patientSystem)],
    [MINATO, `${pix('M-1')}${target(SAGAMINO.patientSystem)}`],
    [MINATO, `${pix('M-1')}${target(SHIOKAZE.patientSystem)}`],
  ] as const) {
    const response = await t.call(caller, 'GET', path)
    expect([response.status, await response.json()]).toEqual([200, { resourceType: 'Parameters' }])
  }
})

test('the question may be posted as Parameters', async () => {
  await using t = await twiceRegistered()
  const ask = (parameter: object[]) =>
    t.call(MINATO, 'POST', '/Patient/$ihe-pix', JSON.stringify({ resourceType: 'Parameters', parameter }))
  const source = { name: 'sourceIdentifier', valueString: `${MINATO.patientSystem}|M-1` }
  const found = await ask([source, { name: 'targetSystem', valueUri: MINATO.patientSystem }])
  expect(await found.json()).toEqual({ resourceType: 'Parameters', parameter: [identifier('M-2')] })
  expect((await ask([])).status).toBe(400)
  expect((await ask([source, source])).status).toBe(400)
  expect((await ask([{ name: 'other', valueString: 'x' }])).status).toBe(422)
})

describe('refused with the outcome of the profile, in details and in diagnostics', () => {
  test.each([
    [
      '404 for an id that is unknown in a known domain',
      pix('M-9'),
      404,
      'not-found',
      'patient-unknown',
      'sourceIdentifier Patient Identifier not found',
    ],
    [
      '400 for a source domain that is unknown',
      pix('M-1', 'urn:unknown'),
      400,
      'code-invalid',
      'source-domain-unknown',
      'sourceIdentifier Assigning Authority not found',
    ],
    [
      '403 for a target domain that is unknown',
      `${pix('M-1')}${target('urn:unknown')}`,
      403,
      'code-invalid',
      'target-domain-unknown',
      'targetSystem not found',
    ],
    [
      '403 for a source in another region’s domain',
      pix('S-1', SAGAMINO.patientSystem),
      403,
      'forbidden',
      'foreign-patient-domain',
      'A region writes and asks in its own patient-id domain only.',
    ],
    [
      '403 for the same with an id that nobody has',
      pix('S-9', SAGAMINO.patientSystem),
      403,
      'forbidden',
      'foreign-patient-domain',
      'A region writes and asks in its own patient-id domain only.',
    ],
    [
      '400 without a source',
      '/Patient/$ihe-pix',
      400,
      'invalid',
      'parameter-unsupported',
      'A search parameter is unknown, repeated or out of bounds.',
    ],
    [
      '400 for a second source',
      `${pix('M-1')}&sourceIdentifier=x`,
      400,
      'invalid',
      'parameter-unsupported',
      'A search parameter is unknown, repeated or out of bounds.',
    ],
    [
      '400 for what is no parameter',
      `${pix('M-1')}&_include=*`,
      400,
      'invalid',
      'parameter-unsupported',
      'A search parameter is unknown, repeated or out of bounds.',
    ],
  ])('%s', async (_, path, status, issue, code, sentence) => {
    await using t = await twiceRegistered()
    const response = await t.call(MINATO, 'GET', path)
    expect(response.status).toBe(status)
    const outcome = (await response.json()) as { issue: [{ diagnostics: string }] }
    expect(outcome).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'error',
          code: issue,
          details: { coding: [{ code }], text: expect.stringContaining(sentence) },
        },
      ],
    })
    expect(outcome.issue[0].diagnostics.startsWith(sentence)).toBe(true)
    expect(JSON.stringify(outcome)).not.toMatch(/M-9|S-1|S-9|urn:unknown/)
  })
})

test('404 for a removed registration', async () => {
  await using t = await twiceRegistered()
  await t.remove(MINATO, 'M-1')
  expect((await t.call(MINATO, 'GET', pix('M-1'))).status).toBe(404)
})

test('a refused look-up is on the record', async () => {
  await using t = await twiceRegistered()
  await t.call(MINATO, 'GET', pix('M-9'))
  await t.call(MINATO, 'GET', pix('S-1', SAGAMINO.patientSystem))
  expect(await t.audited('index.query')).toEqual([
    { region: 'minato', patient: 'M-9' },
    { region: 'minato', patient: null },
  ])
})
