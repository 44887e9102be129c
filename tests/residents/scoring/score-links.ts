import { groupsOf, joinable, pairsIn } from './groups.ts'
import {
  combinationOf,
  isConfirmedPair,
  isSoundPair,
  missedLinkCauses,
  wrongLinkCause,
} from './name-causes.ts'
import { openTally, type Tallied } from './tally.ts'
import type { Truth } from './truth.ts'
import { upperBound95 } from './upper-bound.ts'

/** In a larger cluster only the pairs of the first records are named by cause; all are counted. */
const NAMED_RECORDS_MAX = 300
const COMBINATIONS_SHOWN_MAX = 40

export interface Recall {
  pairs: number
  auto: number
  withReview: number
}

export interface Score {
  records: number
  persons: number
  autoLinks: number
  wrongLinks: number
  precision: number
  wrongPerMillionLinks: number
  wrongPerMillionLinksUpper95: number
  personsMixedPerMillion: number
  recall: Recall
  soundRecall: Recall
  soundConfirmedRecall: Recall
  bCubed: { precision: number; recall: number }
  wrongByCause: Tallied[]
  missedByCombination: Tallied[]
  /** Of the true pairs a cause touches, how many were missed. */
  missedByCause: { cause: string; pairs: number; missed: number }[]
}

/** The cluster each record is in, 0 for none, and one more than the highest. */
export interface Links {
  cluster: Int32Array
  clusters: number
}

/** Compares clusters with the truth, pair by pair. A record without a cluster stands alone. */
export function scoreLinks(
  truth: Truth,
  { cluster, clusters }: Links,
  review: readonly [number, number][],
): Score {
  const joined = joinable(truth.records)
  const wrong = countWrong(truth, { cluster, clusters }, joined.join)
  for (const [one, other] of review) if (truth.person[one] === truth.person[other]) joined.join(one, other)
  const found = countFound(truth, cluster, joined.areJoined)
  const perMillion = (count: number) => (wrong.autoLinks === 0 ? 0 : (count / wrong.autoLinks) * 1e6)
  return {
    records: truth.records,
    persons: truth.persons - 1,
    autoLinks: wrong.autoLinks,
    wrongLinks: wrong.wrongLinks,
    precision: wrong.autoLinks === 0 ? 1 : 1 - wrong.wrongLinks / wrong.autoLinks,
    wrongPerMillionLinks: perMillion(wrong.wrongLinks),
    wrongPerMillionLinksUpper95: perMillion(upperBound95(wrong.wrongLinks)),
    personsMixedPerMillion: (wrong.personsMixed / (truth.persons - 1)) * 1e6,
    ...found,
    bCubed: bCubed(truth, { cluster, clusters }),
    wrongByCause: wrong.byCause,
  }
}

function countWrong(truth: Truth, { cluster, clusters }: Links, join: (one: number, other: number) => void) {
  const { person, keyOf } = truth
  const byCause = openTally()
  const mixed = new Set<number>()
  let autoLinks = 0
  let rightLinks = 0
  for (const group of groupsOf(cluster, clusters)) {
    if (group.length === 1) continue
    autoLinks += pairsIn(group.length)
    const byPerson = Map.groupBy(group, (record) => person[record] ?? 0)
    for (const records of byPerson.values()) {
      rightLinks += pairsIn(records.length)
      for (const record of records) join(records[0] ?? record, record)
    }
    if (byPerson.size === 1) continue
    for (const who of byPerson.keys()) mixed.add(who)
    const named = group.slice(0, NAMED_RECORDS_MAX)
    named.forEach((one, place) => {
      for (const other of named.slice(place + 1)) {
        if (person[one] === person[other]) continue
        byCause.add(wrongLinkCause(truth, one, other), keyOf(one), keyOf(other))
      }
    })
  }
  return {
    autoLinks,
    wrongLinks: autoLinks - rightLinks,
    personsMixed: mixed.size,
    byCause: byCause.most(COMBINATIONS_SHOWN_MAX),
  }
}

function countFound(truth: Truth, cluster: Int32Array, areJoined: (one: number, other: number) => boolean) {
  const recall = emptyRecall()
  const soundRecall = emptyRecall()
  const soundConfirmedRecall = emptyRecall()
  const combinations = openTally()
  const byCause = new Map<string, { cause: string; pairs: number; missed: number }>()
  for (const group of groupsOf(truth.person, truth.persons)) {
    for (const [one, other] of everyPair(group)) {
      const isLinked = cluster[one] !== 0 && cluster[one] === cluster[other]
      const count = (into: Recall) => {
        into.pairs++
        if (isLinked) into.auto++
        if (areJoined(one, other)) into.withReview++
      }
      count(recall)
      if (isSoundPair(truth, one, other)) {
        count(soundRecall)
        if (isConfirmedPair(truth, one, other)) count(soundConfirmedRecall)
      }
      const causes = missedLinkCauses(truth, one, other)
      for (const cause of causes) {
        const entry = byCause.get(cause) ?? { cause, pairs: 0, missed: 0 }
        entry.pairs++
        if (!isLinked) entry.missed++
        byCause.set(cause, entry)
      }
      if (!isLinked) combinations.add(combinationOf(causes), truth.keyOf(one), truth.keyOf(other))
    }
  }
  return {
    recall,
    soundRecall,
    soundConfirmedRecall,
    missedByCombination: combinations.most(COMBINATIONS_SHOWN_MAX),
    missedByCause: [...byCause.values()].sort(
      (one, other) => other.missed - one.missed || other.pairs - one.pairs,
    ),
  }
}

function* everyPair(group: Int32Array): Generator<[number, number]> {
  for (let place = 0; place < group.length; place++) {
    for (let next = place + 1; next < group.length; next++) yield [group[place] ?? 0, group[next] ?? 0]
  }
}

function emptyRecall(): Recall {
  return { pairs: 0, auto: 0, withReview: 0 }
}

/** B³ (Bagga and Baldwin): of what shares a record's cluster, and of its person's records, how much is right. */
function bCubed(
  { person, persons, records }: Truth,
  { cluster, clusters }: Links,
): { precision: number; recall: number } {
  const sizeOf = new Int32Array(persons)
  for (const who of person) sizeOf[who] = (sizeOf[who] ?? 0) + 1
  let precision = 0
  let recall = 0
  for (const group of groupsOf(cluster, clusters)) {
    for (const [who, { length }] of Map.groupBy(group, (record) => person[record] ?? 0)) {
      precision += length ** 2 / group.length
      recall += length ** 2 / (sizeOf[who] ?? 1)
    }
  }
  cluster.forEach((group, record) => {
    if (group !== 0) return
    precision += 1
    recall += 1 / (sizeOf[person[record] ?? 0] ?? 1)
  })
  return { precision: precision / records, recall: recall / records }
}
