import { isDeepStrictEqual } from 'node:util'
import { recordAudit } from '../audit/index.ts'
import {
  consentOfDesk,
  type DatedConsent,
  type DeskForm,
  deskFormFault,
  isRestated,
  readConsent,
  receivedConsent,
  type StatedConsent,
  successionFault,
  tokyoDate,
} from '../consent/index.ts'
import type { Transaction } from '../kernel/database.ts'
import type { Fault } from '../kernel/hub-error.ts'
import { POLICY_WHEN_NONE } from '../registry/index.ts'
import { sha256 } from '../trust/index.ts'
import { type RefusalCode, refuse } from '../vocabulary/index.ts'
import { refusalOf } from './call-hub.ts'
import type { GatewayContext } from './context.ts'
import { lockMerges } from './copy-lock-store.ts'
import { findConsentCopy, findPolicyCopy, isRegistrationRemoved, newestConsentVersion } from './copy-store.ts'
import { closeEntry, type DeskEntry, findEntry, insertEntry, lockEntry, markFed } from './desk-store.ts'
import { keepConsentCopy } from './feed-consent.ts'
import { feedHub } from './feed-hub.ts'
import type { FeedLogin } from './login.ts'
import { turnDownTakingBack } from './turn-down-waiting.ts'
import { unconfirmedRefusals } from './unconfirmed-refusals.ts'

/**
 * What became of an entry; `hub` names why the hub has not taken what already holds here, and `faults` what of it
 * somebody should look at all the same.
 */
export interface Entered {
  receipt: string
  state: DeskEntry['state']
  hub?: 'taken' | RefusalCode
  faults?: Fault[]
}

/** Who is logged in, and who typed the form. */
interface By {
  user: string
  enteredBy: string
}

/**
 * Enters a paper form, or a call that stops sharing. A share of the consents, drawn by their receipt numbers, and
 * every death taken back waits for a second person; whatever ends sharing counts at once. The same entry again only
 * tells the hub again.
 */
export async function enterForm(ctx: GatewayContext, login: FeedLogin, form: DeskForm): Promise<Entered> {
  const at = ctx.now()
  await ctx.db.transaction(async (tx) => {
    await lockMerges(tx, form.patient)
    const known = await findEntry(tx, form.receipt)
    if (known !== undefined && !isDeepStrictEqual(known.form, plain(form))) throw refuse('receipt-taken')
    if (known !== undefined) return
    const isRemoved = await isRegistrationRemoved(tx, form.patient)
    // A consent would count for whoever is given the id next; an end harms nobody.
    if (isRemoved === undefined || (isRemoved && !endsSharing(form))) throw refuse('patient-unknown')
    const by = { user: login.user, enteredBy: form.enteredBy ?? login.user }
    const consent = await sayAsConsent(ctx, tx, by, form)
    const state = await stateOf(ctx, tx, form)
    const resource = state === 'counted' ? await count(ctx, tx, by, consent) : null
    const { receipt, patient: localId } = form
    const isNew = await insertEntry(tx, {
      receipt,
      localId,
      form,
      state,
      enteredBy: login.user,
      enteredAt: at,
      resource,
    })
    if (!isNew) throw refuse('receipt-taken')
    const detail = {
      ...{ receipt, patient: localId, entry: form.kind, state, user: login.user, typedBy: by.enteredBy },
      ...(form.reason === undefined ? {} : { reason: form.reason }),
    }
    await recordAudit(tx, { kind: 'desk.entered', at, detail })
    if (form.kind === 'deceased') await turnDownTakingBack(tx, localId, { login, at, toldBy: receipt })
  })
  const [entered, faults] = [await tellHub(ctx, form.receipt), await unconfirmedRefusals(ctx, form)]
  return faults.length === 0 ? entered : { ...entered, faults }
}

/** The second look, by somebody else than who entered it: the entry counts, or it is refused and never does. */
export async function checkForm(
  ctx: GatewayContext,
  login: FeedLogin,
  { receipt, isRight }: { receipt: string; isRight: boolean },
): Promise<Entered> {
  const at = ctx.now()
  await ctx.db.transaction(async (tx) => {
    const waiting = await findEntry(tx, receipt)
    if (waiting !== undefined) await lockMerges(tx, waiting.localId)
    const entry = await lockEntry(tx, receipt)
    if (entry === undefined || entry.state !== 'waiting') throw refuse('entry-unknown')
    const { form, enteredBy } = entry
    if ([enteredBy, form.enteredBy].includes(login.user)) throw refuse('second-person-needed')
    const by = { user: login.user, enteredBy: form.enteredBy ?? enteredBy }
    const resource = isRight ? await count(ctx, tx, by, await sayAsConsent(ctx, tx, by, form)) : null
    const state = isRight ? 'counted' : 'refused'
    await closeEntry(tx, receipt, { state, resource, checkedBy: login.user, checkedAt: at })
    const detail = { receipt, patient: form.patient, state, user: login.user }
    await recordAudit(tx, { kind: 'desk.checked', at, detail })
  })
  return tellHub(ctx, receipt)
}

