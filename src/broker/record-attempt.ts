import { type AuditPromise, recordAudit } from '../audit/index.ts'
import { noteNeed } from '../identity/index.ts'
import { HubError } from '../kernel/hub-error.ts'
import type { JsonValue } from '../kernel/strict-json.ts'
import type { SignedCall } from '../registry/index.ts'
import { consumeOnce, queryOf } from '../trust/index.ts'
import { refuse } from '../vocabulary/index.ts'
import type { Decision, SourceVerdict } from './decide-sources.ts'
import { aboutOf, askerOf } from './entry-detail.ts'
import type { Hub } from './hub.ts'
import type { Query } from './read-query.ts'
import { recordEmergency } from './record-emergency.ts'
import { countMiss } from './view-store.ts'
import { viewerOf } from './viewer.ts'

/**
 * Step 4: puts the attempt on record in the transaction that uses up the request, whatever was decided.
 * Nothing leaves before it committed. A replay is recorded as one and refused.
 */
export async function recordAttempt(hub: Hub, query: Query, decision: Decision): Promise<AuditPromise> {
  const at = hub.now()
  const promise = await hub.db.transaction(async (tx) => {
    if (!(await consumeOnce(tx, 'tsunagi-request+jwt', query.call.claims))) {
      await recordAudit(tx, {
        kind: 'replay.refused',
        at,
        detail: { request: query.call.digest, region: query.call.region.id },
      })
      return undefined
    }
    if (query.person.by === 'demographics' && decision.person === undefined) {
      await countMiss(tx, viewerOf(query, at))
    }
    await recordEmergency(tx, query, decision, at)
    // Whoever is asked about is worth an index clerk's look sooner, if anything is doubted about who they are.
    await noteNeed(tx, decision.person?.registrations ?? [], 'queries', at)
    return recordAudit(tx, {
      kind: 'query.attempt',
      at,
      detail: {
        ...askerOf(query),
        person: decision.person?.id ?? null,
        verdicts: decision.verdicts.map(spoken),
      },
      about: aboutOf(decision),
    })
  })
  if (promise === undefined) throw refuse('token-replayed')
  return promise
}

function spoken({ region, verdict, versions }: SourceVerdict): { [key: string]: JsonValue } {
  return verdict.verdict === 'permit'
    ? { region: region.id, verdict: 'permit', ground: verdict.ground, items: [...verdict.items], versions }
    : { region: region.id, verdict: 'deny', reason: verdict.reason, versions }
}

/**
 * A query that was refused while it was read or resolved leaves an attempt on record too, and is used up. Whatever
 * is no refusal (a database that cannot serve) leaves none: then nothing was decided either.
 */
export async function recordRefused(hub: Hub, call: SignedCall, error: unknown): Promise<void> {
  if (!(error instanceof HubError)) return
  const at = hub.now()
  const claims = queryOf(call.claims)
  const asker = claims === undefined ? {} : askerOf({ call, claims, items: claims.items })
  const detail = { request: call.digest, region: call.region.id, ...asker, code: error.code }
  await hub.db.transaction(async (tx) => {
    const isFirst = await consumeOnce(tx, 'tsunagi-request+jwt', call.claims)
    await recordAudit(tx, { kind: isFirst ? 'query.refused' : 'replay.refused', at, detail })
  })
}

/** The denial of a query that no source may answer; asker and hub keep the same proof of it as of an answer. */
export function recordDenial(hub: Hub, query: Query): Promise<AuditPromise> {
  const at = hub.now()
  return hub.db.transaction((tx) => recordAudit(tx, { kind: 'query.denial', at, detail: askerOf(query) }))
}
