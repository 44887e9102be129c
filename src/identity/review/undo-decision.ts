import type { Transaction } from '../../kernel/database.ts'
import { must } from '../../kernel/must.ts'
import { refuse } from '../../vocabulary/index.ts'
import { patientIdOf } from '../patient-id.ts'
import { findRegistrations } from '../store.ts'
import { type Clerk, type Deciding, type Decision, declare, isSecond } from './decide-persons.ts'
import { type DecisionRow, findDecision, findHistory, findPairs, type PairSaid } from './decision-store.ts'
import { lockPersons, type Sides } from './lock-persons.ts'
import { endUndoProposal, findUndoProposal, findUndoProposals, putUndoProposal } from './undo-store.ts'
import { groupsOf, isRisky } from './weigh-merge.ts'

/** How long one clerk's wish waits for a second. */
const PROPOSAL_MS = 14 * 86_400_000

/**
 * Takes a decision back: what held before it holds again. An undo is a decision, and may be undone. Throws
 * `second-person-required` where it takes two.
 */
export async function undoDecision(tx: Transaction, id: number, deciding: Deciding): Promise<Decision> {
  const undo = await readUndo(tx, id, [
    deciding.by,
    ...(deciding.second === undefined ? [] : [deciding.second]),
  ])
  if (undo.takesTwo && !isSecond(deciding)) throw refuse('second-person-required')
  return carryOut(tx, id, undo, deciding)
}

/**
 * The same as clerks ask for it, one after another: where it takes two, the first one's wish waits for another clerk
 * who asks for it too, and `second` is given.
 */
export async function askUndo(
  tx: Transaction,
  id: number,
  asked: { by: Clerk; reason: string; at: Date },
): Promise<Decision | 'second'> {
  const { by, at } = asked
  const undo = await readUndo(tx, id, [by])
  if (!undo.takesTwo) return carryOut(tx, id, undo, asked)
  const proposal = await findUndoProposal(tx, id, new Date(at.getTime() - PROPOSAL_MS))
  const confirmed = proposal && { by: proposal.by, second: by, reason: proposal.reason, at }
  if (confirmed !== undefined && isSecond(confirmed)) return carryOut(tx, id, undo, confirmed)
  await putUndoProposal(tx, id, asked)
  return 'second'
}

/** Which of these decisions one clerk wants undone, and wait for a second. */
export function findUndoAsked(
  tx: Transaction,
  decisions: readonly { id: number }[],
  at: Date,
): Promise<number[]> {
  const ids = decisions.map(({ id }) => id)
  return findUndoProposals(tx, ids, new Date(at.getTime() - PROPOSAL_MS))
}

interface Undo {
  reversed: PairSaid[]
  sides: Sides
  takesTwo: boolean
}

/** What the undo would say, read under the locks of everybody concerned. */
async function readUndo(tx: Transaction, id: number, clerks: readonly Clerk[]): Promise<Undo> {
  const undone = await findDecision(tx, id)
  if (undone === undefined) throw refuse('decision-unknown')
  const { pairs } = undone
  if (!clerks.every(({ region }) => mayUndo(undone, pairs, region))) throw refuse('decision-of-others')
  const refs = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))]
  const sides = await lockPersons(tx, refs, { mayRest: true })
  // A pair whose registration was removed meanwhile is over, also where the id was given again, to somebody else.
  const isOver = (await findPairs(tx, pairs)).length < pairs.length
  const isAnothers = (await findRegistrations(tx, refs)).some(({ createdAt }) => createdAt > undone.at)
  if (isOver || isAnothers || !isLatest(id, await findHistory(tx, pairs))) throw refuse('decision-superseded')
  const reversed = pairs.map(({ a, b, before }) => ({ a, b, said: before }))
  const joins = reversed.some(({ said }) => said === 'same')
  const takesTwo = undone.secondClerk !== null || (joins && isRisky(sides, groupsOf(sides, refs)))
  return { reversed, sides, takesTwo }
}

/**
 * The regions whose clerks decided take it back; any other only where nothing of it lies between others, for a region
 * speaks for its own registrations alone. It may part its own from the rest instead.
 */
function mayUndo(undone: DecisionRow, pairs: readonly PairSaid[], region: string): boolean {
  if ([undone.region, undone.secondRegion].includes(region)) return true
  return pairs.every(({ a, b }) => [a, b].some((ref) => patientIdOf(ref).region === region))
}

async function carryOut(
  tx: Transaction,
  id: number,
  { reversed, sides }: Undo,
  deciding: Deciding,
): Promise<Decision> {
  const changed = reversed[0]?.a
  must(changed !== undefined, 'a decision is about somebody')
  await endUndoProposal(tx, id)
  return declare(tx, { verb: 'undo', changed, pairs: reversed, undoes: id }, sides, deciding)
}

/** Whether the decision still holds, and every later one about the same pairs was taken back. */
function isLatest(id: number, history: readonly { id: number; undoes: number | null }[]): boolean {
  const undone = new Set<number>()
  for (const { id: each, undoes } of history.toSorted((a, b) => b.id - a.id)) {
    if (each === id) return !undone.has(id)
    if (undone.has(each)) continue
    if (undoes === null) return false
    undone.add(undoes)
  }
  return false
}
