import type { Parameters } from 'fhir/r4.js'
import { type Context as Call, Hono } from 'hono'
import { recordAudit } from '../audit/index.ts'
import { type Caller, fhir, type HubEnv } from '../http/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Transaction } from '../kernel/database.ts'
import { HubError } from '../kernel/hub-error.ts'
import { refuse } from '../vocabulary/index.ts'
import { crossReference } from './cross-reference.ts'
import { feedRegistration } from './feed-registration.ts'
import { readPatient } from './read-patient.ts'
import { type PixQuestion, readIdentifier, readPixQuestion } from './read-token.ts'
import { removeRegistration } from './remove-registration.ts'

/** The person index at the wire (IHE PIXm): ITI-104 feed and `$ihe-pix`, in the caller's own domain. */
export function identityRoutes(context: Context) {
  return new Hono<HubEnv>()
    .put('/Patient', async (c) => {
      const { caller, act, body } = c.var
      const localId = ownId(c)
      const read = readPatient(body, context.now(), caller.patientSystem)
      if (caller.isTrying === true && read.features.isSynthetic !== true) {
        throw refuse('stage-too-early', { at: 'Patient.meta.security' })
      }
      const fed = await noteHalt(context, caller, () =>
        act((tx) => feedRegistration(tx, caller, localId, read, context.now())),
      )
      c.header('etag', `W/"${fed.version}"`)
      return fhir(c, body, fed.outcome === 'created' ? 201 : 200)
    })
    .delete('/Patient', async (c) => {
      const { caller, act } = c.var
      const id = { region: caller.region, localId: ownId(c) }
      await noteHalt(context, caller, () => act((tx) => removeRegistration(tx, id, context.now())))
      return c.body(null, 204)
    })
    .on(['GET', 'POST'], '/Patient/$ihe-pix', async (c) => {
      const { caller, act } = c.var
      const asked = readPixQuestion(c)
      const others = await act(async (tx) => {
        // Neither needs to know of the other, so that both go to the database in one journey.
        const found = crossReference(tx, caller, asked).catch(refusalOf)
        const [outcome] = await Promise.all([found, recordLookUp(tx, caller, asked, context.now())])
        return outcome
      })
      if (others instanceof HubError) throw others
      return fhir(c, JSON.stringify(parametersOf(caller.patientSystem, others)))
    })
}

/** One identity source per domain: a region writes its own only (ITI-104). */
function ownId(c: Call<HubEnv>): string {
  const { system, value } = readIdentifier(c, 'identifier')
  if (system !== c.var.caller.patientSystem) throw refuse('foreign-patient-domain', { at: 'identifier' })
  return value
}

/** A feed that is stopped changes nothing; that it was is put on record by itself, and somebody has to ask why. */
async function noteHalt<T>(context: Context, { region }: Caller, feed: () => Promise<T>): Promise<T> {
  try {
    return await feed()
  } catch (error) {
    if (error instanceof HubError && error.code === 'feed-halted') {
      context.log.error({ event: 'feed.halted', alarm: 'feed-halted', region })
      const entry = { kind: 'feed.halted', at: context.now(), detail: { region } } as const
      await context.db.transaction((tx) => recordAudit(tx, entry))
    }
    throw error
  }
}

/** Comes with the answer, whatever it is. */
async function recordLookUp(tx: Transaction, caller: Caller, asked: PixQuestion, at: Date): Promise<void> {
  const patient = asked.system === caller.patientSystem ? asked.value : null
  await recordAudit(tx, { kind: 'index.query', at, detail: { region: caller.region, patient } })
}

/** A refusal that is kept until the record of the look-up is committed; anything else is a fault. */
function refusalOf(error: unknown): HubError {
  if (error instanceof HubError) return error
  throw error
}

/** FHIR knows no empty array, so no identifier means no `parameter` at all. */
function parametersOf(system: string, values: readonly string[]): Parameters {
  const parameter = values.map((value) => ({ name: 'targetIdentifier', valueIdentifier: { system, value } }))
  return { resourceType: 'Parameters', ...(parameter.length === 0 ? {} : { parameter }) }
}
