import { findEntriesWithin, recordAudit } from '../audit/index.ts'
import { countOverdue } from '../broker/index.ts'
import { tokyoDate, visitsOf } from '../consent/index.ts'
import { findPerson } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { randomId } from '../kernel/ids.ts'
import { findPolicy, POLICY_WHEN_NONE, type Registry, readRegistry } from '../registry/index.ts'
import { noLaterVisit, type Suspicion, suspicionsOf } from './rules.ts'
import { putFinding } from './store.ts'
import { type Attempt, groundOf, readAttempt } from './views.ts'

const DAY_MS = 86_400_000
const PAGE = 5_000
/** A visit that follows a first visit or an emergency is on record within a week. */
const LATER_DAYS = 7

export interface RulesRun {
  day: string
  attempts: number
  viewers: number
  findings: number
  /** Reports and reviews of emergencies that are owed and late. */
  overdue: { reports: number; reviews: number }
}

/**
 * Looks through the audit of one day in Japan, viewer by viewer, and through the first visits and emergencies of a
 * week before. Run again, a day gives the same findings; what somebody settled stays settled.
 */
export async function runRules(context: Context, day: string): Promise<RulesRun> {
  const registry = await readRegistry(context.db)
  const attempts = await attemptsOf(context, day)
  const viewers = Map.groupBy(attempts, keyOf)
  const overdue = await countOverdue(context.db, context.now(), tokyoDate(context.now()))
  const run: RulesRun = { day, attempts: attempts.length, viewers: viewers.size, findings: 0, overdue }
  for (const own of viewers.values()) {
    for (const suspicion of suspicionsOf(own)) run.findings += await keep(context, day, own, suspicion)
  }
  const earlier = new Date(startOf(day).getTime() - LATER_DAYS * DAY_MS + DAY_MS / 2)
    .toISOString()
    .slice(0, 10)
  const before = Map.groupBy((await attemptsOf(context, earlier)).filter(isUnvisited), keyOf)
  for (const own of before.values()) {
    const suspicion = await unfollowed(context, registry, own)
    if (suspicion !== undefined) run.findings += await keep(context, earlier, own, suspicion)
  }
  return run
}

function keyOf({ region, institution, user }: Attempt): string {
  return JSON.stringify([region, institution, user])
}

function isUnvisited(attempt: Attempt): boolean {
  const ground = groundOf(attempt)
  return ground !== undefined && ground !== 'visit'
}

function startOf(day: string): Date {
  return new Date(`${day}T00:00:00+09:00`)
}

async function attemptsOf({ db }: Context, day: string): Promise<Attempt[]> {
  const from = startOf(day)
  const until = new Date(from.getTime() + DAY_MS)
  const attempts: Attempt[] = []
  for (let after = 0; ; ) {
    const page = await findEntriesWithin(db, ['query.attempt'], { from, until, after, limit: PAGE })
    attempts.push(...page.flatMap((entry) => readAttempt(entry) ?? []))
    if (page.length < PAGE) return attempts
    after = page.at(-1)?.number ?? after
  }
}

/** Counted by the asking council's own rule of what is a visit. */
async function unfollowed(
  { db, now }: Context,
  registry: Registry,
  own: readonly Attempt[],
): Promise<Suspicion | undefined> {
  const at = now()
  const [first] = own
  if (first === undefined) return undefined
  const policy = findPolicy(registry, first.region, at)?.document ?? POLICY_WHEN_NONE
  const persons = new Set(own.flatMap(({ person }) => person ?? []))
  let missing = 0
  for (const personId of persons) {
    const registrations = (await findPerson(db, personId))?.registrations ?? []
    const hasVisited = await visitsOf(db, { institution: first.institution, personId, registrations, at })
    if (!hasVisited(policy)) missing += 1
  }
  return noLaterVisit(missing, persons.size)
}

async function keep(
  context: Context,
  day: string,
  own: readonly Attempt[],
  { rule, score, evidence }: Suspicion,
): Promise<number> {
  const [first] = own
  if (first === undefined) return 0
  const { region, institution, user: userId } = first
  const at = context.now()
  const row = { id: randomId(), rule, day, region, institution, userId, score, evidence, foundAt: at }
  return context.db.transaction(async (tx) => {
    if (!(await putFinding(tx, row))) return 0
    const detail = { rule, day, region, institution, user: userId, score, evidence }
    await recordAudit(tx, { kind: 'finding.made', at, detail })
    return 1
  })
}
