import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AccessFacts,
  type BreakGlass,
  DENY_REASONS,
  decideAccess,
  narrowedBy,
} from '../../src/consent/index.ts'
import {
  FORM_COVERS,
  INSTITUTION_KIND_CODES,
  ITEM_CODES,
  type Item,
  POST_CODES,
  type Policy,
  PROFESSION_CODES,
  STAGES,
  type Stage,
  VISIT_KIND_CODES,
  WARNING_CODES,
} from '../../src/vocabulary/index.ts'
import { readAs } from '../support/sample-policy.ts'

const some = <Code>(codes: readonly Code[]) =>
  fc.subarray([...codes], { minLength: Math.ceil(codes.length / 2) })

/** Nearly always what lets a query pass: with many rules, facts drawn evenly would pass none. */
const mostly = <T>(likely: T, any: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 40, arbitrary: fc.constant(likely) }, { weight: 1, arbitrary: any })

const instant = fc.date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2027-01-01T00:00:00Z'),
  noInvalidDate: true,
})
const everybody = {
  kinds: [...INSTITUTION_KIND_CODES],
  professions: [...PROFESSION_CODES],
  posts: [...POST_CODES],
}
const somebody = {
  kinds: some(INSTITUTION_KIND_CODES),
  professions: some(PROFESSION_CODES),
  posts: some(POST_CODES),
}
const FORMS = ['a', 'b', 'c'] as const

const viewing = fc
  .tuple(fc.array(fc.record({ ...somebody, items: some(ITEM_CODES) }), { maxLength: 5 }), some(ITEM_CODES))
  .chain(([rows, items]) => mostly([...rows, { ...everybody, items }], fc.constant(rows)))

const policy = fc.record({
  version: fc.constant(1),
  effectiveFrom: fc.constant('2026-01-01T00:00:00+09:00'),
  decided: fc.constant({ body: '理事会', on: '2026-01-01', minutes: '議事録' }),
  draft: fc.boolean(),
  shared: some(ITEM_CODES),
  viewing,
  unvisited: fc.constantFrom('block', 'warn'),
  visits: fc.record({
    kinds: some(VISIT_KIND_CODES),
    days: fc.integer({ min: 1, max: 400 }),
    keptDays: fc.constant(400),
  }),
  firstVisit: fc.record(somebody).map((row) => ({ who: [row] })),
  breakGlass: fc
    .tuple(fc.boolean(), fc.record(somebody), fc.constantFrom(null, 'life-or-body'))
    .map(([all, some, withoutConsent]) => ({ who: [all ? everybody : some], withoutConsent })),
  search: fc.boolean().map((all) => ({ nameAlone: all ? [everybody] : [] })),
  atQueryConsent: mostly(false, fc.constant(true)),
  ceilings: fc.constant({ perUser: 100, perInstitution: 1_000 }),
  forms: mostly<Policy['forms']>(
    { a: readAs('medical-and-care'), b: readAs('medical'), c: readAs('medical-and-care') },
    fc.dictionary(fc.constantFrom(...FORMS), fc.constantFrom(...FORM_COVERS).map(readAs)),
  ),
  secondCheckPercent: fc.constant(10),
  showsWithholding: fc.boolean(),
  deceasedDays: fc.integer({ min: 0, max: 400 }),
  proxy: fc.constant({ lapsesAtAge: 18, graceDays: 90 }),
}) as fc.Arbitrary<Policy>

const consent = fc.record({
  version: fc.integer({ min: 1, max: 9 }),
  status: mostly<'active' | 'withdrawn' | 'stopped' | 'left'>(
    'active',
    fc.constantFrom('withdrawn', 'stopped', 'left'),
  ),
  signedAt: fc.constant(new Date('2025-05-20T00:00:00+09:00')),
  form: fc.constantFrom(...FORMS),
  validFrom: mostly(new Date('2025-06-01T00:00:00+09:00'), instant),
  validUntil: mostly<Date | undefined>(undefined, instant),
  refused: fc.subarray([...ITEM_CODES], { maxLength: 4 }),
  refusedInstitutions: mostly<string[]>([], fc.constant(['1419900011'])),
  refusedRegions: mostly<string[]>([], fc.constant(['sagamino'])),
  proxy: mostly<{ relation: 'parent'; residentBorn: string } | undefined>(
    undefined,
    fc.constantFrom('2008-03-01', '2015-01-01').map((residentBorn) => ({ relation: 'parent', residentBorn })),
  ),
  deceasedOn: mostly<string | undefined>(undefined, fc.constantFrom('2025-12-01', '2026-06-01')),
})

