import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alignAnswers, judgeText, LEVELS, type Verdict } from '../../src/alignment/index.ts'
import { ITEM_CODES } from '../../src/vocabulary/index.ts'

const CORPUS = new URL('../../fixtures/alignment/corpus/', import.meta.url)

type Json = { [name: string]: unknown }

function resourceOf(name: string): Json {
  return (JSON.parse(readFileSync(new URL(`${name}.json`, CORPUS), 'utf8')) as { resource: Json }).resource
}

const CORPUS_TEXTS = readdirSync(CORPUS).flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, CORPUS)).map((file) =>
    JSON.stringify(resourceOf(`${folder}/${file.slice(0, -5)}`)),
  ),
)

const CONDITION = 'http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Condition_eCS'
const condition = (change: Json): Json => ({ ...resourceOf('condition/good-1.12.0'), ...change })
const result = (change: Json): Json => ({ ...resourceOf('laboratory/good-1.12.0'), ...change })

/** A verdict for every resource there is to see, and a place with every breach. */
function expectVerdicts(text: string): Verdict[] {
  const verdicts = judgeText(text)
  expect(verdicts.length).toBeGreaterThan(0)
  for (const { level, issues } of verdicts) {
    expect(LEVELS).toContain(level)
    if (level === 'nonconformant') expect(issues.length).toBeGreaterThan(0)
    for (const { rule, path, text } of issues) {
      expect(rule).toMatch(/\S/)
      expect(text).toMatch(/[ぁ-ん]/)
      expect(path).toMatch(rule === 'tsunagi-json' ? /^\$$/ : /^(\$(\.|$)|(?!undefined|null)[A-Za-z])/)
    }
  }
  return verdicts
}

