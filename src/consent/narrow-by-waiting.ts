import { deskFormFault } from './check-desk-form.ts'
import type { DeskForm } from './desk-form.ts'
import type { ConsentRecord } from './evaluate-consent.ts'
import { startOf } from './tokyo-time.ts'

/**
 * A consent, keeping back also what papers refuse that were entered and wait for a second look: a refusal waits for
 * nobody. A paper that could not take the consent's place any more, since a newer one came, keeps nothing back.
 */
export function narrowedByWaiting<T extends ConsentRecord>(consent: T, waiting: readonly DeskForm[]): T {
  const papers = waiting.filter((form) => deskFormFault(form, consent) === undefined)
  const { refused, refusedInstitutions, refusedRegions } = consent
  return {
    ...consent,
    refused: [...new Set([...refused, ...papers.flatMap((form) => form.refusedItems)])],
    refusedInstitutions: [
      ...new Set([...refusedInstitutions, ...papers.flatMap((form) => form.refusedInstitutions)]),
    ],
    refusedRegions: [...new Set([...refusedRegions, ...papers.flatMap((form) => form.refusedRegions)])],
  }
}

/**
 * What a paper that waits refuses where nothing counts yet under its id, as a word that may refuse and permits nothing,
 * see `narrowedBy`; none of an entry that is no consent. Dated before any other, so that it takes no other word's place.
 */
export function refusalOfWaiting(paper: DeskForm): ConsentRecord[] {
  const { kind, form, signedOn, refusedItems: refused, refusedInstitutions, refusedRegions } = paper
  if (kind !== 'consent' || form === undefined) return []
  const signedAt = startOf(signedOn)
  return [
    {
      ...{ version: 0, status: 'active', form, signedAt, validFrom: new Date(0), validUntil: undefined },
      ...{ refused, refusedInstitutions, refusedRegions, proxy: undefined, deceasedOn: undefined },
    },
  ]
}
