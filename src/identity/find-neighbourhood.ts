import type { Queryable } from '../kernel/database.ts'
import { blockingKeys } from './blocking-keys.ts'
import type { Member } from './cluster-registrations.ts'
import { decideLink } from './decide-link.ts'
import { refOf } from './patient-id.ts'
import { type Compared, findCandidates } from './store.ts'

/** More people of one birth date at one lot, number or telephone than there are: filler. */
const CANDIDATES_MAX = 128

/** Far more than hang together around one person: a dummy that many share. */
const MEMBERS_MAX = 24

export interface Neighbourhood {
  /** The starting registrations and all that hang together with them by pairs which qualify. */
  members: Member[]
  /** Those that were compared, and may wait for a person to decide. */
  compared: Member[]
  /** Too many to decide about, so nothing may be concluded. */
  isCrowded: boolean
}

/**
 * Everybody whom a decision about `start` can touch: who is linked depends on whom the neighbours' neighbours
 * qualify with, so the whole connected group is read.
 */
export async function findNeighbourhood(db: Queryable, start: readonly Member[]): Promise<Neighbourhood> {
  const members = new Map(start.map((member) => [member.ref, member]))
  const compared = new Map(members)
  const asked = new Set<bigint>()
  let fresh = [...start]
  while (fresh.length > 0) {
    const keys = fresh.flatMap(({ features }) => blockingKeys(features)).filter((key) => !asked.has(key))
    const rows = await findCandidates(db, keys, CANDIDATES_MAX)
    for (const key of keys) asked.add(key)
    for (const row of rows) {
      const member = memberOf(row)
      if (!compared.has(member.ref)) compared.set(member.ref, member)
    }
    fresh = joined(members, compared)
    for (const member of fresh) members.set(member.ref, member)
    if (rows.length > CANDIDATES_MAX || members.size > MEMBERS_MAX) {
      return { members: [...start], compared: [], isCrowded: true }
    }
  }
  return { members: [...members.values()], compared: [...compared.values()], isCrowded: false }
}

export function memberOf(row: Compared): Member {
  return { ref: refOf(row), features: row.features }
}

/** Those compared which qualify with a member and are none yet. */
function joined(members: ReadonlyMap<string, Member>, compared: ReadonlyMap<string, Member>): Member[] {
  return [...compared.values()].filter(
    ({ ref, features }) =>
      !members.has(ref) &&
      [...members.values()].some((member) => decideLink(member.features, features).decision === 'auto'),
  )
}
