import { recordAudit } from '../../audit/index.ts'
import type { Transaction } from '../../kernel/database.ts'
import { type ToldRegion, tellRegions } from '../../registry/index.ts'
import { refuse } from '../../vocabulary/index.ts'
import { type PatientId, patientIdOf, refOf } from '../patient-id.ts'
import { agreementOf } from './agreement-of-levels.ts'
import { type Clerk, type Decision, keepApart, mergePersons } from './decide-persons.ts'
import { lockPersons } from './lock-persons.ts'
import { claimItem, type ItemState, putItemState, releaseItem } from './queue-store.ts'
import { type Item, readItem } from './read-item.ts'
import { groupsOf, isRisky } from './weigh-merge.ts'

/** How long an item is kept for the clerk who claimed it. */
const CLAIM_MS = 30 * 60_000

export const SETTLEMENTS = ['same', 'different', 'unsure', 'ask-source'] as const

export interface Settlement {
  decision: (typeof SETTLEMENTS)[number]
  /** By their names in the item; none for all of them. */
  candidates: readonly string[]
  reason: string
  /** What the clerk saw. */
  basis: string
}

export interface Settled {
  /** Where the item stands; undefined when nothing waits any more, or is told only by reading it anew. */
  state: ItemState | 'settled'
  decision: Decision | undefined
}

/** Throws `review-item-unknown`, or `review-claimed` when another clerk has it. */
export async function claim(tx: Transaction, id: PatientId, by: Clerk, at: Date): Promise<Date> {
  await readItem(tx, id)
  const until = new Date(at.getTime() + CLAIM_MS)
  if (!(await claimItem(tx, id, by, { at, until }))) throw refuse('review-claimed')
  await recordChange(tx, id, by, { did: 'claimed', until: until.toISOString() }, at)
  return until
}

export async function release(tx: Transaction, id: PatientId, by: Clerk, at: Date): Promise<void> {
  await releaseItem(tx, id, by, at)
  await recordChange(tx, id, by, { did: 'released' }, at)
}

/**
 * Settles an item by what the clerk saw of it. A merge that takes two is put up for another clerk to confirm.
 * Throws HubError, `decision-stale` when anything has changed since.
 */
export async function settleItem(
  tx: Transaction,
  id: PatientId,
  by: Clerk,
  settlement: Settlement,
  at: Date,
): Promise<Settled> {
  const { item, refs } = await lockedItem(tx, id, by, settlement, at)
  const { decision, reason } = settlement
  if (decision === 'unsure' || decision === 'ask-source') {
    const state = decision === 'unsure' ? 'unsure' : 'asked'
    await putItemState(tx, id, { state }, at)
    await recordChange(tx, id, by, { did: decision, reason }, at)
    if (state === 'asked') await askSources(tx, item, refs, at)
    return { state, decision: undefined }
  }
  const others = refs.map(patientIdOf)
  if (decision === 'different') {
    const kept = await keepApart(tx, id, others, { by, reason, at })
    return settled(tx, id, by, kept, at)
  }
  const sides = await lockPersons(tx, [refOf(id), ...refs])
  if (isRisky(sides, groupsOf(sides, [refOf(id), ...refs]))) {
    const proposed = { candidates: [...refs], reason, basis: item.basis, by }
    await putItemState(tx, id, { state: 'second', proposed }, at)
    await recordChange(tx, id, by, { did: 'proposed', reason }, at)
    return { state: 'second', decision: undefined }
  }
  return settled(tx, id, by, await mergePersons(tx, [id, ...others], { by, reason, at }), at)
}

/** Another clerk confirms what was proposed, or turns it down. */
export async function secondItem(
  tx: Transaction,
  id: PatientId,
  by: Clerk,
  said: { basis: string; isConfirmed: boolean },
  at: Date,
): Promise<Settled> {
  const { item } = await lockedItem(tx, id, by, { basis: said.basis, candidates: [] }, at)
  const { proposed } = item
  if (proposed === undefined) throw refuse('decision-stale')
  if (!said.isConfirmed) {
    await putItemState(tx, id, { state: 'open' }, at)
    await recordChange(tx, id, by, { did: 'turned-down' }, at)
    return { state: 'open', decision: undefined }
  }
  if (proposed.basis !== item.basis) throw refuse('decision-stale')
  if (proposed.by.region === by.region && proposed.by.clerk === by.clerk)
    throw refuse('second-person-required')
  const deciding = { by: proposed.by, second: by, reason: proposed.reason, at }
  const merged = await mergePersons(tx, [id, ...proposed.candidates.map(patientIdOf)], deciding)
  return settled(tx, id, by, merged, at)
}

/** Every region concerned is asked about its own registration, by the fields that do not agree; never by whose. */
async function askSources(tx: Transaction, item: Item, refs: readonly string[], at: Date): Promise<void> {
  const fieldsOf = (ref: string) =>
    Object.entries(item.waiting.find((each) => each.ref === ref)?.explanation.pairs[0]?.fields ?? {})
      .filter(([, { level }]) => agreementOf(level) !== 'equal')
      .map(([field]) => field)
  const asked = new Map(refs.map((ref) => [ref, fieldsOf(ref)]))
  asked.set(refOf(item.id), [...new Set([...asked.values()].flat())])
  const told = [...asked].map(([ref, fields]): ToldRegion => {
    const { region, localId: patient } = patientIdOf(ref)
    return { region, notice: { kind: 'registration-doubted', patient, fields, at: at.toISOString() } }
  })
  await tellRegions(tx, told, at)
}

async function settled(
  tx: Transaction,
  id: PatientId,
  by: Clerk,
  decision: Decision,
  at: Date,
): Promise<Settled> {
  await putItemState(tx, id, { state: 'open' }, at)
  await recordChange(tx, id, by, { did: 'settled', decision: decision.id }, at)
  return { state: 'settled', decision }
}

/** The item as it is under the locks of everybody in it; whoever decided meanwhile did so before. */
async function lockedItem(
  tx: Transaction,
  id: PatientId,
  by: Clerk,
  seen: Pick<Settlement, 'basis' | 'candidates'>,
  at: Date,
): Promise<{ item: Item; refs: [string, ...string[]] }> {
  const before = await readItem(tx, id)
  await lockPersons(tx, [refOf(id), ...before.waiting.map(({ ref }) => ref)], { mayRest: true })
  const item = await readItem(tx, id)
  if (item.basis !== seen.basis) throw refuse('decision-stale')
  const { claim: held } = item
  const isAnothers = held !== undefined && (held.region !== by.region || held.clerk !== by.clerk)
  if (isAnothers && held.until > at) throw refuse('review-claimed')
  const refs = item.waiting.map(({ ref }) => ref)
  const named = seen.candidates.map((name) => refs[Number(name) - 1])
  if (named.some((ref) => ref === undefined)) throw refuse('decision-stale')
  return { item, refs: (named.length === 0 ? refs : named) as [string, ...string[]] }
}

async function recordChange(
  tx: Transaction,
  { region, localId }: PatientId,
  by: Clerk,
  what: Record<string, string | number>,
  at: Date,
): Promise<void> {
  await recordAudit(tx, {
    kind: 'review.changed',
    at,
    detail: { region, patient: localId, by: { region: by.region, clerk: by.clerk }, ...what },
    about: [`registration:${region}|${localId}`],
  })
}
