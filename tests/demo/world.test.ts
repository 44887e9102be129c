import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  buildWorld,
  DEMO_INSTITUTIONS,
  DEMO_REGIONS,
  DEMO_STAFF,
  type DemoRegistration,
  demographicsOf,
  demoInstitution,
  REGION_IDS,
  recordedAtDesk,
  STORY,
  STORY_ROLES,
} from '../../src/demo/world/index.ts'

const TODAY = new Date('2026-11-20T03:00:00Z')
const world = buildWorld({ today: TODAY })
const registrationsOf = (residentId: string) =>
  world.registrations.filter((registration) => registration.residentId === residentId)

test('the same seed and day give the same world to the byte; another seed gives another', () => {
  const digest = (seed: string) => {
    const { residents, registrations, consents, visits, resourcesOf } = buildWorld({
      seed,
      residents: 120,
      today: TODAY,
    })
    const all = [residents, registrations, consents, visits, REGION_IDS.map(resourcesOf)]
    return createHash('sha256').update(JSON.stringify(all)).digest('hex')
  }
  expect(digest('one')).toBe(digest('one'))
  expect(digest('one')).not.toBe(digest('two'))
})

test('a bigger world holds the smaller one', () => {
  const small = buildWorld({ residents: 50, today: TODAY })
  expect(small.residents).toHaveLength(50)
  expect(world.residents.slice(0, 50)).toEqual(small.residents)
})

test('45 of 100 residents are registered in two or three regions, in some of them three', () => {
  const counts = world.residents.map((resident) => registrationsOf(resident.id).length)
  const share = counts.filter((count) => count > 1).length / counts.length
  expect(world.residents).toHaveLength(1000)
  expect(share).toBeGreaterThan(0.4)
  expect(share).toBeLessThan(0.5)
  expect(counts.filter((count) => count === 3).length).toBeGreaterThan(40)
})

test('local ids and FHIR ids are opaque, unique and never twelve digits', () => {
  const localIds = world.registrations.map((registration) => registration.localId)
  expect(new Set(localIds).size).toBe(localIds.length)
  expect(new Set(world.registrations.map(({ patientId }) => patientId)).size).toBe(localIds.length)
  const digits = JSON.stringify(world.registrations).match(/(?<![\d.])\d{12}(?!\d)/g)
  expect(digits).toBeNull()
})

test('later records agree on the number, on name and address, or on too little', () => {
  const later = world.registrations.filter(({ agreement }) => agreement !== 'first')
  const first = new Map(
    world.registrations.filter(({ agreement }) => agreement === 'first').map((one) => [one.residentId, one]),
  )
  const shares = (agreement: string) =>
    later.filter((one) => one.agreement === agreement).length / later.length
  expect(shares('number')).toBeGreaterThan(0.7)
  expect(shares('demographics')).toBeGreaterThan(0.08)
  expect(shares('too-little')).toBeGreaterThan(0.03)
  for (const registration of later) {
    const { record } = first.get(registration.residentId) as DemoRegistration
    const other = registration.record
    expect([other.birthDate, other.gender]).toEqual([record.birthDate, record.gender])
    const sameNumber = other.insured?.normalize('NFKC') === record.insured?.normalize('NFKC')
    expect(sameNumber).toBe(registration.agreement === 'number')
    expect(other.home === record.home).toBe(registration.agreement !== 'too-little')
  }
})

test('the spellings of a surname differ between records of one person', () => {
  const spellings = world.residents.map(
    ({ id }) => new Set(registrationsOf(id).map(({ record }) => record.family.kanji)).size,
  )
  expect(spellings.filter((count) => count > 1).length).toBeGreaterThan(10)
})

test('twins share all but given name and branch; namesakes share the name and some the birthday', () => {
  const byId = new Map(world.residents.map((resident) => [resident.id, resident]))
  const twins = world.residents.filter(({ twinOf }) => twinOf !== undefined)
  expect(twins.length).toBeGreaterThanOrEqual(12)
  for (const twin of twins) {
    const other = byId.get(twin.twinOf ?? '')
    expect(other).toMatchObject({ surname: twin.surname, birthDate: twin.birthDate, home: twin.home })
    expect(other?.given).not.toEqual(twin.given)
    expect(other?.insured.branch).not.toBe(twin.insured.branch)
  }
  const namesakes = world.residents.filter(({ namesakeOf }) => namesakeOf !== undefined)
  expect(namesakes.length).toBeGreaterThanOrEqual(5)
  const sameDay = namesakes.filter((one) => byId.get(one.namesakeOf ?? '')?.birthDate === one.birthDate)
  expect(sameDay.length).toBeGreaterThanOrEqual(1)
})