const asking = fc
  .record({
    region: fc.constant('sagamino'),
    stage: mostly<Stage>('asking', fc.constantFrom(...STAGES)),
    institution: fc.record({
      number: fc.constant('1419900011'),
      kind: fc.constantFrom(...INSTITUTION_KIND_CODES),
      isMember: mostly(true, fc.constant(false)),
    }),
    profession: fc.constantFrom(...PROFESSION_CODES),
    post: fc.constantFrom(...POST_CODES),
    items: some(ITEM_CODES),
    policy: fc.option(policy, { nil: undefined }),
    named: mostly<AccessFacts['asking']['named']>(
      'registration',
      fc.constantFrom('with-insured-number', 'name-alone'),
    ),
    agreed: fc.boolean(),
    firstVisit: fc.option(fc.record({ warnings: fc.subarray([...WARNING_CODES]) }), { nil: undefined }),
    breakGlass: fc.option(
      fc.record({
        openForMs: mostly(0, fc.integer({ min: -100_000, max: 4_000_000 })),
        secondFactor: mostly(true, fc.constant(false)),
        isExact: mostly(true, fc.constant(false)),
      }),
      { nil: undefined, freq: 3 },
    ),
    misstated: mostly(false, fc.constant(true)),
  })
  .map(({ misstated, ...each }) => ({
    ...each,
    purpose: (each.breakGlass !== undefined) === misstated ? ('TREAT' as const) : ('BTG' as const),
  }))

const anyFacts: fc.Arbitrary<AccessFacts> = fc
  .record({
    at: instant,
    asking,
    holding: fc.record({
      region: fc.constant('minato'),
      stage: mostly<Stage>('answering', fc.constantFrom(...STAGES)),
      agreement: fc.option(fc.record({ items: some(ITEM_CODES) }), { nil: undefined, freq: 40 }),
      policy,
      consent: fc.option(consent, { nil: undefined, freq: 20 }),
      formerConsent: fc.option(consent, { nil: undefined, freq: 20 }),
      protected: mostly(false, fc.constant(true)),
      deceasedOn: mostly<string | undefined>(undefined, fc.constantFrom('2025-12-01', '2026-06-01')),
      viewedToday: fc.record({
        byUser: mostly(0, fc.integer({ min: 0, max: 200 })),
        byInstitution: mostly(0, fc.integer({ min: 0, max: 2_000 })),
        isAmongThem: fc.boolean(),
      }),
    }),
    visited: mostly(true, fc.constant(false)),
  })
  .map((drawn) => ({ ...drawn, asking: { ...drawn.asking, breakGlass: brokenAt(drawn) } }))

/** The hour is drawn by how long ago it began. */
function brokenAt({
  at,
  asking: { breakGlass },
}: {
  at: Date
  asking: { breakGlass: { openForMs: number; secondFactor: boolean; isExact: boolean } | undefined }
}): BreakGlass | undefined {
  if (breakGlass === undefined) return undefined
  const { openForMs, ...how } = breakGlass
  return { ...how, since: new Date(at.getTime() - openForMs) }
}

test('the facts drawn here are permitted often enough to say something', () => {
  const drawn = fc.sample(anyFacts, { numRuns: 1_000, seed: 1 })
  expect(drawn.filter((facts) => permitted(facts).length > 0).length).toBeGreaterThan(300)
})

