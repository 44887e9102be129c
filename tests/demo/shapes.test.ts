import { expect, test } from 'vitest'
import { buildWorld, REGION_IDS, STORY } from '../../src/demo/world/index.ts'
import { must } from '../../src/kernel/must.ts'
import { CLINICAL_TYPES } from '../../src/vocabulary/index.ts'
import { type Json, REQUIRED, RULES, valuesAt } from './profile-rules.ts'

const world = buildWorld({ residents: 300, today: new Date('2026-11-20T03:00:00Z') })
const served = REGION_IDS.flatMap((region) =>
  world
    .resourcesOf(region)
    .map((resource) => ({ region, resource: JSON.parse(JSON.stringify(resource)) as Json })),
)
const resources = served.map(({ resource }) => resource)
const profileOf = (resource: Json) =>
  (valuesAt(resource, 'meta.profile')[0] as string | undefined)?.split('|')[0] ?? ''

test.each(Object.entries(REQUIRED))('%s: every required element is there', (profile, paths) => {
  const matching = resources.filter((resource) => profileOf(resource).endsWith(`/${profile}`))
  expect(matching.length).toBeGreaterThan(20)
  for (const resource of matching) {
    const missing = paths.filter((path) => valuesAt(resource, path).length === 0)
    expect(missing, String(valuesAt(resource, 'id'))).toEqual([])
  }
})

test.each(RULES)('$profile: $rule', ({ profile, holds }) => {
  const matching = resources.filter((resource) => profileOf(resource).endsWith(`/${profile}`))
  expect(matching.length).toBeGreaterThan(0)
  expect(matching.filter((resource) => !holds(resource))).toEqual([])
})

test('all but documents apart carry identifier, time, subject and institution', () => {
  for (const resource of resources.filter(({ resourceType }) => resourceType !== 'Binary')) {
    expect(valuesAt(resource, 'identifier.value').length).toBeGreaterThan(0)
    expect(valuesAt(resource, 'meta.lastUpdated')[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00$/)
    if (resource.resourceType === 'Patient') continue
    const [subject] = [...valuesAt(resource, 'subject.reference'), ...valuesAt(resource, 'patient.reference')]
    expect(subject).toMatch(/^Patient\/p[0-9a-z]{14}$/)
    expect(valuesAt(resource, 'extension.valueIdentifier.value')[0]).toMatch(/^14\d{8}$/)
  }
})

test('ids are unique within a region, and every reference leads to a patient of the same region', () => {
  for (const region of REGION_IDS) {
    const own = served.filter((one) => one.region === region).map(({ resource }) => resource)
    const ids = new Set(own.map(({ resourceType, id }) => `${resourceType}/${id}`))
    expect(ids.size).toBe(own.length)
    for (const resource of own) {
      for (const reference of valuesAt(resource, 'subject.reference')) expect(ids).toContain(reference)
    }
  }
})

test('nobody asked, none known and known allergies are three different records', () => {
  const kinds = world.registrations.map(({ patientId }) => {
    const own = resources.filter(
      (resource) => valuesAt(resource, 'patient.reference')[0] === `Patient/${patientId}`,
    )
    if (own.length === 0) return 'unrecorded'
    return own.some((resource) => valuesAt(resource, 'code.coding.code').includes('716186003'))
      ? 'none'
      : 'known'
  })
  for (const kind of ['unrecorded', 'none', 'known']) {
    expect(kinds.filter((one) => one === kind).length).toBeGreaterThan(50)
  }
})

test('a few conditions are flagged as not told or not to be given', () => {
  const flags = resources.flatMap((resource) => valuesAt(resource, 'meta.tag.code'))
  expect(flags).toContain('UNDELIVERED')
  expect(flags).toContain('UNINFORMED')
  expect(flags.length).toBeLessThan(40)
})

test('laboratory decimals keep their last zero in the text', () => {
  const texts = world.resourcesOf('minato').map((resource) => JSON.stringify(resource))
  const story = STORY.allergyElsewhere.localIds.minato
  must(story !== undefined, 'the first resident of the story is registered in minato')
  expect(
    texts.filter((text) => text.includes(story) && text.includes('"value":7.10,"unit":"%"')),
  ).toHaveLength(1)
})

test('every type that carries an item is there', () => {
  const types = new Set(resources.map(({ resourceType }) => resourceType))
  for (const type of CLINICAL_TYPES) expect(types).toContain(type)
})