describe('each kind of bad input gets a verdict that names the rule and the place', () => {
  test.each<[kind: string, resource: Json, rule: string, path: string]>([
    [
      'an element of STU3',
      condition({ assertedDate: '2017-01-01' }),
      'R4#unknown-element',
      'Condition.assertedDate',
    ],
    [
      'a type of STU3',
      { resourceType: 'ProcedureRequest', id: 'x', status: 'active' },
      'R4#resource-type',
      'resourceType',
    ],
    [
      'no type at all, beside a code that cannot be one',
      { ...resourceOf('allergy-drug/broken-code-shape-1.8.0'), resourceType: {} },
      'R4#resource-type',
      'resourceType',
    ],
    [
      'an element of R5',
      condition({ participant: [{ actor: { reference: 'Patient/1' } }] }),
      'R4#unknown-element',
      'Condition.participant',
    ],
    [
      'a type of R5',
      { resourceType: 'SubscriptionTopic', id: 'x', url: 'https://x', status: 'active' },
      'R4#resource-type',
      'resourceType',
    ],
    [
      'a reaction of R5',
      {
        ...resourceOf('allergy-drug/good-1.12.0'),
        reaction: [{ manifestation: [{ concept: { text: 'じんましん' } }] }],
      },
      'R4#unknown-element',
      'AllergyIntolerance.reaction[0].manifestation[0].concept',
    ],
    ['a text where an object belongs', condition({ code: '胃炎' }), 'R4#object', 'Condition.code'],
    [
      'a number where a text belongs',
      condition({ recordedDate: 20260101 }),
      'R4#dateTime',
      'Condition.recordedDate',
    ],
    [
      'one value where a list belongs',
      condition({ category: { text: 'x' } }),
      'R4#list',
      'Condition.category',
    ],
    [
      'a list where one value belongs',
      condition({ subject: [{ reference: 'Patient/1' }] }),
      'R4#single',
      'Condition.subject',
    ],
    ['null where a value belongs', condition({ code: null }), 'R4#null', 'Condition.code'],
    [
      'an unknown modifierExtension',
      condition({ modifierExtension: [{ url: 'https://minato.example/x', valueBoolean: true }] }),
      'tsunagi-modifier',
      'Condition.modifierExtension',
    ],
    [
      'one deep inside',
      result({
        referenceRange: [
          { text: 'x', modifierExtension: [{ url: 'https://x.example/y', valueBoolean: true }] },
        ],
      }),
      'tsunagi-modifier',
      'Observation.referenceRange[0].modifierExtension',
    ],
    [
      'rules nobody knows',
      condition({ implicitRules: 'https://minato.example/rules' }),
      'tsunagi-modifier',
      'Condition.implicitRules',
    ],
    [
      'contained in contained',
      condition({
        contained: [
          {
            resourceType: 'Encounter',
            id: 'a',
            status: 'finished',
            class: { code: 'AMB' },
            contained: [{ resourceType: 'Patient', id: 'b' }],
          },
        ],
        encounter: { reference: '#a' },
      }),
      'dom-2',
      'Condition.contained[0]',
    ],
    [
      'contained, of no type',
      condition({ contained: [{ id: 'a' }] }),
      'R4#resource-type',
      'Condition.contained[0]',
    ],
    [
      'contained, and not there',
      condition({ encounter: { reference: '#nowhere' } }),
      'ref-1',
      'Condition.encounter',
    ],
    [
      'half-width kana in a name',
      result({
        code: {
          text: 'x',
          coding: [
            {
              system: 'http://jpfhir.jp/fhir/clins/CodeSystem/JP_CLINS_ObsLabResult_LocalCode_CS',
              code: '1',
              display: 'ｱﾙﾌﾞﾐﾝ',
            },
          ],
        },
      }),
      'R6031',
      'Observation.code.coding[0]',
    ],
    ['a control character', condition({ code: { text: 'a\u007fb' } }), 'R4#string', 'Condition.code.text'],
    [
      'a quantity without a unit',
      result({ valueQuantity: { value: 4 } }),
      'tsunagi-quantity-unit',
      'Observation.value.unit',
    ],
    [
      'a day that is none',
      condition({ recordedDate: '2026-02-30' }),
      'R4#dateTime',
      'Condition.recordedDate',
    ],
    [
      'a month that is none',
      condition({ recordedDate: '2026-13-01' }),
      'R4#dateTime',
      'Condition.recordedDate',
    ],
    [
      'an end before the beginning',
      result({ effectiveDateTime: undefined, effectivePeriod: { start: '2026-05-02', end: '2026-05-01' } }),
      'per-1',
      'Observation.effective',
    ],
    [
      'a component without a unit',
      result({ component: [{ code: { text: 'x' } }, { code: { text: 'y' }, valueQuantity: { value: 4 } }] }),
      'tsunagi-quantity-unit',
      'Observation.component[1].value.unit',
    ],
    [
      'a unit that UCUM does not have',
      result({
        valueQuantity: { value: 4, unit: 'mEq/L', system: 'http://unitsofmeasure.org', code: 'mEq/L' },
      }),
      'R4#unknown-code',
      'Observation.value.code',
    ],
    [
      'a name longer than 1 MiB',
      condition({ code: { text: 'あ'.repeat(1024 * 1024 + 1) } }),
      'R4#string',
      'Condition.code.text',
    ],
    [
      'half-width kana in the text alone',
      result({ code: { text: 'ｱﾙﾌﾞﾐﾝ' } }),
      'R6031',
      'Observation.code.text',
    ],
    ['two types of one value', result({ valueString: '陽性' }), 'R4#one-choice', 'Observation.value'],
    [
      'an empty extension beside the second of a list',
      condition({
        note: undefined,
        category: undefined,
        meta: { profile: ['http://x.example/a', 'http://x.example/b'], _profile: [null, {}] },
      }),
      'ele-1',
      'Condition.meta.profile[1]',
    ],
    ['an id that is none', condition({ id: 'a/b' }), 'R4#id', 'Condition.id'],
    [
      'a year that is none',
      condition({ recordedDate: '0000-01-01' }),
      'R4#dateTime',
      'Condition.recordedDate',
    ],
    ['an empty meta', condition({ meta: {} }), 'ele-1', 'Condition.meta'],
    [
      'a profile of another type',
      condition({
        meta: {
          lastUpdated: '2026-01-01T00:00:00Z',
          profile: ['http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_AllergyIntolerance_eCS'],
        },
      }),
      'tsunagi-profile-type',
      'Condition.meta.profile[0]',
    ],
    [
      'a national profile that there is not',
      condition({
        meta: {
          lastUpdated: '2026-01-01T00:00:00Z',
          profile: [CONDITION, 'http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Conditions_eCS'],
        },
      }),
      'tsunagi-profile-unknown',
      'Condition.meta.profile[1]',
    ],
    [
      'a type that is not the reference’s',
      condition({ subject: { reference: 'Patient/1', type: 'Group' } }),
      'R4#reference-type',
      'Condition.subject.type',
    ],
    [
      'a reference of the wrong type',
      condition({ subject: { reference: 'Organization/1' } }),
      'R4#Condition.subject:target',
      'Condition.subject',
    ],
  ])('%s', (_kind, resource, rule, path) => {
    const [verdict] = expectVerdicts(JSON.stringify(resource))
    expect(verdict?.level).toBe('nonconformant')
    expect(verdict?.issues).toContainEqual(expect.objectContaining({ rule, path }))
  })

  test('a number that nobody can count with', () => {
    const text = JSON.stringify(result({ valueQuantity: { value: 987654, unit: 'g/dL' } }))
    const [verdict] = expectVerdicts(text.replace('987654', '1e999'))
    expect(verdict).toMatchObject({ level: 'nonconformant' })
    expect(verdict?.issues).toContainEqual(
      expect.objectContaining({ rule: 'R4#decimal', path: 'Observation.value.value' }),
    )
  })

  test.each(['9.9.9', '1.5.9', '1.13.0-preR1', 'abc', ''])(
    'a version that is not known is named, and fits where it would at a known one: %j',
    (version) => {
      const at = (profile: string) =>
        condition({ meta: { lastUpdated: '2026-01-01T00:00:00Z', profile: [profile] } })
      const [verdict] = expectVerdicts(JSON.stringify(at(`${CONDITION}|${version}`)))
      expect(verdict).toMatchObject({
        level: 'convertible',
        issues: [{ rule: 'tsunagi-profile-version', path: 'Condition.meta.profile[0]' }],
      })
      const broken = { ...at(`${CONDITION}|${version}`), verificationStatus: undefined }
      expect(expectVerdicts(JSON.stringify(broken))[0]?.level).toBe('nonconformant')
      for (const known of [CONDITION, `${CONDITION}|1`, `${CONDITION}|1.12.0`])
        expect(expectVerdicts(JSON.stringify(at(known)))[0]?.issues).toEqual([])
    },
  )

  test('a reference out of the Bundle is named at its entry', () => {
    const bundle = JSON.stringify(resourceOf('referral/good-1.12.0'))
    const first = /"reference":"(urn:uuid:[0-9a-f-]+)"/.exec(bundle)?.[1] ?? ''
    const verdicts = expectVerdicts(
      bundle.replace(`"reference":"${first}"`, '"reference":"urn:uuid:00000000-0000-4000-8000-0000000000ff"'),
    )
    const dangling = verdicts.flatMap(({ path, issues }) =>
      issues.filter(({ rule }) => rule === 'R4#dangling').map((each) => `${path} ${each.path}`),
    )
    expect(dangling).toHaveLength(1)
    expect(dangling[0]).toMatch(/^Bundle\.entry\[\d+\]\.resource [A-Z]/)
  })

  test('what a Bundle’s rule says of a record is said at the record, from there', () => {
    const bundle = resourceOf('submission/broken-ended-without-date')
    const [whole, ...held] = expectVerdicts(JSON.stringify(bundle))
    expect(whole?.issues.map(({ path }) => path)).toContain('Bundle.entry[1].resource.abatement')
    expect(held.flatMap(({ issues }) => issues.map(({ path }) => path))).toContain('Condition.abatement')
    // A Bundle inside another is told from itself.
    const outer = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: bundle }] }
    const inner = expectVerdicts(JSON.stringify(outer)).find(
      ({ path }) => path === 'Bundle.entry[0].resource',
    )
    expect(inner?.issues).toEqual(whole?.issues)
  })

  test('what stands among things that are none keeps its place', () => {
    const held = {
      resource: { resourceType: 'Condition', code: { text: '腰痛' }, subject: { display: 'x' } },
    }
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [null, 5, {}, { resource: [] }, held],
    }
    expect(expectVerdicts(JSON.stringify(bundle)).map(({ path }) => path)).toEqual([
      'Bundle',
      'Bundle.entry[4].resource',
    ])
    const [own] = expectVerdicts(
      JSON.stringify(result({ component: ['x', { code: { text: 'y' }, valueQuantity: { value: 4 } }] })),
    )
    expect(own?.issues.map(({ path }) => path)).toContain('Observation.component[1].value.unit')
  })

  test('a number without a unit is told of whoever sends it, and is no rule of R4', () => {
    const plain = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: '体重' },
      component: [{ code: { text: '朝' }, valueQuantity: { value: 61.5 } }],
    }
    expect(expectVerdicts(JSON.stringify(plain))).toMatchObject([
      {
        level: 'readable',
        issues: [{ rule: 'tsunagi-quantity-unit', path: 'Observation.component[0].value.unit' }],
      },
    ])
  })

  test('a circle of references ends, and is judged like any other', () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: ['a', 'b'].map((id, index) => ({
        fullUrl: `https://x.example/Encounter/${id}`,
        resource: {
          resourceType: 'Encounter',
          id,
          status: 'finished',
          class: { display: '外来' },
          partOf: { reference: `Encounter/${index === 0 ? 'b' : 'a'}` },
        },
      })),
    }
    expect(expectVerdicts(JSON.stringify(bundle)).map(({ path }) => path)).toEqual([
      'Bundle',
      'Bundle.entry[0].resource',
      'Bundle.entry[1].resource',
    ])
  })

  test('very deep: up to the limit judged, beyond it refused, and never a full stack', () => {
    const nested = (depth: number) => {
      let extension: Json = { url: 'https://x.example/e', valueBoolean: true }
      for (let level = 0; level < depth; level++)
        extension = { url: 'https://x.example/e', extension: [extension] }
      return JSON.stringify(condition({ extension: [extension] }))
    }
    expect(expectVerdicts(nested(20))[0]?.resourceType).toBe('Condition')
    expect(expectVerdicts(nested(100))[0]?.issues[0]?.rule).toBe('tsunagi-json')
  })

  test('cut off anywhere', () => {
    const text = JSON.stringify(condition({}))
    for (let end = 0; end < text.length; end += 7)
      expect(expectVerdicts(text.slice(0, end))[0]?.issues[0]?.rule).toBe('tsunagi-json')
  })
})