test('people of 75 and over have an elder’s insured number, without symbol and branch', () => {
  for (const { birthDate, insured } of world.residents) {
    expect(insured.insurer.startsWith('39')).toBe(birthDate <= '1950-12-31')
    expect(insured.branch === '').toBe(birthDate <= '1950-12-31')
  }
})

test('the residents of the story are registered and seen where their role says', () => {
  const regions = Object.fromEntries(
    STORY_ROLES.map((role) => [role, registrationsOf(STORY[role].resident.id).map(({ region }) => region)]),
  )
  expect(regions).toEqual({
    allergyElsewhere: ['minato', 'shiokaze'],
    treatedElsewhere: ['sagamino'],
    withoutConsent: ['minato', 'sagamino'],
    everywhere: ['sagamino', 'minato', 'shiokaze'],
    protectedPerson: ['shiokaze', 'minato'],
  })
  const consented = (role: (typeof STORY_ROLES)[number]) =>
    world.consents.filter(({ residentId }) => residentId === STORY[role].resident.id)
  expect(consented('withoutConsent')).toEqual([])
  expect(consented('everywhere').map(({ form }) => form)).toEqual(['form-2025', 'form-2025', 'form-2025'])
  expect(consented('protectedPerson').every(({ protectedPerson }) => protectedPerson)).toBe(true)
  const abroad = world.visits.filter(
    (visit) => visit.residentId === STORY.treatedElsewhere.resident.id && visit.localId === undefined,
  )
  expect(abroad).toMatchObject([{ region: 'shiokaze', institution: '1419900219' }])
})

test('most have signed the form that covers other regions, some only the old one, a few none', () => {
  const share = (count: number) => count / world.registrations.length
  expect(share(world.consents.filter(({ form }) => form === 'form-2025').length)).toBeGreaterThan(0.8)
  expect(share(world.consents.filter(({ form }) => form === 'form-2019').length)).toBeGreaterThan(0.04)
  expect(share(world.registrations.length - world.consents.length)).toBeGreaterThan(0.03)
})

test('every visit is to a member of the region it is reported under, only care contracts stay open', () => {
  for (const visit of world.visits) {
    expect(demoInstitution(visit.institution).regions).toContain(visit.region)
    const local = registrationsOf(visit.residentId).find(({ region }) => region === visit.region)
    expect(visit.localId).toBe(local?.localId)
    expect(visit.until === undefined).toBe(visit.kind === 'care-contract')
  }
  expect(world.visits.filter(({ localId }) => localId === undefined).length).toBeGreaterThan(40)
})

test('numbers of institutions follow their kind, two are members of two regions, staff work at members', () => {
  const thirdDigit = {
    hospital: '1',
    clinic: '1',
    'dental-clinic': '3',
    pharmacy: '4',
    'visiting-nurse-station': '6',
    'care-provider': '7',
  }
  for (const { number, kind } of DEMO_INSTITUTIONS) {
    expect(number).toMatch(/^14\d{8}$/)
    expect(number[2]).toBe(thirdDigit[kind])
  }
  expect(new Set(DEMO_INSTITUTIONS.map(({ number }) => number)).size).toBe(DEMO_INSTITUTIONS.length)
  expect(DEMO_INSTITUTIONS.filter(({ regions }) => regions.length === 2)).toHaveLength(2)
  for (const { region, institution } of DEMO_STAFF) {
    expect(demoInstitution(institution).regions).toContain(region)
  }
  for (const { id } of DEMO_REGIONS) {
    const kinds = DEMO_INSTITUTIONS.filter(({ regions }) => regions.includes(id)).map(({ kind }) => kind)
    expect(kinds).toEqual(expect.arrayContaining(['hospital', 'clinic', 'pharmacy', 'care-provider']))
  }
})

test('demographics taken at a desk carry the insured number and no region’s patient id', () => {
  const { identifier, name } = demographicsOf(recordedAtDesk(STORY.treatedElsewhere.resident))
  expect(identifier).toHaveLength(1)
  expect(identifier?.[0]?.system).toContain('JP_Insurance_memberID')
  expect(name?.map(({ text }) => text)).toEqual(['齋藤 馨', 'サイトウ カオル'])
})
