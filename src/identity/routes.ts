import { type Context as Call, Hono } from 'hono'
import { recordAudit } from '../audit/index.ts'
import { fhir, type HubEnv, readJson } from '../http/index.ts'
import type { Context } from '../kernel/context.ts'
import { refuse } from '../vocabulary/index.ts'
import { crossReference } from './cross-reference.ts'
import { feedRegistration, readFeedPatient, removeRegistration } from './feed-registration.ts'

const TARGETS_MAX = 50

/** The person index at the wire: ITI-104 feed and $ihe-pix (IHE PIXm), in the caller's own domain. */
export function identityRoutes(context: Context) {
  return new Hono<HubEnv>()
    .put('/Patient', async (c) => {
      const { value: localId } = ownIdentifier(c, 'identifier')
      const source = c.get('body')
      const patient = readFeedPatient(readJson(source), c.get('caller').patientSystem)
      const at = context.now()
      const { outcome } = await c.get('act')((tx) =>
        feedRegistration(tx, c.get('caller'), { localId, patient, source, at }),
      )
      return fhir(c, source, outcome === 'created' ? 201 : 200)
    })
    .delete('/Patient', async (c) => {
      const { value: localId } = ownIdentifier(c, 'identifier')
      const isKnown = await c.get('act')((tx) =>
        removeRegistration(tx, c.get('caller'), localId, context.now()),
      )
      if (!isKnown) throw refuse('patient-unknown')
      return c.body(null, 204)
    })
    .get('/Patient/$ihe-pix', async (c) => {
      onlyParameters(c, ['sourceIdentifier', 'targetSystem', '_format'])
      const { system, value } = singleIdentifier(c, 'sourceIdentifier')
      const targets = c.req.queries('targetSystem') ?? []
      if (targets.length > TARGETS_MAX) throw refuse('parameter-unsupported', { at: 'targetSystem' })
      const caller = c.get('caller')
      const parameters = await c.get('act')(async (tx) => {
        const detail = { region: caller.region, patient: system === caller.patientSystem ? value : null }
        await recordAudit(tx, { kind: 'index.query', at: context.now(), detail })
        return crossReference(tx, caller, { system, value, targets })
      })
      return fhir(c, JSON.stringify(parameters))
    })
}

/** One `system|value`, and no second one. */
function singleIdentifier(c: Call<HubEnv>, name: string): { system: string; value: string } {
  const [identifier, ...more] = c.req.queries(name) ?? []
  const bar = identifier?.indexOf('|') ?? -1
  if (
    identifier === undefined ||
    more.length > 0 ||
    bar < 1 ||
    bar === identifier.length - 1 ||
    identifier.length > 400
  ) {
    throw refuse('parameter-unsupported', { at: name })
  }
  return { system: identifier.slice(0, bar), value: identifier.slice(bar + 1) }
}

/** One identity source per domain: a region feeds its own only (ITI-104). */
function ownIdentifier(c: Call<HubEnv>, name: string): { system: string; value: string } {
  onlyParameters(c, [name])
  const identifier = singleIdentifier(c, name)
  if (identifier.system !== c.get('caller').patientSystem)
    throw refuse('foreign-patient-domain', { at: name })
  if (identifier.value.length > 128) throw refuse('parameter-unsupported', { at: name })
  return identifier
}

function onlyParameters(c: Call<HubEnv>, names: readonly string[]): void {
  if (Object.keys(c.req.queries()).some((name) => !names.includes(name)))
    throw refuse('parameter-unsupported')
}