/**
 * What the form says, as the next version of the resident's consent. It is held to all that speaks against its counting
 * today: when it is entered, also where it then waits for a second person, and again when it counts.
 */
async function sayAsConsent(
  ctx: GatewayContext,
  tx: Transaction,
  by: By,
  form: DeskForm,
): Promise<StatedConsent> {
  const { region, patientSystem } = ctx
  const newest = await findConsentCopy(tx, form.patient)
  if (form.kind === 'deceased' && newest?.status !== 'active') throw refuse('consent-ended')
  const fault = deskFormFault(form, newest)
  if (fault !== undefined) throw refuse(fault, { at: 'signedOn' })
  const lastVersion = await newestConsentVersion(tx, form.patient)
  const said = consentOfDesk(form, { region, patientSystem, newest, lastVersion, enteredBy: by.enteredBy })
  const consent = readConsent(JSON.stringify(said), patientSystem)
  receivedConsent(consent, ctx.now())
  const isNewWord = newest !== undefined && !isRestated(newest, consent)
  const succession = isNewWord ? successionFault(newest, consent) : undefined
  if (succession !== undefined && !isLaterEnd(newest, consent))
    throw refuse(succession, { at: 'Consent.status' })
  return consent
}

/** Said on a later day than what ended sharing before: a paper from in between would start sharing again. */
function isLaterEnd(newest: DatedConsent | undefined, { status, signedAt }: StatedConsent): boolean {
  return newest !== undefined && status !== 'active' && tokyoDate(signedAt) > tokyoDate(newest.signedAt)
}

/** From here on it holds at this gateway; gives the text that goes to the hub. */
async function count(ctx: GatewayContext, tx: Transaction, by: By, consent: StatedConsent): Promise<string> {
  await keepConsentCopy(tx, by, consent, ctx.now())
  return consent.resource
}

async function stateOf(ctx: GatewayContext, tx: Transaction, form: DeskForm): Promise<'waiting' | 'counted'> {
  if (form.kind === 'not-deceased') return 'waiting'
  if (form.kind !== 'consent') return 'counted'
  const { secondCheckPercent } = (await findPolicyCopy(tx, ctx.now())) ?? POLICY_WHEN_NONE
  return isDrawn(ctx.region, form.receipt, secondCheckPercent) ? 'waiting' : 'counted'
}

function endsSharing({ kind }: DeskForm): boolean {
  return kind === 'withdrawal' || kind === 'left' || kind === 'stop'
}

/** The same draw whenever it is made, so that entering a form again does not draw again. */
function isDrawn(region: string, receipt: string, percent: number): boolean {
  const drawn = Buffer.from(sha256(`second check ${region} ${receipt}`), 'base64url').readUInt32BE()
  return drawn % 100 < percent
}

/** Tells the hub of an entry that counts, until it has taken it; what holds here does not wait for it. */
export async function tellHub(ctx: GatewayContext, receipt: string): Promise<Entered> {
  const entry = await findEntry(ctx.db, receipt)
  if (entry === undefined) throw refuse('entry-unknown')
  const { state, resource, fedAt } = entry
  if (resource === null) return { receipt, state }
  if (fedAt !== null) return { receipt, state, hub: 'taken' }
  const answer = await feedHub(ctx, { method: 'POST', path: '/fhir/Consent', body: resource }).catch(
    unreached,
  )
  if (typeof answer === 'string') return { receipt, state, hub: answer }
  // The hub keeps a second end, and says that it was one.
  if (answer.status >= 300 && refusalOf(answer) !== 'consent-ended') {
    const unknown = answer.status >= 500 ? 'hub-unreachable' : 'hub-refused'
    return { receipt, state, hub: refusalOf(answer) ?? unknown }
  }
  await markFed(ctx.db, receipt, ctx.now())
  return { receipt, state, hub: 'taken' }
}

function unreached(error: unknown): RefusalCode {
  const { code } = error as { code?: RefusalCode }
  if (code === 'hub-unreachable' || code === 'hub-refused') return code
  throw error
}

/** As it comes back from the database: without what is not there. */
function plain(form: DeskForm): unknown {
  return JSON.parse(JSON.stringify(form))
}
