import { type Member, numberKeys } from './linkage/index.ts'
import { refOf } from './patient-id.ts'
import type { IndexReader } from './read-index.ts'
import type { RegistrationRow } from './store.ts'

/** More than twins are many times over: a number that so many share is filler. */
const HOUSEHOLD_MAX = 64

/**
 * Those whom the registration was linked with, or possibly was, before it changed, and who share its number and birth
 * date: with it gone from among them they may come apart, or come together. Gives its person too.
 */
export async function formerNeighbours(
  read: IndexReader,
  known: RegistrationRow,
): Promise<{ former: Member[]; person: string | undefined }> {
  const ref = refOf(known)
  const [linked, household, waiting] = await Promise.all([
    read.holdings([ref]),
    read.candidates(numberKeys(known.features)),
    read.waiting([ref]),
  ])
  const refs = new Set([
    ...linked.map((held) => held.ref),
    ...waiting.flatMap(({ a, b }) => [a, b]),
    ...household.slice(0, HOUSEHOLD_MAX + 1).map(refOf),
  ])
  refs.delete(ref)
  return {
    former: await read.members([...refs]),
    person: linked.find((held) => held.ref === ref)?.person,
  }
}
