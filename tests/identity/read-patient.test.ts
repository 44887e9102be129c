import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPatient } from '../../src/identity/index.ts'
import { HubError } from '../../src/kernel/hub-error.ts'
import { SYSTEMS } from '../../src/vocabulary/index.ts'
import { NOON } from '../support/test-context.ts'
import { HANAKO, patientOf } from './resident.ts'
import { myNumber } from './sample-number.ts'

const OWN = { system: 'urn:oid:2.999.14.1.1', value: 'M-1' }

function refusalOf(changes: object): { code: string; at: string | undefined } | undefined {
  const text = JSON.stringify({ ...patientOf(HANAKO, OWN), ...changes })
  return refusalOfText(text)
}

function refusalOfText(text: string): { code: string; at: string | undefined } | undefined {
  try {
    readPatient(text, NOON, OWN.system)
    return undefined
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    return { code: error.code, at: error.at }
  }
}

test('a JP Core Patient is taken', () => {
  expect(refusalOf({})).toBeUndefined()
  expect(refusalOf({ birthDate: '1961' })).toBeUndefined()
  expect(refusalOf({ birthDate: '1961-02' })).toBeUndefined()
  expect(refusalOf({ birthDate: '2026-06-02' })).toBeUndefined()
})

describe('refused, with the place and without the value', () => {
  test.each([
    '2026-02-30',
    '0000-00-00',
    'infinity',
    '1961-13-01',
    '1961-00',
    '294277-01-01',
    '1849-12-31',
    '2026-06-04',
    '昭和36年2月3日',
    '',
  ])('a birth date of %s', (birthDate) => {
    expect(refusalOf({ birthDate })).toEqual({ code: 'resource-invalid', at: 'Patient.birthDate' })
  })

  test.each([
    [{ resourceType: 'Person' }, 'Patient.resourceType'],
    [{ gender: 'f' }, 'Patient.gender'],
    [{ id: 'x'.repeat(65) }, 'Patient.id'],
    [{ active: 'yes' }, 'Patient.active'],
    [{ photo: [] }, 'Patient'],
    [{ implicitRules: 'urn:other' }, 'Patient'],
    [{ 花子: 1 }, 'Patient'],
    [{ modifierExtension: [] }, 'Patient.modifierExtension'],
    [{ contact: [{ modifierExtension: [] }] }, 'Patient.modifierExtension'],
    [{ name: [{ family: 'あ'.repeat(101) }] }, 'Patient.name[0].family'],
    [{ name: Array(11).fill({ text: '花子' }) }, 'Patient.name'],
    [{ identifier: Array(21).fill(OWN) }, 'Patient.identifier'],
    [{ identifier: [{ system: OWN.system, value: 7 }] }, 'Patient.identifier[0].value'],
    [{ deceasedDateTime: '2026-02-30' }, 'Patient.deceasedDateTime'],
  ])('%j', (changes, at) => {
    expect(refusalOf(changes)).toEqual({ code: 'resource-invalid', at })
  })

  test.each([
    '',
    'null',
    '[]',
    '{"resourceType":"Patient","resourceType":"Patient"}',
    '{"resourceType":"Patient","name":[{"text":"\\u0000"}]}',
    '{"resourceType":"Patient","name":[{"text":"\\ud842"}]}',
    '{"resourceType":"Patient","__proto__":{}}',
    `${'['.repeat(17)}${']'.repeat(17)}`,
    JSON.stringify({ resourceType: 'Patient', extension: Array(3_000).fill(0) }),
  ])('the text %.60s', (text) => {
    expect(['body-malformed', 'resource-invalid']).toContain(refusalOfText(text)?.code)
  })

  test('whatever stands anywhere is taken or refused; a refusal repeats nothing of it', () => {
    const patient = patientOf(HANAKO, OWN)
    const keys = [...Object.keys(patient), 'active', 'meta', 'link', 'contact', 'extension', '花子']
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 4 }), (key, value) => {
        const text = JSON.stringify({ ...patient, [key]: value })
        const refusal = refusalOfText(text)
        expect(refusal?.at ?? '').toMatch(/^(Patient[A-Za-z.[\]0-9]*)?$/)
      }),
    )
  })

  test('a text of more than 64 KiB', () => {
    expect(refusalOf({ language: 'あ'.repeat(22_000) })?.code).toBe('body-too-large')
  })

  test('the Individual Number', () => {
    expect(refusalOf({ contact: [{ name: { text: myNumber('12345678901') } }] })).toEqual({
      code: 'my-number-refused',
      at: undefined,
    })
  })
})

