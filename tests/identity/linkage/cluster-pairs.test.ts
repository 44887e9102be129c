import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusterPairs } from '../../../src/identity/linkage/cluster.ts'
import { judgedPairs } from '../../../src/identity/linkage/judged-pairs.ts'
import {
  areKindred,
  asKindred,
  DOUBT,
  isAuto,
  isVetoed,
  NO_VERDICT,
  placeOfRule,
  type Verdict,
  verdictOf,
} from '../../../src/identity/linkage/verdict.ts'

const NUMBER = verdictOf(placeOfRule('A1'), 'auto', 0)
const PLACE = verdictOf(placeOfRule('A3'), 'auto', 0)
const RARE = asKindred(verdictOf(0, 'review', DOUBT['no-rule']))
const VETOED = verdictOf(placeOfRule('A3'), 'review', DOUBT.V1)
const COUNT = 7

type Matrix = (a: number, b: number) => Verdict

const matrices: fc.Arbitrary<Matrix> = fc
  .array(fc.constantFrom(NO_VERDICT, NO_VERDICT, PLACE, PLACE, NUMBER, RARE, VETOED), {
    minLength: COUNT * COUNT,
    maxLength: COUNT * COUNT,
  })
  .map((cells) => (a, b) => cells[Math.min(a, b) * COUNT + Math.max(a, b)] as Verdict)

const clustersOf = (judge: Matrix) => clusterPairs(judgedPairs(COUNT, judge)).clusters

test('everybody is in one cluster, and whoever is not joined though they qualify has a reason', () => {
  fc.assert(
    fc.property(matrices, (judge) => {
      const { clusters, doubts } = clusterPairs(judgedPairs(COUNT, judge))
      expect(clusters.flat().sort()).toEqual(Array.from({ length: COUNT }, (_, place) => place))
      const clusterOf = new Map(clusters.flatMap((cluster) => cluster.map((place) => [place, cluster])))
      for (let a = 0; a < COUNT; a++) {
        for (let b = a + 1; b < COUNT; b++) {
          if (!isAuto(judge(a, b)) || clusterOf.get(a) === clusterOf.get(b)) continue
          expect([...(doubts[a] ?? []), ...(doubts[b] ?? [])].length).toBeGreaterThan(0)
        }
      }
    }),
    { numRuns: 2_000 },
  )
})

test('nobody is in a cluster against a veto of any member, nor without qualifying with somebody of it', () => {
  fc.assert(
    fc.property(matrices, (judge) => {
      for (const cluster of clustersOf(judge)) {
        for (const a of cluster) {
          const others = cluster.filter((b) => b !== a)
          expect(others.some((b) => isVetoed(judge(a, b)))).toBe(false)
          expect(others.length === 0 || others.some((b) => isAuto(judge(a, b)))).toBe(true)
        }
      }
    }),
    { numRuns: 2_000 },
  )
})

test('the order in which registrations stand changes nothing', () => {
  const orders = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: COUNT, maxLength: COUNT })
  fc.assert(
    fc.property(matrices, orders, (judge, order) => {
      const shuffled = clustersOf((a, b) => judge(order[a] as number, order[b] as number))
      const named = shuffled.map((cluster) => cluster.map((place) => order[place] as number).sort())
      expect(named.sort()).toEqual(
        clustersOf(judge)
          .map((cluster) => [...cluster].sort())
          .sort(),
      )
    }),
    { numRuns: 2_000 },
  )
})

test('kindred may stand beside each other through a third, and not a fourth who does not', () => {
  const chain =
    (between: Verdict): Matrix =>
    (a, b) =>
      Math.abs(a - b) === 1 && Math.max(a, b) < 3 ? PLACE : Math.max(a, b) < 3 ? between : NO_VERDICT
  expect(clustersOf(chain(RARE)).filter((cluster) => cluster.length > 1)).toEqual([[0, 1, 2]])
  expect(clustersOf(chain(NO_VERDICT)).filter((cluster) => cluster.length > 1)).toEqual([])
  expect(areKindred(RARE)).toBe(true)
})
