import type { Context } from '../kernel/context.ts'
import { isOutcomeUnknown, type Transaction } from '../kernel/database.ts'
import type { HubError } from '../kernel/hub-error.ts'
import { takeTurns } from '../kernel/take-turns.ts'
import { consumeEach, giveBack, type RequestClaims } from '../trust/index.ts'

/** A change that several requests may make in one transaction, and each by itself. */
export interface JointChange<Job, Result> {
  /** Jobs of one transaction. */
  jobsMax: number
  /** Only those of one group act together. */
  groupOf(job: Job): string
  /** Two of one key act one after the other, as they came. */
  keyOf(job: Job): string
  /** What became of each, a refusal too; whoever is not in the answer, and everybody where it throws, acts alone. */
  together(tx: Transaction, jobs: readonly Job[]): Promise<ReadonlyMap<Job, Result | HubError>>
  alone(tx: Transaction, job: Job): Promise<Result>
}

/** A request that is to act, and how it acts alone: in a transaction that uses it up. */
interface Acting<Job, Result> {
  claims: RequestClaims
  job: Job
  actAlone: () => Promise<Result>
}

const TRANSACTIONS_MAX = 1
/** No longer than one of a single feed takes. */
const GATHER_MS = 15

/**
 * Requests that come while others act go into one transaction with all that came meanwhile: it uses each of them up, and
 * costs one commit. Whoever is refused in it, or has to act alone, is not used up by it: all is as if each had come alone.
 */
export function actTogether({ db }: Context) {
  // biome-ignore lint/suspicious/noExplicitAny: Each change keeps its own types, which a map of them cannot say.
  const groups = new WeakMap<JointChange<any, any>, Map<string, (acting: Acting<any, any>) => Promise<any>>>()
  return async <Job, Result>(
    change: JointChange<Job, Result>,
    acting: Acting<Job, Result>,
  ): Promise<Result> => {
    const byGroup = groups.get(change) ?? new Map<string, (each: typeof acting) => Promise<Result>>()
    groups.set(change, byGroup)
    const name = change.groupOf(acting.job)
    const take = byGroup.get(name) ?? openGroup(db, change)
    byGroup.set(name, take)
    return take(acting)
  }
}

function openGroup<Job, Result>(db: Context['db'], change: JointChange<Job, Result>) {
  return takeTurns<Acting<Job, Result>, Result>({
    jobsMax: change.jobsMax,
    turnsMax: TRANSACTIONS_MAX,
    gatherMs: GATHER_MS,
    keyOf: ({ job }) => change.keyOf(job),
    alone: ({ actAlone }) => actAlone(),
    together: (acting) =>
      db
        .transaction((tx) => actAll(tx, change, acting))
        .catch((error) => {
          if (isOutcomeUnknown(error)) throw error
          return new Map()
        }),
  })
}

async function actAll<Job, Result>(
  tx: Transaction,
  change: JointChange<Job, Result>,
  acting: readonly Acting<Job, Result>[],
): Promise<Map<Acting<Job, Result>, Result | HubError>> {
  // Of two requests of one name the second acts alone, and finds it used.
  const nameOf = ({ claims: { iss, jti } }: Acting<Job, Result>) => `${iss}\n${jti}`
  const named = new Map(acting.toReversed().map((each) => [nameOf(each), each]))
  const fresh = await consumeEach(
    tx,
    'tsunagi-request+jwt',
    [...named.values()].map(({ claims }) => claims),
  )
  const first = acting.filter((each) => named.get(nameOf(each)) === each && fresh.has(each.claims))
  const became = await change.together(
    tx,
    first.map(({ job }) => job),
  )
  const unused = first.filter(({ job }) => !became.has(job) || became.get(job) instanceof Error)
  await giveBack(
    tx,
    'tsunagi-request+jwt',
    unused.map(({ claims }) => claims),
  )
  const done = new Map<Acting<Job, Result>, Result | HubError>()
  for (const each of first) {
    const result = became.get(each.job)
    if (result !== undefined) done.set(each, result)
  }
  return done
}
