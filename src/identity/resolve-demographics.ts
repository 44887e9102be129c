import type { Queryable } from '../kernel/database.ts'
import { findNeighbourhood } from './find-neighbourhood.ts'
import { findHoldings } from './link-store.ts'
import { levelIn } from './linkage/index.ts'
import { openReader } from './read-index.ts'
import { readPatient } from './read-patient.ts'

/** Not a region's id: it stands for the record in the asker's hands, which is never kept. */
const ASKED = 'asked'

/** Levels at which two records hold one insured number; a filler or another number is none of the person's. */
const SAME_NUMBER = ['person', 'household', 'loose']

/**
 * The one person with whom the demographics that an institution holds would be linked if they were fed, by the
 * same rules and the same vetoes, and whether the insured number given is theirs. Undefined for unknown and ambiguous alike. Throws as `readPatient` does.
 */
export async function resolveByDemographics(
  db: Queryable,
  patientText: string,
  at: Date,
): Promise<{ personId: string; isByNumber: boolean } | undefined> {
  const { features } = readPatient(patientText, at)
  const near = await findNeighbourhood(openReader(db), [{ ref: ASKED, features }], { isNew: true })
  const { clusters } = near.linkage.cluster(near.members.map(({ ref }) => ref))
  const own = clusters.find(({ refs }) => refs.includes(ASKED))?.refs.filter((ref) => ref !== ASKED) ?? []
  const holdings = await findHoldings(db, own)
  const [personId, ...others] = new Set(holdings.map(({ person }) => person))
  const isWhole = holdings.length === own.length && holdings.every((row) => own.includes(row.ref))
  if (personId === undefined || others.length > 0 || !isWhole) return undefined
  const isByNumber = own.some((ref) =>
    SAME_NUMBER.includes(levelIn(near.linkage.pair(ASKED, ref), 'insured')),
  )
  return { personId, isByNumber }
}
