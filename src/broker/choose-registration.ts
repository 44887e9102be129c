import type { ConsentRecord } from '../consent/index.ts'

/** A registration of the person in a holding region, with the consent that counts for it. */
export interface Candidate {
  localId: string
  consent: ConsentRecord | undefined
}

/**
 * Whom to ask about where a region has registered somebody under several numbers: one query opens one patient
 * there. The resident's latest word says which, but a withdrawal under any of the numbers outranks it, and what
 * was refused under one is refused under all. Candidates come in an order that does not change.
 */
export function chooseRegistration(candidates: readonly Candidate[]): Candidate | undefined {
  const withdrawn = candidates.find(({ consent }) => consent?.status === 'withdrawn')
  const [latest] = candidates
    .filter(({ consent }) => consent !== undefined)
    .toSorted((a, b) => saidAt(b) - saidAt(a))
  const chosen = withdrawn ?? latest ?? candidates[0]
  if (chosen?.consent === undefined) return chosen
  const refused = [...new Set(candidates.flatMap(({ consent }) => consent?.refused ?? []))]
  return { ...chosen, consent: { ...chosen.consent, refused } }
}

function saidAt({ consent }: Candidate): number {
  return consent?.validFrom.getTime() ?? 0
}