/** What stands in for a value: other types, other versions, what no person can read. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  -1.5,
  '',
  ' ',
  '\u0007',
  'ｱ',
  '　',
  '2026-02-30',
  '#nowhere',
  [],
  {},
  [[]],
  [null],
  { resourceType: 'Patient' },
  { extension: [{ url: 'x' }] },
  'x'.repeat(10_000),
]

interface Mutation {
  at: number
  how: 'remove' | 'replace' | 'wrap' | 'rename' | 'repeat'
  by: number
}

/** Every object and list inside, in the order they are met. */
function places(root: object): Json[] {
  const found: Json[] = []
  const unseen: unknown[] = [root]
  while (unseen.length > 0) {
    const value = unseen.shift()
    if (typeof value !== 'object' || value === null) continue
    found.push(value as Json)
    unseen.push(...Object.values(value))
  }
  return found
}

function mutate(resource: object, { at, how, by }: Mutation): void {
  const all = places(resource)
  const place = all[at % all.length] ?? {}
  const names = Object.keys(place)
  const name = names[by % Math.max(names.length, 1)]
  if (name === undefined) return
  const value = place[name]
  if (how === 'remove') delete place[name]
  else if (how === 'replace') place[name] = structuredClone(STRANGE[by % STRANGE.length])
  else if (how === 'wrap') place[name] = [value]
  else if (how === 'repeat') place[`_${name}`] = value
  else place[`${name}Strange`] = value
}

