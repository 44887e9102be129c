import type { Parameters, ParametersParameter } from 'fhir/r4.js'
import { recordAudit } from '../audit/index.ts'
import type { Caller } from '../http/index.ts'
import { findRegistered } from '../identity/index.ts'
import type { Transaction } from '../kernel/database.ts'
import type { Policy } from '../vocabulary/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { type AskAgainReason, askAgainReason } from './ask-again.ts'
import { narrowedBy, type Said, standingWords } from './former-consents.ts'
import { countingOf, idsSaidUnder, institutionsVisited, newestConsents } from './store.ts'

/** Consents looked through for one page: each names at most as many residents. */
const LOOKED_THROUGH_MAX = 1_000

interface ToAsk {
  patient: string
  reason: AskAgainReason
  form: string
  /** Ids that were merged into theirs. */
  formers: string[]
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
  const ids = await idsSaidUnder(tx, region, after, LOOKED_THROUGH_MAX)
  const residents = await saidBy(tx, region, ids)
  const toAsk = residents.flatMap(({ localId, formers, said }): ToAsk[] => {
    const reason = askAgainReason(said, policy, at)
    const form = (said.consent ?? said.formerConsent)?.form ?? ''
    return reason === undefined ? [] : [{ patient: localId, reason, form, formers }]
  })
  const visited = await visitedBy(tx, region, toAsk)
  const seen = new Set(visited.map(({ patient }) => patient))
  const byInstitution = Map.groupBy(visited, ({ institution }) => institution)
  const nowhere = toAsk.filter(({ patient }) => !seen.has(patient))
  const last = ids.length < LOOKED_THROUGH_MAX ? undefined : ids.at(-1)
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
        const patients = new Set(rows.map(({ patient }) => patient))
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

/** What the residents who are registered and live said, under merged ids too. */
async function saidBy(
  tx: Transaction,
  region: string,
  ids: readonly string[],
): Promise<{ localId: string; formers: string[]; said: Said }[]> {
  const registered = (await findRegistered(tx, region, ids)).filter(({ isDeceased }) => !isDeceased)
  const formerIds = registered.flatMap(({ formers }) => formers.map(({ localId }) => localId))
  const rows = await newestConsents(tx, region, [...ids, ...formerIds])
  const newest = new Map(rows.map((row) => [row.localId, row]))
  const counting = ({ localId, since }: { localId: string; since: Date }) => {
    const row = newest.get(localId)
    return row && countingOf(row, since)
  }
  return registered.map((each) => {
    const own = counting(each)
    const formers = each.formers.flatMap((former) => {
      const consent = counting(former)
      return consent === undefined ? [] : [{ consent, mergedAt: former.mergedAt }]
    })
    const said = narrowedBy(own, standingWords(own, formers))
    return { localId: each.localId, formers: each.formers.map(({ localId }) => localId), said }
  })
}

/** Where they go, also as it was recorded under merged ids. */
async function visitedBy(
  tx: Transaction,
  region: string,
  toAsk: readonly ToAsk[],
): Promise<{ institution: string; patient: string }[]> {
  const patientOf = new Map(
    toAsk.flatMap(({ patient, formers }) => [patient, ...formers].map((id) => [id, patient] as const)),
  )
  const visited = await institutionsVisited(tx, region, [...patientOf.keys()])
  return visited.flatMap(({ institution, localId }) => {
    const patient = patientOf.get(localId)
    return patient === undefined ? [] : [{ institution, patient }]
  })
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
