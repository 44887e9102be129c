import { recordAudits } from '../../audit/index.ts'
import type { Transaction } from '../../kernel/database.ts'
import { refuse } from '../../vocabulary/index.ts'
import { findHoldings } from '../link-store.ts'
import { mayBeOne } from '../linkage/index.ts'
import { type PatientId, patientIdOf, refOf } from '../patient-id.ts'
import { relink } from '../relink.ts'
import type { DecisionVerb } from '../review-tables.ts'
import { type DecisionRow, findDeclared, findPairs, insertDecision, type PairSaid } from './decision-store.ts'
import { declaredSame, lockPersons, type Sides } from './lock-persons.ts'
import { groupsOf, isRisky } from './weigh-merge.ts'

/** Who decides: a person, as their region knows them. */
export interface Clerk {
  region: string
  clerk: string
}

export interface Deciding {
  by: Clerk
  /** Who confirmed it, where it needs two. */
  second?: Clerk | undefined
  reason: string
  at: Date
}

export interface Decision {
  id: number
  /** Persons about whom something changed; their epochs were raised. */
  persons: string[]
}

/**
 * These registrations are one human being, and so is everybody who belongs to one of them. It holds whatever they say
 * later, until it is undone. Throws HubError: an earlier decision says the contrary, or a second clerk is needed.
 */
export async function mergePersons(
  tx: Transaction,
  merged: readonly [PatientId, ...PatientId[]],
  deciding: Deciding,
): Promise<Decision> {
  const [own, ...others] = merged.map(refOf) as [string, ...string[]]
  const sides = await lockPersons(tx, [own, ...others])
  const groups = groupsOf(sides, [own, ...others])
  if (groups.length === 1) throw refuse('decision-void')
  const pairs = groups.flatMap((x, at) => groups.slice(at + 1).flatMap((y) => cross(x, y, 'same')))
  if (await isContradicted(tx, pairs)) throw refuse('decision-contradicts')
  if (isRisky(sides, groups) && !isSecond(deciding)) throw refuse('second-person-required')
  const decided = await declare(tx, { verb: 'merge', changed: own, pairs }, sides, deciding)
  await mustBeTogether(tx, own, others)
  return decided
}

/** These registrations are not the human being whom the rest of their person is. */
export async function splitPerson(
  tx: Transaction,
  leaving: readonly PatientId[],
  deciding: Deciding,
): Promise<Decision> {
  const refs = leaving.map(refOf)
  const sides = await lockPersons(tx, refs)
  const rest = [...new Set(refs.flatMap(sides.of))].filter((ref) => !refs.includes(ref))
  const [changed] = refs
  if (changed === undefined) throw refuse('decision-void')
  return declare(tx, { verb: 'split', changed, pairs: cross(refs, rest, 'different') }, sides, deciding)
}

/** The registration is none of these others, whether anything joins them now or not. */
export async function keepApart(
  tx: Transaction,
  own: PatientId,
  others: readonly PatientId[],
  deciding: Deciding,
): Promise<Decision> {
  const sides = await lockPersons(tx, [own, ...others].map(refOf))
  const pairs = cross([refOf(own)], others.map(refOf), 'different')
  return declare(tx, { verb: 'split', changed: refOf(own), pairs }, sides, deciding)
}

/** The registration is not the human being it was taken for, but the one whom `to` is. */
export async function moveRegistration(
  tx: Transaction,
  moved: PatientId,
  to: PatientId,
  deciding: Deciding,
): Promise<Decision> {
  const own = refOf(moved)
  const sides = await lockPersons(tx, [own, refOf(to)])
  const [left, right] = [sides.of(own).filter((ref) => ref !== own), sides.of(refOf(to))]
  if (right.includes(own)) throw refuse('decision-void')
  const joined = cross([own], right, 'same')
  if (await isContradicted(tx, joined)) throw refuse('decision-contradicts')
  if (isRisky(sides, [[own], right]) && !isSecond(deciding)) throw refuse('second-person-required')
  const pairs = [...cross([own], left, 'different'), ...joined]
  const decided = await declare(tx, { verb: 'move', changed: own, pairs }, sides, deciding)
  await mustBeTogether(tx, own, [refOf(to)])
  return decided
}