test('no change of any record of the corpus makes it throw, or drops a resource', () => {
  const mutation = fc.record({
    at: fc.nat(5_000),
    how: fc.constantFrom<Mutation['how']>('remove', 'replace', 'wrap', 'rename', 'repeat'),
    by: fc.nat(5_000),
  })
  fc.assert(
    fc.property(
      fc.constantFrom(...CORPUS_TEXTS),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      (text, mutations) => {
        const resource = JSON.parse(text) as Json
        for (const each of mutations) mutate(resource, each)
        const changed = JSON.stringify(resource)
        const verdicts = expectVerdicts(changed)
        expect(verdicts).toHaveLength(1 + heldIn(resource))
        const { timeline, undisplayed } = alignAnswers(
          [
            {
              region: { id: 'minato', name: 'みなと' },
              state: 'complete',
              items: [...ITEM_CODES],
              resources: [{ text: changed }],
            },
          ],
          ITEM_CODES,
        )
        expect(timeline.length + undisplayed.length).toBeLessThanOrEqual(1)
      },
    ),
    { numRuns: 500 },
  )
}, 60_000)

/** How many resources a Bundle holds, at most as deep as anybody is told of. */
function heldIn({ resourceType, entry }: Json, depth = 0): number {
  if (resourceType !== 'Bundle' || depth >= 3 || !Array.isArray(entry)) return 0
  return entry.reduce<number>((sum, each: unknown) => {
    const resource = (each as { resource?: unknown } | null)?.resource
    const isResource = typeof resource === 'object' && resource !== null && !Array.isArray(resource)
    return isResource ? sum + 1 + heldIn(resource as Json, depth + 1) : sum
  }, 0)
}
