import { type PassName, passesIn } from './blocks.ts'
import type { Columns } from './columns.ts'
import { type Components, componentsOf } from './components.ts'
import { type FoundPairs, PAIR_NUMBERS } from './found-pairs.ts'
import { raritiesByKind } from './frequencies.ts'
import { type ManualDecisions, NO_DECISIONS } from './judge.ts'
import { crewOf } from './labour.ts'
import { areComparable, type Models } from './models.ts'
import { type PossiblePairs, possibleOf } from './possible-pairs.ts'
import type { PassCounts, Scan } from './scan.ts'
import type { Outcome, Settled } from './settle.ts'

/** Who is one person among all registrations of the columns. */
export interface BulkLinkage extends Outcome {
  /** Pairs that wait for a person, by place. */
  possible: PossiblePairs
  counts: BulkCounts
}

export interface BulkCounts {
  registrations: number
  clusters: number
  /** Registrations with somebody else in their cluster. */
  linked: number
  possible: number
  passes: PassCounts[]
  crowds: number
  crowded: number
}

/** Fewer are linked sooner than threads start. */
const THREADS_FROM = 20_000

export interface BulkOptions {
  manual?: ManualDecisions
  threads?: number
  /** Told after each step. */
  onStep?: (step: string) => void
}

/**
 * Links everybody with everybody, by the verdicts and the clusters of the feed: the outcome is that of feeding one by
 * one in any order. Passes run one after another in all threads, because a pair is judged in the first that finds it.
 */
export async function bulkLink(
  columns: Columns,
  models: Models,
  { manual = NO_DECISIONS, threads = 2, onStep = () => {} }: BulkOptions = {},
): Promise<BulkLinkage> {
  const parts = columns.count < THREADS_FROM ? 1 : threads
  const rarities = raritiesByKind(columns, models)
  const capped = new Uint16Array(new SharedArrayBuffer(2 * columns.count))
  const work = { columns, models, manual, rarities, capped, parts }
  await using crew = crewOf(Array.from({ length: parts }, (_, part) => ({ ...work, part })))
  await crew.all({ step: 'mark-twins' })
  const scans: Scan[] = []
  const passes = passesIn(columns)
  for (const [pass, name] of passes) {
    scans.push(...(await crew.all({ step: 'scan', pass })))
    onStep(name)
  }
  const same = manual.same.filter(([a, b]) => areComparable(columns, a, b))
  const declared: FoundPairs = {
    numbers: new Uint32Array(same.flatMap(([a, b]) => [a, b, 0])),
    count: same.length,
  }
  const components = componentsOf(columns.count, [...scans.map(({ autos }) => autos), declared], PAIR_NUMBERS)
  onStep('components')
  const outcome = emptyOutcome(components, columns.count)
  const settled = await crew.all({ step: 'settle', components, outcome })
  onStep('clusters')
  const possible = possibleOf(
    [...scans.map(({ reviews }) => reviews), ...settled.map(({ waiting }) => waiting)],
    outcome,
  )
  return {
    ...outcome,
    possible,
    counts: countsOf(
      outcome,
      possible,
      passes.map(([, name]) => passCounts(name, scans)),
      settled,
    ),
  }
}

function emptyOutcome({ top }: Components, count: number): Outcome {
  return {
    cluster: top,
    rule: new Uint8Array(new SharedArrayBuffer(count)),
    doubts: new Uint8Array(new SharedArrayBuffer(count)),
  }
}

function countsOf(
  { cluster }: Outcome,
  possible: PossiblePairs,
  passes: PassCounts[],
  settled: readonly Settled[],
): BulkCounts {
  const sizes = new Uint32Array(cluster.length)
  for (const top of cluster) sizes[top] = (sizes[top] as number) + 1
  let [clusters, alone] = [0, 0]
  for (const size of sizes) {
    if (size > 0) clusters++
    if (size === 1) alone++
  }
  return {
    registrations: cluster.length,
    clusters,
    linked: cluster.length - alone,
    possible: possible.count,
    passes,
    crowds: settled.reduce((sum, { crowds }) => sum + crowds, 0),
    crowded: settled.reduce((sum, { crowded }) => sum + crowded, 0),
  }
}

function passCounts(pass: PassName, scans: readonly Scan[]): PassCounts {
  const total: PassCounts = { pass, judged: 0, cappedBlocks: 0, cappedRegistrations: 0 }
  for (const { counts } of scans) {
    if (counts.pass !== pass) continue
    total.judged += counts.judged
    total.cappedBlocks += counts.cappedBlocks
    total.cappedRegistrations += counts.cappedRegistrations
  }
  return total
}
