import type { Parameters, ParametersParameter } from 'fhir/r4.js'
import { recordAudit } from '../audit/index.ts'
import type { Caller } from '../http/index.ts'
import type { Transaction } from '../kernel/database.ts'
import type { Policy } from '../vocabulary/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { type AskAgainReason, askAgainReason } from './ask-again.ts'
import { institutionsVisited, newestConsentsAfter } from './store.ts'

/** Consents looked through for one page: each names at most as many residents. */
const LOOKED_THROUGH_MAX = 1_000

interface ToAsk {
  patient: string
  reason: AskAgainReason
  form: string
}

/** Where the list goes on, as the last patient id that was looked at. */
export function readCoverageSearch(query: URLSearchParams): string {
  const [name, ...more] = [...query.keys()]
  const after = query.get('after') ?? ''
  if ((name !== undefined && name !== 'after') || more.length > 0 || after.length > 128)
    throw refuse('parameter-unsupported', { at: 'after' })
  return after
}

/**
 * The residents of the calling region to ask again, by the institution they go to, so that each can be asked where
 * they are seen; those who go nowhere stand under no institution. A page may name nobody and still have a next.
 */
export async function consentCoverage(
  tx: Transaction,
  { region }: Caller,
  { after, policy, at }: { after: string; policy: Policy; at: Date },
): Promise<Parameters> {
  const looked = await newestConsentsAfter(tx, region, after, LOOKED_THROUGH_MAX)
  const toAsk = looked.flatMap(({ localId, consent }): ToAsk[] => {
    const reason = askAgainReason(consent, policy, at)
    return reason === undefined ? [] : [{ patient: localId, reason, form: consent.form }]
  })
  const visited = await institutionsVisited(
    tx,
    region,
    toAsk.map(({ patient }) => patient),
  )
  const seen = new Set(visited.map(({ localId }) => localId))
  const byInstitution = Map.groupBy(visited, ({ institution }) => institution)
  const nowhere = toAsk.filter(({ patient }) => !seen.has(patient))
  const last = looked.length < LOOKED_THROUGH_MAX ? undefined : looked.at(-1)?.localId
  await recordAudit(tx, {
    kind: 'consent.query',
    at,
    about: toAsk.map(({ patient }) => `registration:${region}|${patient}`),
    detail: { region, toAskAgain: toAsk.length, after: after === '' ? null : after },
  })
  return {
    resourceType: 'Parameters',
    parameter: [
      ...[...byInstitution].sort().map(([number, rows]) => {
        const patients = new Set(rows.map(({ localId }) => localId))
        return institutionPart(
          number,
          toAsk.filter(({ patient }) => patients.has(patient)),
        )
      }),
      ...(nowhere.length === 0 ? [] : [institutionPart(undefined, nowhere)]),
      ...(last === undefined ? [] : [{ name: 'next', valueString: last }]),
    ],
  }
}

function institutionPart(number: string | undefined, residents: readonly ToAsk[]): ParametersParameter {
  return {
    name: 'institution',
    part: [
      ...(number === undefined ? [] : [{ name: 'number', valueString: number }]),
      ...residents.map(({ patient, reason, form }) => ({
        name: 'resident',
        part: [
          { name: 'patient', valueString: patient },
          { name: 'reason', valueCode: reason },
          { name: 'form', valueString: form },
        ],
      })),
    ],
  }
}
