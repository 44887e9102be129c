import { type ConsentRecord, type DatedConsent, narrowedBy, withRefusals } from '../consent/index.ts'

/** A registration of the person in a holding region, with the consent that counts for it. */
export interface Candidate {
  localId: string
  consent: DatedConsent | undefined
  /** What was said under ids merged into this one and still counts; see `standingWords`. */
  formerConsents: readonly ConsentRecord[]
  /** The day of death as the registration has it. */
  deceasedOn?: string | undefined
}

/** Whom to ask about, and what the resident said under any of the ids that the region had for them. */
export interface Chosen {
  localId: string
  deceasedOn?: string | undefined
  consent: ConsentRecord | undefined
  formerConsent: ConsentRecord | undefined
}

/**
 * Whom to ask about where a region has registered somebody under several numbers: one query opens one patient
 * there. The resident's latest word says which, but a withdrawal, stop or leaving under any of the numbers outranks it, and
 * what was refused under one is refused under all. Candidates come in an order that does not change.
 */
export function chooseRegistration(candidates: readonly Candidate[]): Chosen | undefined {
  const ended = candidates.find(({ consent }) => consent !== undefined && consent.status !== 'active')
  const [latest] = candidates
    .filter(({ consent }) => consent !== undefined)
    .toSorted((a, b) => saidAt(b) - saidAt(a))
  const chosen = ended ?? latest ?? candidates[0]
  if (chosen === undefined) return undefined
  const { localId, deceasedOn, consent } = chosen
  const said = candidates.flatMap((each) => each.consent ?? [])
  const formers = candidates.flatMap(({ formerConsents }) => formerConsents)
  return { localId, deceasedOn, ...narrowedBy(consent && withRefusals(consent, said), formers) }
}

function saidAt({ consent }: Candidate): number {
  return consent?.validFrom.getTime() ?? 0
}
