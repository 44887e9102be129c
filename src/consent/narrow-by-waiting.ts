import { deskFormFault } from './check-desk-form.ts'
import type { DeskForm } from './desk-form.ts'
import type { ConsentRecord } from './evaluate-consent.ts'

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
