import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnsOf } from '../../../src/identity/linkage/columns.ts'
import {
  bulkLink,
  type Declarations,
  type Member,
  MODELS,
  openLinkage,
  releaseKeys,
  searchKeys,
} from '../../../src/identity/linkage/index.ts'
import { decisionOf, doubtsIn } from '../../../src/identity/linkage/verdict.ts'
import { anyMembers } from './any-features.ts'

const NOTHING: Declarations = { same: [], different: [] }

const membersAndDeclarations = (maxLength: number) =>
  anyMembers(maxLength).chain((members) => {
    const ref = fc.constantFrom(...members.map((member) => member.ref))
    const pairs = fc.array(
      fc.tuple(ref, ref).filter(([a, b]) => a !== b),
      { maxLength: members.length > 1 ? 2 : 0 },
    )
    return fc.tuple(fc.constant(members), fc.record({ same: pairs, different: pairs }))
  })

describe('bulk linkage', () => {
  test('gives the persons that feeding one by one gives, in any order, with whatever people declared', async () => {
    await fc.assert(
      fc.asyncProperty(
        membersAndDeclarations(9).chain(([members, declared]) =>
          fc.tuple(
            fc.constant(members),
            fc.constant(declared),
            fc.shuffledSubarray(members, { minLength: members.length }),
          ),
        ),
        async ([members, declared, order]) => {
          const { persons } = await linked(members, declared)
          expect(persons).toEqual(fedOneByOne(order, declared))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('finds the pairs to review that looking at every pair finds, as far as they share a key', async () => {
    await fc.assert(
      fc.asyncProperty(membersAndDeclarations(9), async ([members, declared]) => {
        const { possible } = await linked(members, declared)
        const linkage = openLinkage(members, declared)
        const expected = linkage
          .cluster(members.map(({ ref }) => ref))
          .possible.filter(({ a, b, pair }) => pair.rule !== undefined || shareKey(members, a, b))
          .map(({ a, b, vetoes }) => [a, b, ...vetoes])
        for (const each of expected) expect(possible).toContainEqual(each)
        for (const [a = '', b = ''] of possible) expect(linkage.pair(a, b).decision).not.toBe('none')
      }),
      { numRuns: 100 },
    )
  })

  test('gives the same on threads of its own', async () => {
    const sample = fc.sample(anyMembers(12), { numRuns: 4000, seed: 7 })
    // Each sample in a month and a town of its own, so that there are many people.
    const members = sample.flatMap((some, at) =>
      some.map(({ ref, features, standing }) => {
        const month = String(1 + (Math.floor(at / 120) % 12)).padStart(2, '0')
        const day = features.birthDate?.day.replace(/^1961-\d\d/, `${1900 + (at % 120)}-${month}`)
        const birthDate = features.birthDate && day ? { ...features.birthDate, day } : undefined
        const insured = features.insured && { ...features.insured, symbol: String(at) }
        const address = features.address && { ...features.address, town: `町${at}`, townKey: undefined }
        const own = { birthDate, insured, address, formerAddresses: [], formerInsured: [], mobiles: [] }
        return { ref: `${at} ${ref}`, features: { ...features, ...own }, standing }
      }),
    )
    expect(members.length).toBeGreaterThan(20_000)
    const columns = () =>
      columnsOf(
        members.map(({ features }) => features),
        members.map(({ standing }) => standing ?? {}),
      )
    const [one, two] = await Promise.all([1, 2].map((threads) => bulkLink(columns(), MODELS, { threads })))
    expect(two?.counts).toEqual(one?.counts)
    expect(one?.counts.linked).toBeGreaterThan(100)
    for (const part of ['cluster', 'rule', 'doubts'] as const) {
      expect(Buffer.compare(Buffer.from(two?.[part] ?? []), Buffer.from(one?.[part] ?? []))).toBe(0)
    }
    expect(two?.possible).toEqual(one?.possible)
  })

  test('reports a block too large to compare, and links what other keys bring together', async () => {
    const members = Array.from({ length: 2100 }, (_, at): Member => {
      const person = Math.floor(at / 2)
      return {
        ref: `r ${at}`,
        features: {
          family: { kana: `サトウ` },
          given: { kana: kanaOf(person) },
          birthDate: { day: '1961-02-03', isPlaceholder: false },
          sex: 'female',
          mobiles: [`070${String(person).padStart(8, '0')}`],
        },
      }
    })
    const { persons, counts } = await linked(members, NOTHING)
    expect(counts.passes.find(({ pass }) => pass === 'surnameReading')).toMatchObject({
      cappedBlocks: 1,
      cappedRegistrations: 2100,
    })
    expect(persons).toHaveLength(1050)
  })

  test('more than hang together around one person are left alone, and counted', async () => {
    const features = {
      family: { kanji: '高橋', kana: 'タカハシ' },
      given: { kanji: '裕子', kana: 'ユウコ' },
      birthDate: { day: '1961-02-03', isPlaceholder: false },
      sex: 'female' as const,
      mobiles: ['07000000001'],
    }
    const members = Array.from({ length: 30 }, (_, at) => ({ ref: `r ${at}`, features }))
    const { persons, counts } = await linked(members, NOTHING)
    expect(persons).toHaveLength(30)
    expect(counts).toMatchObject({ crowds: 1, crowded: 30, linked: 0 })
  })
})

const KANA = [...'アイウエオカキクケコサシスセソタチツテトナニヌネノ']
const kanaOf = (number: number) =>
  [number, number / 25, number / 625].map((part) => KANA[Math.floor(part) % 25]).join('')

async function linked(members: readonly Member[], declared: Declarations) {
  const places = new Map(members.map(({ ref }, at) => [ref, at]))
  const placed = (pairs: Declarations['same']) =>
    pairs.map(([a, b]) => [places.get(a) ?? 0, places.get(b) ?? 0] as const)
  const columns = columnsOf(
    members.map(({ features }) => features),
    members.map(({ standing }) => standing ?? {}),
  )
  const manual = { same: placed(declared.same), different: placed(declared.different) }
  const { cluster, possible, counts } = await bulkLink(columns, MODELS, { manual })
  const groups = Map.groupBy(members.keys(), (place) => cluster[place])
  const refOf = (place = 0) => members[place]?.ref ?? ''
  return {
    counts,
    persons: [...groups.values()].map((group) => group.map(refOf).sort()).sort(),
    possible: Array.from({ length: possible.count }, (_, at) => {
      const [verdict = 0, doubts = 0] = [possible.verdict[at], possible.doubts[at]]
      const more =
        decisionOf(verdict) === 'auto' ? ['V11', 'V12'].filter((_, bit) => (doubts >> bit) & 1) : []
      return [refOf(possible.a[at]), refOf(possible.b[at]), ...[...doubtsIn(verdict), ...more].sort()]
    }),
  }
}

/** As the feed does it: whoever hangs together with the newcomer, directly or through others, is decided anew. */
function fedOneByOne(order: readonly Member[], declared: Declarations): string[][] {
  const known: Member[] = []
  const personOf = new Map<string, string[]>()
  for (const newcomer of order) {
    known.push(newcomer)
    const linkage = openLinkage(known, declared)
    const near = new Set([newcomer])
    for (const member of near) {
      for (const other of known) {
        const isDeclared = declared.same.some((pair) => pair.includes(member.ref) && pair.includes(other.ref))
        const isFound = isDeclared || shareRelease(member, other)
        if (isFound && other !== member && linkage.hangTogether(member.ref, other.ref)) near.add(other)
      }
    }
    for (const { refs } of linkage.cluster([...near].map(({ ref }) => ref)).clusters) {
      for (const ref of refs) personOf.set(ref, [...refs].sort())
    }
  }
  return [...new Map([...personOf.values()].map((refs) => [refs.join(), refs])).values()].sort()
}

function shareRelease(a: Member, b: Member): boolean {
  const keys = releaseKeys(b.features)
  return releaseKeys(a.features).some((key) => keys.includes(key))
}

function shareKey(members: readonly Member[], a: string, b: string): boolean {
  const keysOf = (ref: string) => {
    const member = members.find((each) => each.ref === ref)
    return member === undefined ? [] : searchKeys(member.features)
  }
  const keys = keysOf(b)
  return keysOf(a).some((key) => keys.includes(key))
}
