import { describe, expect, test } from 'vitest'
import { readVisit } from '../../src/consent/index.ts'
import { SYSTEMS } from '../../src/vocabulary/index.ts'
import { NOON } from '../support/test-context.ts'
import { CLINIC, MINATO, SAGAMINO, type VisitTerms, visitOf } from './feed.ts'

const patient = { system: MINATO.patientSystem, value: 'P-1' }
const read = (resource: unknown, at = NOON) => readVisit(JSON.stringify(resource), MINATO.patientSystem, at)
const readTerms = (terms: VisitTerms) => read(visitOf(patient, terms))

test('a visit says whose it is, where, of which kind, and on which days', () => {
  expect(read(visitOf(patient))).toEqual({
    subject: { localId: 'P-1' },
    institution: CLINIC,
    kind: 'outpatient',
    startedOn: '2026-05-29',
    endedOn: '2026-05-29',
    retracted: false,
  })
})

test('somebody who is not registered is named by a handle', () => {
  const subject = { system: SYSTEMS.handle, value: 'h-1' }
  expect(read(visitOf(subject)).subject).toEqual({ handle: 'h-1' })
})

test('an admission or a care contract in progress is open; an outpatient visit lasts its day', () => {
  const inProgress = (kind: string) =>
    readTerms({ kind, status: 'in-progress', period: { start: '2026-05-29' } }).endedOn
  expect(inProgress('care-contract')).toBeUndefined()
  expect(inProgress('inpatient')).toBeUndefined()
  expect(inProgress('outpatient')).toBe('2026-05-29')
})

test('instants become days in Japan', () => {
  const period = { start: '2026-05-28T14:59:59Z', end: '2026-05-28T15:00:00Z' }
  expect(readTerms({ period })).toMatchObject({ startedOn: '2026-05-28', endedOn: '2026-05-29' })
})

test('a visit at one in the morning in Japan is of today, though yesterday in universal time', () => {
  const atNight = new Date('2026-05-31T16:00:00Z')
  const visit = visitOf(patient, { period: { start: '2026-06-01' } })
  expect(read(visit, atNight).startedOn).toBe('2026-06-01')
})

test('entered in error takes the visit back', () => {
  expect(readTerms({ status: 'entered-in-error' }).retracted).toBe(true)
})

describe('refused whole, naming the place', () => {
  const good = visitOf(patient)
  const cases: [string, unknown, string][] = [
    ['an unknown element', { ...good, hospitalization: {} }, 'Encounter'],
    ['a planned visit', { ...good, status: 'planned' }, 'Encounter.status'],
    ['an unknown class', { ...good, class: { ...good.class, code: 'X' } }, 'Encounter.class.code'],
    ['an unknown kind', visitOf(patient, { kind: 'telephone' }), 'Encounter.type[0].coding[0].code'],
    ['no kind', { ...good, type: [] }, 'Encounter.type'],
    [
      'an institution by name',
      { ...good, serviceProvider: { display: '医院' } },
      'Encounter.serviceProvider.identifier',
    ],
    [
      'an institution number of nine digits',
      visitOf(patient, { institution: '141990001' }),
      'Encounter.serviceProvider.identifier.value',
    ],
    ['a period without a start', { ...good, period: { end: '2026-05-29' } }, 'Encounter.period.start'],
    [
      'an end before the start',
      visitOf(patient, { period: { start: '2026-05-29', end: '2026-05-28' } }),
      'Encounter.period',
    ],
    [
      'an end while in progress',
      visitOf(patient, { status: 'in-progress', period: { start: '2026-05-29', end: '2026-05-30' } }),
      'Encounter.period.end',
    ],
    ['a start tomorrow', visitOf(patient, { period: { start: '2026-06-02' } }), 'Encounter.period'],
    [
      'an end tomorrow',
      visitOf(patient, { period: { start: '2026-05-29', end: '2026-06-02' } }),
      'Encounter.period',
    ],
  ]
  test.each(cases)('%s', (_name, resource, at) => {
    expect(() => read(resource)).toThrow(expect.objectContaining({ code: 'visit-invalid', at }))
  })

  test('a patient of another region', () => {
    const foreign = visitOf({ system: SAGAMINO.patientSystem, value: 'P-1' })
    expect(() => read(foreign)).toThrow(expect.objectContaining({ code: 'foreign-patient-domain' }))
  })
})
