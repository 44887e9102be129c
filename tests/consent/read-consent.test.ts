import { describe, expect, test } from 'vitest'
import { readConsent, receivedConsent } from '../../src/consent/index.ts'
import { HubError } from '../../src/kernel/hub-error.ts'
import { SYSTEMS } from '../../src/vocabulary/index.ts'
import { type ConsentTerms, consentOf, MINATO, SAGAMINO } from './feed.ts'

const read = (resource: unknown) => readConsent(JSON.stringify(resource), MINATO.patientSystem)
const readTerms = (terms: ConsentTerms) => read(consentOf('P-1', terms))

/** The refusal that reading the resource ends in. */
function refusal(resource: unknown): Pick<HubError, 'code' | 'at'> {
  try {
    read(resource)
  } catch (error) {
    if (error instanceof HubError) return { code: error.code, at: error.at }
    throw error
  }
  throw new Error('It was read.')
}

const good = consentOf('P-1')
const permit = { type: 'permit' }

test('a consent says whose it is, which version, on which form, and where the paper lies', () => {
  expect(readTerms({ version: 3, form: '2019-10' })).toMatchObject({
    localId: 'P-1',
    version: 3,
    status: 'active',
    form: '2019-10',
    statedFrom: new Date('2026-05-20T00:00:00+09:00'),
    validUntil: undefined,
    refused: [],
    evidence: { kind: 'paper', reference: '同意書 2026-0412' },
  })
})

test('refused items stand in the order of the catalogue, each once', () => {
  const refused = readTerms({ refused: ['care-level', 'condition', 'care-level'] }).refused
  expect(refused).toEqual(['condition', 'care-level'])
})

test('a last day is covered to its midnight in Japan; an instant is taken as written', () => {
  const day = readTerms({ period: { end: '2027-03-31' } }).validUntil
  const instant = readTerms({ period: { end: '2027-03-31T12:00:00+09:00' } }).validUntil
  expect(day).toEqual(new Date('2027-04-01T00:00:00+09:00'))
  expect(instant).toEqual(new Date('2027-03-31T12:00:00+09:00'))
})

test('a consent dated back counts from when it was received, one dated ahead from its own date', () => {
  const received = new Date('2026-06-01T12:00:00+09:00')
  const back = receivedConsent(readTerms({ period: { start: '2020-01-01' } }), received)
  const ahead = receivedConsent(readTerms({ period: { start: '2026-07-01' } }), received)
  expect(back.validFrom).toEqual(received)
  expect(ahead.validFrom).toEqual(new Date('2026-07-01T00:00:00+09:00'))
})

test('inactive is withdrawn, and so is a form on which the resident refused', () => {
  expect(readTerms({ status: 'withdrawn' }).status).toBe('withdrawn')
  expect(read({ ...good, provision: { type: 'deny' } }).status).toBe('withdrawn')
})

test('a withdrawal is read even when its period makes no sense', () => {
  const period = { start: '2026-05-01', end: '2020-01-01' }
  expect(readTerms({ status: 'withdrawn', period }).status).toBe('withdrawn')
})

describe('refused whole, naming the place', () => {
  const cases: [string, unknown, string][] = [
    ['another resource', { ...good, resourceType: 'Patient' }, 'Consent.resourceType'],
    ['an unknown element', { ...good, region: 'sagamino' }, 'Consent'],
    ['a draft', { ...good, status: 'draft' }, 'Consent.status'],
    ['no version', { ...good, meta: {} }, 'Consent.meta.versionId'],
    ['a version with a leading zero', { ...good, meta: { versionId: '01' } }, 'Consent.meta.versionId'],
    ['version 0', { ...good, meta: { versionId: '0' } }, 'Consent.meta.versionId'],
    [
      'an unknown profile',
      { ...good, meta: { versionId: '1', profile: ['https://x.example/p'] } },
      'Consent.meta.profile[0]',
    ],
    [
      'another scope',
      { ...good, scope: { coding: [{ ...good.scope.coding[0], code: 'research' }] } },
      'Consent.scope.coding[0].code',
    ],
    [
      'another category',
      { ...good, category: [{ coding: [{ system: 'http://loinc.org', code: '64292-6' }] }] },
      'Consent.category[0].coding[0].code',
    ],
    ['a second category', { ...good, category: [...good.category, ...good.category] }, 'Consent.category'],
    ['a patient by URL', { ...good, patient: { reference: 'Patient/1' } }, 'Consent.patient.identifier'],
    ['no performer', { ...good, performer: [] }, 'Consent.performer'],
    ['a form elsewhere', { ...good, policy: [{ uri: 'https://x.example/f' }] }, 'Consent.policy[0].uri'],
    [
      'a form with a path',
      { ...good, policy: [{ uri: `${SYSTEMS.consentForm}/a/b` }] },
      'Consent.policy[0].uri',
    ],
    ['no source', { ...good, sourceReference: undefined }, 'Consent.source'],
    ['two sources', { ...good, sourceAttachment: { title: '同意書' } }, 'Consent.source'],
    ['a date of a year only', { ...good, dateTime: '2026' }, 'Consent.dateTime'],
    ['a day that does not exist', { ...good, dateTime: '2026-02-30' }, 'Consent.dateTime'],
    ['an instant without an offset', { ...good, dateTime: '2026-05-20T10:00:00' }, 'Consent.dateTime'],
    [
      'a period that ends before it begins',
      consentOf('P-1', { period: { start: '2026-05-21', end: '2026-05-19' } }),
      'Consent.provision.period',
    ],
    [
      'a period that ended before the signing',
      consentOf('P-1', { period: { end: '2026-05-19' } }),
      'Consent.provision.period',
    ],
    [
      'an unknown item',
      consentOf('P-1', { refused: ['genome'] }),
      'Consent.provision.provision[0].code[0].coding[0].code',
    ],
    [
      'items refused under consentBasic',
      {
        ...consentOf('P-1', { refused: ['condition'] }),
        meta: {
          versionId: '1',
          profile: ['https://profiles.ihe.net/ITI/PCF/StructureDefinition/IHE.PCF.consentBasic'],
        },
      },
      'Consent.provision.provision',
    ],
    [
      'an exception deeper than one level',
      {
        ...good,
        provision: {
          ...permit,
          provision: [{ ...consentOf('P-1', { refused: ['condition'] }).provision, type: 'deny' }],
        },
      },
      'Consent.provision.provision[0]',
    ],
    [
      'an actor, which nothing here would honour',
      { ...good, provision: { ...permit, actor: [] } },
      'Consent.provision',
    ],
    [
      'purposes without treatment',
      {
        ...good,
        provision: { ...permit, purpose: [{ system: SYSTEMS.purpose, code: 'HPAYMT' }] },
      },
      'Consent.provision.purpose',
    ],
  ]
  test.each(cases)('%s', (_name, resource, at) => {
    expect(refusal(resource)).toEqual({ code: 'consent-invalid', at })
  })

  test('a patient of another region', () => {
    const patient = { identifier: { system: SAGAMINO.patientSystem, value: 'P-1' } }
    expect(refusal({ ...good, patient })).toMatchObject({ code: 'foreign-patient-domain' })
  })

  test.each([
    ['not JSON', '{'],
    ['a key twice', '{"status":"active","status":"inactive"}'],
    ['nothing', ''],
    ['nested without end', `${'['.repeat(1_000)}${']'.repeat(1_000)}`],
  ])('a body that is %s', (_name, text) => {
    expect(() => readConsent(text, MINATO.patientSystem)).toThrow(
      expect.objectContaining({ code: 'body-malformed' }),
    )
  })
})