test('the region’s own ids and the country’s may have twelve digits', () => {
  const value = myNumber('12345678901')
  const hospital = 'urn:oid:1.2.392.100495.20.3.51.11410000001'
  expect(
    refusalOf({
      identifier: [
        { ...OWN, value },
        { system: hospital, value },
      ],
    }),
  ).toBeUndefined()
  expect(refusalOf({ identifier: [OWN, { system: 'urn:other', value }] })?.code).toBe('my-number-refused')
})

test('an Individual Number in place of the insured number is refused', () => {
  const value = myNumber('12345678901')
  for (const insured of [value, `00149906:港台:${value}:02`, `00149906:${value}::`]) {
    const identifier = [OWN, { system: SYSTEMS.insuredNumber, value: insured }]
    expect(refusalOf({ identifier })?.code).toBe('my-number-refused')
  }
})

test('only a security label of the project’s own system says that somebody is protected', () => {
  const security = [{ system: 'https://tsunagi.example/CodeSystem/protection', code: 'support-measures' }]
  const read = (changes: object) =>
    readPatient(JSON.stringify({ ...patientOf(HANAKO, OWN), ...changes }), NOON)
  expect(read({ meta: { security } }).isProtected).toBe(true)
  expect(read({ meta: { security: [{ system: 'urn:other', code: 'support-measures' }] } }).isProtected).toBe(
    false,
  )
  expect(read({}).isProtected).toBe(false)
})

describe('the rest that linkage reads', () => {
  const featuresOfChanged = (changes: object) =>
    readPatient(JSON.stringify({ ...patientOf(HANAKO, OWN), ...changes }), NOON).features

  test('mobiles are telephone numbers now in use, each once', () => {
    const telecom = [
      { system: 'phone', value: '080-0000-0002' },
      { system: 'sms', value: '+81-70-0000-0001' },
      { value: '070-0000-0001' },
      { system: 'email', value: '09000000003' },
      { system: 'phone', use: 'old', value: '090-0000-0004' },
    ]
    expect(featuresOfChanged({ telecom }).mobiles).toEqual(['07000000001', '08000000002'])
  })

  test('the insured number sent twice is one; two different ones are none', () => {
    const insuredOf = (...values: string[]) =>
      featuresOfChanged({ identifier: values.map((value) => ({ system: SYSTEMS.insuredNumber, value })) })
        .insured
    expect(insuredOf('00149906:港台:1:02', '00149906:港台:１:02')?.number).toBe('1')
    expect(insuredOf('00149906:港台:1:02', '00149906:港台:2:02')).toBeUndefined()
  })

  test('lines of an address stay apart, so that a room does not join the lot', () => {
    const address = [{ use: 'home', city: '港台市', line: ['北岬1-2', '3号室'], postalCode: '220-9911' }]
    expect(featuresOfChanged({ address }).address).toMatchObject({
      postalCode: '2209911',
      town: '港台市北岬',
      lot: '1-2',
      room: '3',
    })
  })
})

describe('names', () => {
  const namesOf = (name: object[]) => {
    const { family, given } = readPatient(JSON.stringify({ resourceType: 'Patient', name }), NOON).features
    return { family, given }
  }

  test('scripts are told by their letters where nothing says which they are', () => {
    expect(namesOf([{ text: '髙橋　花子' }, { text: 'タカハシ ハナコ' }])).toMatchObject({
      family: { kanji: '高橋', kana: 'タカハシ' },
      given: { kanji: '花子', kana: 'ハナコ' },
    })
  })

  test('former names and nicknames are left out', () => {
    const name = [
      { use: 'old', family: '佐藤', given: ['花子'] },
      { use: 'nickname', text: '花ちゃん' },
      { use: 'official', family: '髙橋', given: ['花子'] },
    ]
    expect(namesOf(name).family).toEqual({ kanji: '高橋', kana: undefined })
  })
})
