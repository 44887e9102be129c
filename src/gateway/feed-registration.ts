import { z } from 'zod'
import { recordAudit } from '../audit/index.ts'
import { tokyoDate } from '../consent/index.ts'
import { type FetchedAnswer, readJson } from '../http/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { earliestDeath, refuse, SYSTEMS } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { lockForChange } from './copy-lock-store.ts'
import { endConsentCopies, findDeathTold, putRegistrationCopy } from './copy-store.ts'
import { feedHub } from './feed-hub.ts'
import type { FeedLogin } from './login.ts'
import { endMergeCopies, isMerged, putMergeCopies, putMergedRegistration } from './merge-store.ts'
import { turnDownAll, turnDownTakingBack } from './turn-down-waiting.ts'

/** A year, a month or a day. */
const partialDate = z
  .string()
  .regex(/^\d{4}(-(0[1-9]|1[0-2]))?$/)
  .or(z.iso.date())

/** All that the own copy takes of a Patient; the hub's index reads the rest. */
const protectionSchema = z.looseObject({
  resourceType: z.literal('Patient'),
  meta: z
    .looseObject({
      security: z
        .array(z.looseObject({ system: z.string().max(200).optional() }))
        .max(10)
        .optional(),
    })
    .optional(),
  link: z
    .array(
      z.looseObject({
        type: z.string().optional(),
        other: z
          .looseObject({
            identifier: z
              .looseObject({ system: z.string().optional(), value: z.string().max(128).optional() })
              .optional(),
          })
          .optional(),
      }),
    )
    .max(100)
    .optional(),
  deceasedBoolean: z.boolean().optional(),
  deceasedDateTime: z.union([partialDate, z.iso.datetime({ offset: true })]).optional(),
})

/** ITI-104 add, revise and merge: a protection (支援措置) holds here from this moment; then the hub is told. */
export async function feedRegistration(
  ctx: GatewayContext,
  login: FeedLogin,
  identifier: string | undefined,
  body: string,
): Promise<FetchedAnswer> {
  const localId = ownId(ctx, identifier)
  const read = protectionSchema.safeParse(readJson(body))
  if (!read.success) throw refuse('resource-invalid', { at: 'Patient' })
  const { security = [] } = read.data.meta ?? {}
  const isProtected = security.some(({ system }) => system === SYSTEMS.protection)
  const death = deathOf(read.data, ctx.now())
  const replacedBy = replacementIn(ctx, read.data).filter((id) => id !== localId)
  await keepCopy(ctx, login, { localId, protected: isProtected }, async (tx, at) => {
    if (replacedBy.length > 0) await putMergeCopies(tx, localId, replacedBy, at)
    else await lockForChange(tx, localId)
    const told = await findDeathTold(tx, localId)
    const deceasedOn = dayThatCounts(death, told)
    const copy = { localId, protected: isProtected, deceasedOn }
    if (deceasedOn !== null && deceasedOn !== told) await turnDownTakingBack(tx, localId, { login, at })
    const put = (await isMerged(tx, localId)) ? putMergedRegistration : putRegistrationCopy
    await put(tx, copy, at)
  })
  return feedHub(ctx, { method: 'PUT', path: pathOf(ctx, localId), body })
}

/**
 * ITI-104 remove: who is no longer registered is kept back here like a protected person, and consents no more, for
 * the id may be given to somebody else; then the hub is told.
 */
export async function removeRegistration(
  ctx: GatewayContext,
  login: FeedLogin,
  identifier: string | undefined,
): Promise<FetchedAnswer> {
  const localId = ownId(ctx, identifier)
  const copy = { localId, protected: true, deceasedOn: null }
  await keepCopy(ctx, login, copy, async (tx, at) => {
    await endMergeCopies(tx, localId)
    await endConsentCopies(tx, localId, at)
    await turnDownAll(tx, localId, { login, at })
    await putRegistrationCopy(tx, { ...copy, isRemoved: true }, at)
  })
  return feedHub(ctx, { method: 'DELETE', path: pathOf(ctx, localId) })
}

/** The ids of the own region that the message says replace this one. */
function replacementIn(ctx: GatewayContext, { link = [] }: z.infer<typeof protectionSchema>): string[] {
  return link.flatMap(({ type, other }) => {
    const { system, value } = other?.identifier ?? {}
    return type === 'replaced-by' && system === ctx.patientSystem && value !== undefined ? [value] : []
  })
}

interface Death {
  /** In Japan; of a death without a whole day the earliest that it can be, or the day it was heard of. */
  day: string
  isWhole: boolean
}

function deathOf(
  { deceasedBoolean, deceasedDateTime }: z.infer<typeof protectionSchema>,
  now: Date,
): Death | undefined {
  if (deceasedDateTime === undefined && deceasedBoolean !== true) return undefined
  if (deceasedDateTime !== undefined && deceasedDateTime.length > 10)
    return { day: tokyoDate(new Date(deceasedDateTime)), isWhole: true }
  if (deceasedDateTime?.length === 10) return { day: deceasedDateTime, isWhole: true }
  return { day: earliestDeath(deceasedDateTime, tokyoDate(now)), isWhole: false }
}

/** Said again without its whole day, a death counts from no later day than it did. */
function dayThatCounts(death: Death | undefined, told: string | undefined): string | null {
  if (death === undefined) return null
  return !death.isWhole && told !== undefined && told < death.day ? told : death.day
}

function keepCopy(
  ctx: GatewayContext,
  login: FeedLogin,
  copy: { localId: string; protected: boolean },
  put: (tx: Transaction, at: Date) => Promise<void>,
): Promise<void> {
  const at = ctx.now()
  return ctx.db.transaction(async (tx) => {
    await put(tx, at)
    const detail = { patient: copy.localId, protected: copy.protected, user: login.user }
    await recordAudit(tx, { kind: 'gateway.registration-copied', at, detail })
  })
}

function ownId(ctx: GatewayContext, identifier: string | undefined): string {
  const [system, value = '', ...more] = (identifier ?? '').split('|')
  if (value === '' || value.length > 128 || more.length > 0) {
    throw refuse('parameter-unsupported', { at: 'identifier' })
  }
  if (system !== ctx.patientSystem) throw refuse('foreign-patient-domain', { at: 'identifier' })
  return value
}

function pathOf(ctx: GatewayContext, localId: string): string {
  return `/fhir/Patient?identifier=${encodeURIComponent(`${ctx.patientSystem}|${localId}`)}`
}
