import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { connectedGroups } from '../../../src/identity/linkage/connected-groups.ts'
import {
  type Clustering,
  clusterRegistrations,
  decideLink,
  type Member,
  openLinkage,
  type PairDecision,
} from '../../../src/identity/linkage/index.ts'
import { fixtures } from '../../support/fixtures.ts'
import { anyRecord } from '../any-record.ts'
import { featuresOf, HANAKO, recordSchema } from '../resident.ts'

const clusterCase = z.strictObject({
  case: z.string(),
  /** Each differs from the sample resident in what it says. */
  registrations: z.record(z.string(), recordSchema),
  persons: z.array(z.array(z.string())),
  possible: z.array(z.tuple([z.string(), z.string(), z.string()])),
})

describe('decided clusters', () => {
  test.each(fixtures('identity/clusters', clusterCase))('$case', ({ registrations, persons, possible }) => {
    const members = Object.entries(registrations).map(([ref, record]) => ({
      ref,
      features: featuresOf({ ...HANAKO, ...record }),
    }))
    const clustering = clusterRegistrations(members)
    expect(partition(clustering)).toEqual(persons.map((refs) => [...refs].sort()).sort())
    expect(clustering.possible.map(({ a, b, vetoes }) => [a, b, vetoes.join(' ')])).toEqual(possible)
  })
})

test('more registrations than one person has are filler, and nobody’s', () => {
  const alike = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ ref: `r ${at}`, features: featuresOf(HANAKO) }))
  expect(clusterRegistrations(alike(12)).clusters).toHaveLength(1)
  const { clusters, possible } = clusterRegistrations(alike(13))
  expect(clusters).toHaveLength(13)
  expect(possible).toHaveLength(78)
})

const someMembers: fc.Arbitrary<Member[]> = fc
  .array(anyRecord, { minLength: 1, maxLength: 8 })
  .map((records) => records.map((record, at) => ({ ref: `r ${at}`, features: featuresOf(record) })))

test('any order gives the same persons', () => {
  fc.assert(
    fc.property(
      someMembers.chain((members) => fc.tuple(fc.constant(members), shuffled(members))),
      ([members, again]) => {
        expect(partition(clusterRegistrations(again))).toEqual(partition(clusterRegistrations(members)))
      },
    ),
  )
})

test('everybody is in one cluster, joined to it by pairs that qualify, with nobody who is vetoed', () => {
  fc.assert(
    fc.property(someMembers, (members) => {
      const { clusters } = clusterRegistrations(members)
      expect(clusters.flatMap(({ refs }) => refs).sort()).toEqual(members.map(({ ref }) => ref).sort())
      for (const { refs, reasons } of clusters) {
        const own = members.filter(({ ref }) => refs.includes(ref))
        for (const a of own) {
          for (const b of own) if (a !== b) expect(vetoesOf(decideLink(a.features, b.features))).toEqual([])
        }
        const links = [...reasons].flatMap(([a, others]) => others.map((other) => [a, other.with] as const))
        expect(groupsOf(refs, links)).toHaveLength(1)
      }
    }),
  )
})

test('what the insured number joins stays together, whoever else comes', () => {
  fc.assert(
    fc.property(someMembers, fc.array(anyRecord, { maxLength: 3 }), (members, records) => {
      const others = records
        .map((record, at) => ({ ref: `s ${at}`, features: featuresOf({ ...record, insured: null }) }))
        .filter((other) =>
          members.every((member) => vetoesOf(decideLink(member.features, other.features)).length === 0),
        )
      const numbered = groupsOf(
        members.map(({ ref }) => ref),
        clusterRegistrations(members).clusters.flatMap(({ reasons }) =>
          [...reasons].flatMap(([a, reason]) =>
            reason.filter(({ pair }) => pair.rule === 'A1').map((other) => [a, other.with] as const),
          ),
        ),
      )
      const { clusters } = clusterRegistrations([...members, ...others])
      for (const group of numbered) {
        expect(clusters.some(({ refs }) => group.every((ref) => refs.includes(ref)))).toBe(true)
      }
    }),
  )
})

test('a pair for which a rule holds, or of a high score, is either linked or waits for a person', () => {
  fc.assert(
    fc.property(someMembers, (members) => {
      const linkage = openLinkage(members)
      const { clusters, possible } = linkage.cluster(members.map(({ ref }) => ref))
      for (const [at, a] of members.entries()) {
        for (const b of members.slice(at + 1)) {
          const isLinked = clusters.some(({ refs }) => refs.includes(a.ref) && refs.includes(b.ref))
          const isWaiting = possible.some((each) => each.a === a.ref && each.b === b.ref)
          if (isLinked) expect(isWaiting).toBe(false)
          else expect(isWaiting).toBe(['review', 'auto'].includes(linkage.pair(a.ref, b.ref).decision))
        }
      }
    }),
  )
})

function vetoesOf({ vetoes }: PairDecision): string[] {
  return vetoes.filter((veto) => veto.startsWith('V'))
}

function groupsOf(refs: readonly string[], links: readonly (readonly [string, string])[]): string[][] {
  const places = links.map(([a, b]) => [refs.indexOf(a), refs.indexOf(b)] as const)
  return connectedGroups(refs.length, places).map((group) => group.map((at) => refs[at] ?? ''))
}

function shuffled<T>(items: T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray(items, { minLength: items.length })
}

function partition({ clusters }: Clustering): string[][] {
  return clusters.map(({ refs }) => [...refs].sort()).sort()
}
