import { recordAudit } from '../audit/index.ts'
import { tokyoDate } from '../consent/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { type ToldRegion, tellRegions } from '../registry/index.ts'
import { sha256 } from '../trust/index.ts'
import { addWorkingDays } from '../vocabulary/index.ts'
import { permittedSources } from './ask-sources.ts'
import type { Decision } from './decide-sources.ts'
import { countEmergencies, putEmergency, putReviews } from './emergency-store.ts'
import type { Query } from './read-query.ts'

const DAY_MS = 86_400_000
const REPORT_MS = DAY_MS
const REVIEW_WORKING_DAYS = 5
/** The sixth within a day is allowed, and somebody is told at once. */
const HABIT_MIN = 6

/**
 * Before anything is asked for: opens the emergency, what its user and the holding councils owe, and tells each
 * council. The same hour, user and person are one emergency, however often they ask.
 */
export async function recordEmergency(
  tx: Transaction,
  query: Query,
  { person, verdicts }: Decision,
  at: Date,
): Promise<void> {
  const { call, claims } = query
  const { breakGlass, institution, user, profession, post } = claims
  const sources = permittedSources(verdicts, query.types)
  if (breakGlass === undefined || person === undefined || sources.length === 0) return
  const region = call.region.id
  const brokenAt = new Date((breakGlass.since ?? call.claims.iat) * 1000)
  const id = sha256(JSON.stringify([region, institution, user, person.id, brokenAt.toISOString()]))
  const reportDueAt = new Date(brokenAt.getTime() + REPORT_MS)
  const reviewDueOn = addWorkingDays(tokyoDate(brokenAt), REVIEW_WORKING_DAYS)
  const isNew = await putEmergency(tx, {
    ...{ id, region, institution, userId: user, profession, post, personId: person.id },
    ...{ reason: breakGlass.reason, brokenAt, reportDueAt },
  })
  const told = await putReviews(
    tx,
    sources.map(({ region: { id: holding }, localId }) => ({
      emergency: id,
      holding,
      localId,
      dueOn: reviewDueOn,
    })),
  )
  const viewer = { region, institution, user }
  const notices = sources
    .filter((source) => told.includes(source.region.id))
    .map(
      (source): ToldRegion => ({
        region: source.region.id,
        notice: {
          ...{ kind: 'emergency', emergency: id, patient: source.localId, ...viewer, profession, post },
          ...{ reason: breakGlass.reason, at: brokenAt.toISOString() },
          ...{ reportDueAt: reportDueAt.toISOString(), reviewDueOn },
        },
      }),
    )
  await tellRegions(tx, notices, at)
  if (isNew) await tellOfHabit(tx, { ...viewer, userId: user }, [region, ...told], at)
  if (told.length > 0) {
    const detail = {
      emergency: id,
      request: call.digest,
      ...viewer,
      holders: told,
      reason: breakGlass.reason,
    }
    await recordAudit(tx, { kind: 'emergency.opened', at, detail })
  }
}

async function tellOfHabit(
  tx: Transaction,
  { userId, ...viewer }: { region: string; institution: string; user: string; userId: string },
  regions: readonly string[],
  at: Date,
): Promise<void> {
  const { region, institution } = viewer
  const since = new Date(at.getTime() - DAY_MS)
  const count = await countEmergencies(tx, { region, institution, userId, since })
  if (count < HABIT_MIN) return
  const notice = { kind: 'emergency-habit', ...viewer, count, at: at.toISOString() } as const
  await tellRegions(
    tx,
    regions.map((each) => ({ region: each, notice })),
    at,
  )
}