/** Each makes the facts more restrictive in one way; `pick` chooses where. */
const RESTRICTIONS: Record<string, (facts: AccessFacts, pick: Item) => AccessFacts> = {
  'the asking council lets nobody break the glass': (f) =>
    ownCouncil(f, { breakGlass: { ...f.holding.policy.breakGlass, who: [] } }),
  'the asking council lets nobody confirm a first visit, and blocks': (f) =>
    ownCouncil(f, { unvisited: 'block', firstVisit: { who: [] } }),
  'the council lets nobody confirm a first visit': (f) => council(f, { firstVisit: { who: [] } }),
  'the council asks for consent at each viewing': (f) => council(f, { atQueryConsent: true }),
  'nobody states that the resident agreed': (f) => ({ ...f, asking: { ...f.asking, agreed: false } }),
  'nobody states a first visit': (f) => ({ ...f, asking: { ...f.asking, firstVisit: undefined } }),
  'a warning is not acknowledged': (f) => ({
    ...f,
    asking: {
      ...f.asking,
      firstVisit: f.asking.firstVisit && { warnings: f.asking.firstVisit.warnings.slice(1) },
    },
  }),
  'the login is by one factor': (f) => glass(f, { secondFactor: false }),
  'the person is named in part': (f) => glass(f, { isExact: false }),
  'the hour is over': (f) => glass(f, { since: new Date(f.at.getTime() - 3_600_001) }),
  'the council lets nobody find by name alone': (f) => council(f, { search: { nameAlone: [] } }),
  'the person is found by name alone': (f) => ({ ...f, asking: { ...f.asking, named: 'name-alone' } }),
  'the ceilings are lowered': (f) => council(f, { ceilings: { perUser: 1, perInstitution: 1 } }),
  'the day’s views are many, and not of this person': (f) =>
    holding(f, { viewedToday: { byUser: 5_000, byInstitution: 5_000, isAmongThem: false } }),
  'the person has died': (f) => holding(f, { deceasedOn: '2020-01-01' }),
  'viewing after death ends sooner': (f) => council(f, { deceasedDays: 0 }),
  'the agreement ends': (f) => ({ ...f, holding: { ...f.holding, agreement: undefined } }),
  'an item leaves the agreement': (f, pick) =>
    holding(f, { agreement: f.holding.agreement && { items: without(f.holding.agreement.items, pick) } }),
  'the asking region is suspended': (f) => ({ ...f, asking: { ...f.asking, stage: 'suspended' } }),
  'the holding region leaves': (f) => holding(f, { stage: 'left' }),
  'the membership ends': (f) => ({
    ...f,
    asking: { ...f.asking, institution: { ...f.asking.institution, isMember: false } },
  }),
  'the person becomes protected': (f) => holding(f, { protected: true }),
  'the resident withdraws': (f) => resident(f, { status: 'withdrawn' }),
  'the resident stops by telephone': (f) => resident(f, { status: 'stopped' }),
  'the resident leaves the region': (f) => resident(f, { status: 'left' }),
  'the resident keeps everything from the asking region': (f) =>
    resident(f, { refusedRegions: [f.asking.region] }),
  'the resident keeps everything from the asking institution': (f) =>
    resident(f, { refusedInstitutions: [f.asking.institution.number] }),
  'a parent turns out to have signed for a minor': (f) =>
    resident(f, { proxy: { relation: 'parent', residentBorn: '2008-03-01' } }),
  'the council hears that the resident died': (f) => resident(f, { deceasedOn: '2025-12-01' }),
  'the resident keeps an item back': (f, pick) =>
    resident(f, { refused: [...(f.holding.consent?.refused ?? []), pick] }),
  'something was said under an id that was merged': (f, pick) => holding(f, merged(f, pick)),
  'the consent ends now': (f) => resident(f, { validUntil: f.at }),
  'the consent begins later': (f) => resident(f, { validFrom: new Date(f.at.getTime() + 1) }),
  'the council takes back its reading of the forms': (f) => council(f, { forms: {} }),
  'the council reads every form as own region only': (f) =>
    council(f, { forms: { a: readAs('own-region'), b: readAs('own-region'), c: readAs('own-region') } }),
  'the council shares an item no longer': (f, pick) =>
    council(f, { shared: without(f.holding.policy.shared, pick) }),
  'a row leaves the viewing matrix': (f) => council(f, { viewing: f.holding.policy.viewing.slice(1) }),
  'an item leaves every row of the matrix': (f, pick) =>
    council(f, {
      viewing: f.holding.policy.viewing.map((row) => ({ ...row, items: without(row.items, pick) })),
    }),
  'the council lets nobody break the glass': (f) =>
    council(f, { breakGlass: { ...f.holding.policy.breakGlass, who: [] } }),
  'the council names no legal ground': (f) =>
    council(f, { breakGlass: { ...f.holding.policy.breakGlass, withoutConsent: null } }),
  'the visit no longer counts': (f) => ({ ...f, visited: false }),
  'fewer items are asked': (f, pick) => ({
    ...f,
    asking: { ...f.asking, items: without(f.asking.items, pick) },
  }),
}

describe('adding a restriction never widens', () => {
  test.each(Object.keys(RESTRICTIONS))('%s', (name) => {
    const restrict = RESTRICTIONS[name]
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...ITEM_CODES), (facts, pick) => {
        const before = permitted(facts)
        for (const item of permitted(restrict?.(facts, pick) ?? facts)) expect(before).toContain(item)
      }),
      { numRuns: 500 },
    )
  })

  test('nor do several, one after another', () => {
    const steps = fc.array(fc.constantFrom(...Object.values(RESTRICTIONS)), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(anyFacts, steps, fc.constantFrom(...ITEM_CODES), (facts, restrictions, pick) => {
        const before = permitted(facts)
        const after = restrictions.reduce((each, restrict) => restrict(each, pick), facts)
        for (const item of permitted(after)) expect(before).toContain(item)
      }),
      { numRuns: 1_000 },
    )
  })
})

test('the order of items, rows and names does not matter', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      expect(decideAccess(reversed(facts))).toEqual(decideAccess(facts))
    }),
    { numRuns: 1_000 },
  )
})

