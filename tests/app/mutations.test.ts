import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditEntry } from '../../src/audit/tables.ts'
import { replay } from '../../src/trust/tables.ts'
import { SYSTEMS } from '../../src/vocabulary/index.ts'
import { visitOf } from '../consent/feed.ts'
import { policyFrom, readAs } from '../support/sample-policy.ts'
import {
  CLINIC_OF,
  consentIn,
  patientIn,
  patientPath,
  pixPath,
  queryCall,
  register,
  type SentCall,
  SYSTEM_OF,
  type TestHub,
  testHub,
} from '../support/test-hub.ts'

/** Invariant 7: whatever one thing is changed in a good call, the answer is an answer, and never a fault of ours. */
const RUNS = 80

let t: TestHub
beforeAll(async () => {
  t = await testHub()
  await register(t, 'minato', 'm-1')
})
afterAll(() => t[Symbol.asyncDispose]())

const PATIENT = patientPath('minato', 'm-1')
const GOOD: [name: string, call: SentCall, body: object][] = [
  ['patient', { method: 'PUT', path: PATIENT }, patientIn('minato', 'm-1')],
  [
    'consent',
    { method: 'POST', path: '/fhir/Consent' },
    consentIn('minato', 'm-1', {
      provision: {
        type: 'permit',
        period: { start: '2026-05-01', end: '2030-01-01' },
        provision: [{ type: 'deny', code: [{ coding: [{ system: SYSTEMS.item, code: 'infection' }] }] }],
      },
    }),
  ],
  [
    'visit',
    { method: 'POST', path: '/fhir/Encounter' },
    visitOf({ system: SYSTEM_OF.minato, value: 'm-1' }, { institution: CLINIC_OF.minato }),
  ],
  [
    'policy',
    { method: 'PUT', path: '/policy' },
    policyFrom({ version: 2, forms: { 'form-2025': readAs('medical') } }),
  ],
  [
    'batch',
    { method: 'POST', path: '/fhir' },
    {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        { resource: patientIn('minato', 'm-1'), request: { method: 'PUT', url: PATIENT.slice(6) } },
        { request: { method: 'GET', url: pixPath('minato', 'm-1').slice(6) } },
      ],
    },
  ],
  [
    'look-up',
    { method: 'POST', path: '/fhir/Patient/$ihe-pix' },
    {
      resourceType: 'Parameters',
      parameter: [
        { name: 'sourceIdentifier', valueString: `${SYSTEM_OF.minato}|m-1` },
        { name: 'targetSystem', valueUri: SYSTEM_OF.minato },
      ],
    },
  ],
]

/** Whatever a call keeps, it uses up its request and puts it on record. */
const kept = async () => [await t.db.$count(replay), await t.db.$count(auditEntry)]

const NASTY: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    null,
    true,
    0,
    -1,
    1e308,
    Number.MAX_SAFE_INTEGER + 2,
    '',
    ' ',
    'infinity',
    '0000-01-01',
    '9999-12-31T23:59:59.999999999Z',
    '2026-02-30',
    '\u202e\u200b',
    '𠮷',
    '%00',
    "';--",
    '../../x',
    'x'.repeat(5_000),
    {},
    [],
    [[]],
    [null],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
)

/** Every place in a JSON value: the keys that lead there. */
function placesOf(value: unknown, at: (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== 'object') return [at]
  return [
    at,
    ...Object.entries(value).flatMap(([key, each]) =>
      placesOf(each, [...at, Array.isArray(value) ? Number(key) : key]),
    ),
  ]
}

/** The value with one place changed, taken away or doubled. */
function changed(
  value: unknown,
  [step, ...rest]: (string | number)[],
  how: 'set' | 'drop' | 'double',
  to: unknown,
): unknown {
  if (step === undefined) return how === 'drop' ? {} : to
  if (Array.isArray(value)) {
    const at = Number(step)
    if (rest.length === 0 && how === 'drop') return value.toSpliced(at, 1)
    if (rest.length === 0 && how === 'double') return value.toSpliced(at, 0, value[at])
    return value.with(at, changed(value[at], rest, how, to))
  }
  const object = value as Record<string, unknown>
  if (rest.length === 0 && how === 'drop')
    return Object.fromEntries(Object.entries(object).filter(([key]) => key !== step))
  if (rest.length === 0 && how === 'double') return { ...object, [`${step}2`]: object[step] }
  return { ...object, [step]: changed(object[step], rest, how, to) }
}

test.each(GOOD)('one thing changed in a %s', async (_, call, good) => {
  const places = placesOf(good)
  const mutation = fc.record({
    at: fc.constantFrom(...places),
    how: fc.constantFrom('set' as const, 'set' as const, 'drop' as const, 'double' as const),
    to: NASTY,
  })
  await fc.assert(
    fc.asyncProperty(mutation, async ({ at, how, to }) => {
      const body = JSON.stringify(changed(good, at, how, to) ?? null)
      const before = await kept()
      const response = await t.send('minato', { ...call, body })
      const text = await response.text()
      expect([200, 201, 400, 403, 404, 409, 413, 422], text).toContain(response.status)
      if (response.status < 400) return
      expect(JSON.parse(text)).toMatchObject({ resourceType: 'OperationOutcome' })
      const isLookUp = call.path.includes('$ihe-pix')
      if (!isLookUp) expect(await kept()).toEqual(before)
    }),
    { numRuns: RUNS, endOnFailure: true },
  )
})

test('one thing changed in the form of a search', async () => {
  const good = [...new URLSearchParams(queryCall('minato', { localId: 'm-1' }).body)]
  const parameter = fc.tuple(
    fc.constantFrom('patient.identifier', '_salt', '_type', 'date', '_demographics', '__proto__', '_count'),
    fc.oneof(
      fc.constantFrom('', 'Condition', 'ge2026-01-01', '{}', 'urn:x|y', '|', 'a|b|c'),
      fc.string({ unit: 'binary', maxLength: 60 }),
    ),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(parameter, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async (more, isKept) => {
        const body = new URLSearchParams([...(isKept ? good : []), ...more]).toString()
        const response = await t.send('minato', { ...queryCall('minato', { localId: 'm-1' }), body })
        expect([400, 401, 403, 415], await response.text()).toContain(response.status)
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  )
})
