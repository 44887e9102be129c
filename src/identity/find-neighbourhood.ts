import type { Queryable } from '../kernel/database.ts'
import { type Linkage, type Member, openLinkage, releaseKeys } from './linkage/index.ts'
import { refOf } from './patient-id.ts'
import { type Compared, findCandidates } from './store.ts'

/** More people of one birth date at one lot, number or telephone than there are: filler. */
const CANDIDATES_MAX = 128

/** Far more than hang together around one person: a dummy that many share. */
const MEMBERS_MAX = 24

export interface Neighbourhood {
  /** The starting registrations and all that hang together with them. */
  members: Member[]
  /** All who share a key with a member, made ready for judging: they may wait for a person to decide. */
  linkage: Linkage
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
  let linkage = openLinkage(start)
  let fresh = [...start]
  while (fresh.length > 0) {
    const keys = fresh.flatMap(({ features }) => releaseKeys(features)).filter((key) => !asked.has(key))
    const rows = await findCandidates(db, keys, CANDIDATES_MAX)
    for (const key of keys) asked.add(key)
    for (const row of rows) {
      const member = memberOf(row)
      if (!compared.has(member.ref)) compared.set(member.ref, member)
    }
    linkage = openLinkage([...compared.values()])
    fresh = joined(members, compared, linkage)
    for (const member of fresh) members.set(member.ref, member)
    if (rows.length > CANDIDATES_MAX || members.size > MEMBERS_MAX) {
      return { members: [...start], linkage: openLinkage(start), compared: [], isCrowded: true }
    }
  }
  return { members: [...members.values()], linkage, compared: [...compared.values()], isCrowded: false }
}

export function memberOf(row: Compared): Member {
  return { ref: refOf(row), features: row.features }
}

/** Those compared which hang together with a member and are none yet. */
function joined(
  members: ReadonlyMap<string, Member>,
  compared: ReadonlyMap<string, Member>,
  linkage: Linkage,
): Member[] {
  return [...compared.values()].filter(
    ({ ref }) =>
      !members.has(ref) && [...members.values()].some((member) => linkage.hangTogether(member.ref, ref)),
  )
}
