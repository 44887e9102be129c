import { recordAudit } from '../audit/index.ts'
import type { Caller } from '../http/index.ts'
import { personOf, personOfHandle, registeredSince } from '../identity/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { present } from '../kernel/must.ts'
import { findMember } from '../registry/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { raisePersonEpoch } from './raise-epoch.ts'
import { findVisit, insertVisit, updateVisit, type VisitRow } from './store.ts'
import { later } from './tokyo-time.ts'
import type { StatedVisit } from './visit-schema.ts'

/**
 * Keeps that an institution of the calling region treats or cares for a person. The same visit sent again may end
 * it, correct its end or take it back, never open it again: a late copy of an old message must not widen.
 */
export async function recordVisit(
  tx: Transaction,
  caller: Caller,
  stated: StatedVisit,
  at: Date,
): Promise<'recorded' | 'unchanged'> {
  const { region } = caller
  const { institution, kind, startedOn, retracted } = stated
  const member = await findMember(tx, { institution, region, at })
  if (member === undefined) throw refuse('institution-unknown', { at: 'Encounter.serviceProvider' })
  const { since, ...subject } = await subjectOf(tx, caller, stated, at)
  const key = { institution, region, kind, startedOn, ...subject }
  const found = await findVisit(tx, key)
  // Of whoever had the id before, it is not this visit.
  const known = found !== undefined && found.recordedAt >= since ? found : undefined
  // The clocks of two processes differ, and the registration came first.
  const recordedAt = later(known?.recordedAt ?? at, since)
  const endedOn = stated.endedOn ?? null
  const change = changeOf(known, { endedOn, retracted })
  if (change === 'unchanged') return 'unchanged'
  if (change === 'stale') throw refuse('version-stale', { at: 'Encounter.status' })
  const retractedAt = retracted ? at : null
  if (found === undefined) await insertVisit(tx, { ...key, endedOn, retractedAt, recordedAt })
  else {
    const lastDay = retracted && known !== undefined ? known.endedOn : endedOn
    await updateVisit(tx, key, { endedOn: lastDay, retractedAt, recordedAt })
  }
  await recordAudit(tx, {
    kind: 'visit.recorded',
    at,
    detail: {
      ...{ region, institution, visit: kind, startedOn, endedOn, retracted },
      ...(subject.localId === null ? { person: subject.personId } : { patient: subject.localId }),
    },
  })
  return 'recorded'
}

/** What the visit as sent is to the visit as known. */
function changeOf(
  known: VisitRow | undefined,
  sent: { endedOn: string | null; retracted: boolean },
): 'new' | 'changed' | 'unchanged' | 'stale' {
  if (known === undefined) return 'new'
  if (known.retractedAt !== null) return sent.retracted ? 'unchanged' : 'stale'
  if (sent.retracted) return 'changed'
  if (known.endedOn === sent.endedOn) return 'unchanged'
  return sent.endedOn === null ? 'stale' : 'changed'
}

/** By registration where there is one, so that the visit follows its links; else the person of the handle. */
async function subjectOf(
  tx: Transaction,
  { region }: Caller,
  { subject, institution }: StatedVisit,
  at: Date,
): Promise<Pick<VisitRow, 'localId' | 'personId'> & { since: Date }> {
  if ('localId' in subject) {
    await raisePersonEpoch(tx, () => personOf(tx, region, subject.localId))
    const since = await registeredSince(tx, region, subject.localId)
    return { localId: subject.localId, personId: null, since: present(since, 'a person has a registration') }
  }
  const holder = { region, institution, at }
  const personId = await raisePersonEpoch(tx, () => personOfHandle(tx, subject.handle, holder))
  return { localId: null, personId, since: new Date(0) }
}
