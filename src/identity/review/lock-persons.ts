import type { Transaction } from '../../kernel/database.ts'
import { refuse } from '../../vocabulary/index.ts'
import { readMembers } from '../find-neighbourhood.ts'
import { findHoldings, type Held } from '../link-store.ts'
import type { Member } from '../linkage/index.ts'
import { patientIdOf } from '../patient-id.ts'
import { lockBirthDates, lockPatients } from '../store.ts'
import { findDeclared } from './decision-store.ts'

/** Persons whom a decision is about, held still until it is taken. */
export interface Sides {
  /** Everybody of the registration's person, and whom people declared the same as one of them. */
  of(ref: string): string[]
  personOf(ref: string): string | undefined
  /** All of them that are active. */
  members: Member[]
  /** Birth dates that are locked. */
  days: string[]
}

/**
 * Locks the registrations and the birth dates of everybody who belongs to their persons. Whoever joins in between is
 * not under a lock: then it is tried again. Throws `patient-unknown` for a registration that is nobody's, unless they
 * `mayRest`.
 */
export async function lockPersons(
  tx: Transaction,
  refs: readonly string[],
  { mayRest }: { mayRest: boolean } = { mayRest: false },
): Promise<Sides> {
  await lockPatients(tx, refs.map(patientIdOf))
  const locked = new Set<string>()
  for (;;) {
    const sides = await readSides(tx, refs)
    if (!mayRest && refs.some((ref) => sides.personOf(ref) === undefined)) throw refuse('patient-unknown')
    const unlocked = sides.days.filter((day) => !locked.has(day))
    if (unlocked.length === 0) return sides
    await lockBirthDates(tx, unlocked)
    for (const day of unlocked) locked.add(day)
  }
}

async function readSides(tx: Transaction, refs: readonly string[]): Promise<Sides> {
  const declared = await declaredSame(tx, refs)
  const holdings = await findHoldings(tx, [...new Set([...refs, ...declared.keys()])])
  const personOf = new Map(holdings.map(({ ref, person }) => [ref, person]))
  const members = await readMembers(tx, [...new Set([...refs, ...personOf.keys()])])
  return {
    of: (ref) => [...new Set([...companions(ref, holdings), ...(declared.get(ref) ?? [])])].sort(),
    personOf: (ref) => personOf.get(ref),
    members,
    days: [...new Set(members.flatMap(({ features }) => features.birthDate?.day ?? []))],
  }
}

/** The links of the registration's own person. */
function companions(ref: string, holdings: readonly Held[]): string[] {
  const own = holdings.find((held) => held.ref === ref)
  return holdings.filter(({ person }) => person === own?.person).map((held) => held.ref)
}

/** For each of these whom it was declared the same as, directly or through others; also who is not active now. */
export async function declaredSame(tx: Transaction, refs: readonly string[]): Promise<Map<string, string[]>> {
  const groups = new Map<string, string[]>()
  for (const ref of refs) {
    const group = new Set([ref])
    for (let fresh = [ref]; fresh.length > 0; ) {
      const pairs = (await findDeclared(tx, fresh)).filter(({ said }) => said === 'same')
      fresh = pairs.flatMap(({ a, b }) => [a, b]).filter((each) => !group.has(each))
      for (const each of fresh) group.add(each)
    }
    groups.set(ref, [...group])
  }
  return groups
}
