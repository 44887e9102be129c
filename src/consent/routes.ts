import { Hono } from 'hono'
import { fhir, type HubEnv } from '../http/index.ts'
import type { Context } from '../kernel/context.ts'
import { readConsent } from './read-consent.ts'
import { recordConsent } from './record-consent.ts'
import { recordVisit } from './record-visit.ts'
import { readVisit } from './visit-schema.ts'

const STATUS = { recorded: 201, unchanged: 200 } as const

/** Consents (IHE PCF, ITI-108) and visits, as a region feeds them. The answer is the resource as it was sent. */
export function consentRoutes(context: Context) {
  return new Hono<HubEnv>()
    .post('/Consent', async (c) => {
      const { body, caller, act } = c.var
      const consent = readConsent(body, caller.patientSystem)
      const outcome = await act((tx) => recordConsent(tx, caller, consent, context.now()))
      return fhir(c, body, STATUS[outcome])
    })
    .post('/Encounter', async (c) => {
      const { body, caller, act } = c.var
      const visit = readVisit(body, caller.patientSystem, context.now())
      const outcome = await act((tx) => recordVisit(tx, caller, visit, context.now()))
      return fhir(c, body, STATUS[outcome])
    })
}