export interface Declaration {
  verb: DecisionVerb
  /** Whoever goes or comes: of two halves the other one stays the person that it was. */
  changed: string
  pairs: readonly PairSaid[]
  undoes?: number | null
}

/** Puts what is said on record and links by it. Throws HubError where it says nothing new, or contradicts. */
export async function declare(
  tx: Transaction,
  { verb, changed, pairs, undoes = null }: Declaration,
  sides: Sides,
  { by, second, reason, at }: Deciding,
): Promise<Decision> {
  if (!pairs.every((pair) => mayBeSaid(sides, pair))) throw refuse('never-one-person')
  const held = new Map((await findPairs(tx, pairs)).map((pair) => [keyOf(pair), pair.said]))
  const said = pairs.map((pair) => ({ ...pair, before: held.get(keyOf(pair)) ?? null }))
  if (!said.some(({ said: after, before }) => after !== before)) throw refuse('decision-void')
  const row: Omit<DecisionRow, 'id'> = {
    ...{ verb, region: by.region, clerk: by.clerk, reason, undoes, at },
    ...{ secondRegion: second?.region ?? null, secondClerk: second?.clerk ?? null },
  }
  const id = await insertDecision(tx, row, said)
  const refs = [...new Set(said.flatMap(({ a, b }) => [a, b]))].sort()
  if (await isContradictory(tx, refs)) throw refuse('decision-contradicts')
  const { persons, entries } = await relink(tx, {
    changed: patientIdOf(changed),
    around: sides.members,
    held: sides.personOf(changed),
    ...{ isEnded: false, isNew: false, days: sides.days, at },
  })
  const own = {
    kind: 'link.decided',
    at,
    detail: {
      ...{ decision: id, verb, undoes, region: by.region, clerk: by.clerk, reason },
      ...{ second: second === undefined ? null : { region: second.region, clerk: second.clerk } },
      pairs: said.map(({ a, b, said: after }) => ({ a, b, said: after })),
    },
    about: refs.map(aboutRef),
  } as const
  await recordAudits(tx, [own, ...entries])
  return { id, persons }
}

/** Whom no rule could join because of what they are, no clerk joins. */
function mayBeSaid({ members }: Sides, { a, b, said }: PairSaid): boolean {
  const [left, right] = [a, b].map((ref) => members.find((each) => each.ref === ref))
  return (
    said !== 'same' || left === undefined || right === undefined || mayBeOne(left.features, right.features)
  )
}

function aboutRef(ref: string): string {
  const { region, localId } = patientIdOf(ref)
  return `registration:${region}|${localId}`
}

function cross(left: readonly string[], right: readonly string[], said: 'same' | 'different'): PairSaid[] {
  return left.flatMap((a) => right.filter((b) => b !== a).map((b) => ({ a, b, said })))
}

function keyOf({ a, b }: { a: string; b: string }): string {
  return [a, b].sort().join('\n')
}

/** Whether people have said the contrary of any of these. */
async function isContradicted(tx: Transaction, pairs: readonly PairSaid[]): Promise<boolean> {
  return (await findPairs(tx, pairs)).some(({ said }) => said === 'different')
}

/** Whether two who were declared different are declared the same through others: of an undo, for one. */
async function isContradictory(tx: Transaction, refs: readonly string[]): Promise<boolean> {
  const groups = [...(await declaredSame(tx, refs)).values()]
  const declared = await findDeclared(tx, [...new Set(groups.flat())])
  return declared.some(
    ({ a, b, said }) =>
      said === 'different' && groups.some((group) => group.includes(a) && group.includes(b)),
  )
}

/** What was decided must also be so: too many that resemble these would be held apart all the same. */
async function mustBeTogether(tx: Transaction, own: string, others: readonly string[]): Promise<void> {
  const refs = (await findHoldings(tx, [own])).map(({ ref }) => ref)
  if (!others.every((ref) => refs.includes(ref))) throw refuse('decision-impossible')
}

/** Whether two people decide. */
export function isSecond({ by, second }: Deciding): boolean {
  return second !== undefined && (second.region !== by.region || second.clerk !== by.clerk)
}