test('asking for items together gives what asking for each alone gives', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const alone = facts.asking.items.flatMap((item) =>
        permitted({ ...facts, asking: { ...facts.asking, items: [item] } }),
      )
      expect(new Set(permitted(facts))).toEqual(new Set(alone))
    }),
    { numRuns: 1_000 },
  )
})

test('what is permitted was asked for, is not refused, and stands in the order of the catalogue', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const items = permitted(facts)
      expect(items).toEqual(ITEM_CODES.filter((item) => items.includes(item)))
      for (const item of items) {
        expect(facts.asking.items).toContain(item)
        expect(facts.holding.policy.shared).toContain(item)
        expect(facts.holding.consent?.refused ?? []).not.toContain(item)
      }
    }),
    { numRuns: 1_000 },
  )
})

test('every reason to deny is reached by some facts', () => {
  const missing = new Set<string>(Object.keys(DENY_REASONS))
  for (let seed = 1; seed <= 40 && missing.size > 0; seed++) {
    for (const facts of fc.sample(anyFacts, { numRuns: 1_000, seed })) {
      const verdict = decideAccess(facts)
      if (verdict.verdict === 'deny') missing.delete(verdict.reason)
    }
  }
  expect([...missing]).toEqual([])
})

test('break-glass never permits what a withdrawal or protection denies, whatever the policy', () => {
  const restricted = fc.constantFrom('the resident withdraws', 'the person becomes protected')
  fc.assert(
    fc.property(anyFacts, restricted, (facts, name) => {
      fc.pre(facts.holding.consent !== undefined)
      const emergency = breakingGlass(RESTRICTIONS[name]?.(facts, 'condition') ?? facts)
      expect(permitted(emergency)).toEqual([])
    }),
    { numRuns: 1_000 },
  )
})

test('break-glass gives nothing that a visit would not have given, where a consent is on record', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      fc.pre(facts.holding.consent !== undefined)
      const visit = { ...facts.asking, agreed: true, breakGlass: undefined, purpose: 'TREAT' as const }
      const viewedToday = { byUser: 0, byInstitution: 0, isAmongThem: true }
      const usual = permitted({ ...holding(facts, { viewedToday }), asking: visit, visited: true })
      for (const item of permitted(breakingGlass(facts))) expect(usual).toContain(item)
    }),
    { numRuns: 1_000 },
  )
})

/** What was said under a merged id: it ended, or keeps an item back. */
function merged({ holding: { consent, formerConsent } }: AccessFacts, pick: Item) {
  const said = consent ?? formerConsent
  if (said === undefined) return {}
  const other = { ...said, refused: [pick], status: pick === 'condition' ? 'stopped' : 'active' } as const
  return narrowedBy(consent, [other, ...(formerConsent === undefined ? [] : [formerConsent])])
}

function permitted(facts: AccessFacts): Item[] {
  const verdict = decideAccess(facts)
  return verdict.verdict === 'permit' ? verdict.items : []
}

function holding(facts: AccessFacts, change: Partial<AccessFacts['holding']>): AccessFacts {
  return { ...facts, holding: { ...facts.holding, ...change } }
}

function council(facts: AccessFacts, change: Partial<AccessFacts['holding']['policy']>): AccessFacts {
  return holding(facts, { policy: { ...facts.holding.policy, ...change } })
}

function ownCouncil(facts: AccessFacts, change: Partial<Policy>): AccessFacts {
  const policy = { ...(facts.asking.policy ?? facts.holding.policy), ...change }
  return { ...facts, asking: { ...facts.asking, policy } }
}

function glass(facts: AccessFacts, change: Partial<BreakGlass>): AccessFacts {
  const { breakGlass } = facts.asking
  return { ...facts, asking: { ...facts.asking, breakGlass: breakGlass && { ...breakGlass, ...change } } }
}

function resident(
  facts: AccessFacts,
  change: Partial<NonNullable<AccessFacts['holding']['consent']>>,
): AccessFacts {
  return holding(facts, { consent: facts.holding.consent && { ...facts.holding.consent, ...change } })
}

function without(items: readonly Item[], pick: Item): Item[] {
  return items.filter((item) => item !== pick)
}

function breakingGlass(facts: AccessFacts): AccessFacts {
  const breakGlass = { since: facts.at, secondFactor: true, isExact: true }
  return { ...facts, visited: false, asking: { ...facts.asking, breakGlass, purpose: 'BTG' } }
}

function reversed(facts: AccessFacts): AccessFacts {
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turn).reverse()
    if (typeof value !== 'object' || value === null || value instanceof Date) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, turn(each)]))
  }
  return turn(facts) as AccessFacts
}
