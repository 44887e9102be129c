import type { ConsentRecord } from '../consent/index.ts'
import type { Item } from '../vocabulary/index.ts'

/** A registration of the person in a holding region, with the consent that counts for it. */
export interface Candidate {
  localId: string
  consent: ConsentRecord | undefined
  /** The day of death as the registration has it. */
  deceasedOn?: string | undefined
}

/**
 * Whom to ask about where a region has registered somebody under several numbers: one query opens one patient
 * there. The resident's latest word says which, but a withdrawal, stop or leaving under any of the numbers outranks it, and
 * what was refused under one is refused under all. Candidates come in an order that does not change.
 */
export function chooseRegistration(candidates: readonly Candidate[]): Candidate | undefined {
  const ended = candidates.find(({ consent }) => consent !== undefined && consent.status !== 'active')
  const [latest] = candidates
    .filter(({ consent }) => consent !== undefined)
    .toSorted((a, b) => saidAt(b) - saidAt(a))
  const chosen = ended ?? latest ?? candidates[0]
  if (chosen?.consent === undefined) return chosen
  const all = <K extends 'refused' | 'refusedInstitutions' | 'refusedRegions'>(kind: K) => [
    ...new Set(candidates.flatMap(({ consent }): readonly string[] => consent?.[kind] ?? [])),
  ]
  const kept = {
    refused: all('refused') as Item[],
    refusedInstitutions: all('refusedInstitutions'),
    refusedRegions: all('refusedRegions'),
  }
  return { ...chosen, consent: { ...chosen.consent, ...kept } }
}

function saidAt({ consent }: Candidate): number {
  return consent?.validFrom.getTime() ?? 0
}
