import { type Context as Call, Hono } from 'hono'
import { fhir, type HubEnv } from '../http/index.ts'
import type { Context } from '../kernel/context.ts'
import { findKey, findPolicy, POLICY_WHEN_NONE, readRegistry } from '../registry/index.ts'
import { verifyingKey } from '../trust/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { readVisitTexts, recordVisits } from './bulk-visits.ts'
import { consentCoverage, readCoverageSearch } from './consent-coverage.ts'
import { type KeyOf, verifyEvidence } from './evidence.ts'
import { readConsent } from './read-consent.ts'
import { recordConsent } from './record-consent.ts'
import { recordVisit } from './record-visit.ts'
import { readConsentSearch, searchConsents } from './search-consents.ts'
import { unknownRefusals, unknownRefusalsOutcome } from './unknown-refusals.ts'
import { readVisit } from './visit-schema.ts'

/** Visits in bulk; a path of its own because it takes more than one resource's size. */
export const BULK_PATH = '/Encounter/$bulk'
const NDJSON = /ndjson/

const STATUS = { recorded: 201, unchanged: 200 } as const

/**
 * Consents (IHE PCF, ITI-108) and visits, as a region feeds them. The answer is the resource as it was sent, or what
 * somebody should look at.
 */
export function consentRoutes(context: Context) {
  return new Hono<HubEnv>()
    .post('/Consent', async (c) => {
      const { body, caller, act } = c.var
      const consent = readConsent(body, caller.patientSystem)
      await verifyEvidence(consent, caller.region, registeredKeys(context), context.now())
      const outcome = await act((tx) => recordConsent(tx, caller, consent, context.now()))
      if (outcome === 'ended-before') throw refuse('consent-ended', { at: 'Consent.status' })
      const unknown = unknownRefusals(consent, await readRegistry(context.db))
      const answer = unknown.length === 0 ? body : JSON.stringify(unknownRefusalsOutcome(unknown))
      return fhir(c, answer, STATUS[outcome])
    })
    .get('/Consent', (c) => search(context, c, new URL(c.req.url).searchParams))
    .get('/Consent/$coverage', async (c) => {
      const { caller, act } = c.var
      const after = readCoverageSearch(new URL(c.req.url).searchParams)
      const at = context.now()
      const policy =
        findPolicy(await readRegistry(context.db), caller.region, at)?.document ?? POLICY_WHEN_NONE
      const found = await act((tx) => consentCoverage(tx, caller, { after, policy, at }))
      return fhir(c, JSON.stringify(found))
    })
    .post('/Consent/_search', (c) => search(context, c, new URLSearchParams(c.var.body)))
    .post(BULK_PATH, async (c) => {
      const { body, caller, act, requestId } = c.var
      const texts = readVisitTexts(body, NDJSON.test(c.req.header('content-type') ?? ''))
      await act(async () => undefined)
      const entry = await recordVisits(context, caller, texts, requestId)
      return fhir(c, JSON.stringify({ resourceType: 'Bundle', type: 'batch-response', entry }))
    })
    .post('/Encounter', async (c) => {
      const { body, caller, act } = c.var
      const visit = readVisit(body, caller.patientSystem, context.now())
      const outcome = await act((tx) => recordVisit(tx, caller, visit, context.now()))
      return fhir(c, body, STATUS[outcome])
    })
}

/** ITI-108 search; each resource to the letter as it was received, so that what was signed for still is. */
async function search(context: Context, c: Call<HubEnv>, query: URLSearchParams): Promise<Response> {
  const { caller, act } = c.var
  const asked = readConsentSearch(query, caller.patientSystem)
  const { resources, next } = await act((tx) => searchConsents(tx, caller, asked, context.now()))
  const following = new URLSearchParams(query)
  following.set('_page', String(next))
  const link =
    next === undefined
      ? ''
      : `"link":[{"relation":"next","url":${JSON.stringify(`Consent?${following.toString()}`)}}],`
  const entries = resources.map((text) => `{"resource":${text},"search":{"mode":"match"}}`)
  return fhir(c, `{"resourceType":"Bundle","type":"searchset",${link}"entry":[${entries.join(',')}]}`)
}

/** Keys that count now, by the register: which region signed is the key's to say. */
function registeredKeys(context: Context): KeyOf {
  return async (kid) => {
    const found = findKey(await readRegistry(context.db), kid, context.now())
    return found && { ...(await verifyingKey(found.key.jwk)), owner: found.region.id }
  }
}
