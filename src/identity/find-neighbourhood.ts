import type { Queryable } from '../kernel/database.ts'
import { keysOf } from './keys-of.ts'
import { type Declarations, type Linkage, type Member, openLinkage } from './linkage/index.ts'
import { refOf } from './patient-id.ts'
import { CANDIDATES_MAX, type IndexReader } from './read-index.ts'
import { type Compared, findActive } from './store.ts'

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
 * qualify with, so the whole connected group is read. What people decided about them comes with them. `isNew`: nobody
 * can have decided anything about `start` yet.
 */
export async function findNeighbourhood(
  read: IndexReader,
  start: readonly Member[],
  { isNew }: { isNew: boolean },
): Promise<Neighbourhood> {
  const members = new Map(start.map((member) => [member.ref, member]))
  const compared = new Map(members)
  const asked = new Set<bigint>()
  const decided = decisions(read)
  let unasked = isNew ? [] : start.map(({ ref }) => ref)
  const models = await read.models()
  /** While it stays the same, so does every judgement. */
  const learnt = () => compared.size + decided.same.length + decided.different.length
  let linkage: Linkage | undefined
  let fresh = [...start]
  while (fresh.length > 0) {
    const keys = fresh.flatMap(({ features }) => keysOf(features)).filter((key) => !asked.has(key))
    const before = learnt()
    const [rows, others] = await Promise.all([read.candidates(keys), decided.about(unasked)])
    for (const key of keys) asked.add(key)
    for (const row of rows) {
      const member = memberOf(row)
      if (!compared.has(member.ref)) compared.set(member.ref, member)
    }
    const named = await decided.about(rows.filter((row) => row.isDeclared).map(refOf))
    unasked = [...others, ...named].filter((ref) => !compared.has(ref))
    for (const member of await read.members(unasked)) compared.set(member.ref, member)
    if (linkage === undefined || learnt() > before)
      linkage = openLinkage([...compared.values()], decided, models)
    fresh = joined(members, compared, linkage)
    for (const member of fresh) members.set(member.ref, member)
    if (rows.length > CANDIDATES_MAX || members.size > MEMBERS_MAX) {
      return {
        members: [...start],
        linkage: openLinkage(start, decided, models),
        compared: [],
        isCrowded: true,
      }
    }
  }
  linkage ??= openLinkage(start, decided, models)
  return { members: [...members.values()], linkage, compared: [...compared.values()], isCrowded: false }
}

/** Active registrations by their names. */
export async function readMembers(db: Queryable, refs: readonly string[]): Promise<Member[]> {
  return (await findActive(db, refs)).map(memberOf)
}

/** What people decided, as far as it was asked for. */
function decisions(read: IndexReader) {
  const asked = new Set<string>()
  const same: [string, string][] = []
  const different: [string, string][] = []
  return {
    same,
    different,
    /** Reads what was decided about these, and says with whom they were declared the same. */
    async about(refs: readonly string[]): Promise<string[]> {
      const fresh = refs.filter((ref) => !asked.has(ref))
      for (const ref of fresh) asked.add(ref)
      const pairs = await read.declared(fresh)
      for (const { a, b, said } of pairs) (said === 'same' ? same : different).push([a, b])
      return pairs.flatMap(({ a, b, said }) => (said === 'same' ? [a, b] : []))
    },
  } satisfies Declarations & { about: unknown }
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
