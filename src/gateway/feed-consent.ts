import { recordAudit } from '../audit/index.ts'
import {
  type ConsentRecord,
  endSaidAt,
  isRestated,
  later,
  readConsent,
  receivedConsent,
  type StatedConsent,
  successionFault,
  verifyEvidence,
} from '../consent/index.ts'
import type { FetchedAnswer } from '../http/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { refuse } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { lockMerges } from './copy-lock-store.ts'
import { findConsentCopy, hasVersionEnded, isRegistrationRemoved, putConsentCopy } from './copy-store.ts'
import { feedHub } from './feed-hub.ts'
import type { FeedLogin } from './login.ts'
import { afterMerged } from './merge-store.ts'
import { pinnedKey } from './pinned-key.ts'
import { turnDownTakingBack } from './turn-down-waiting.ts'

/**
 * Keeps the resident's word in the region's own copy, then tells the hub. A withdrawal holds here from this moment,
 * whether the hub can be reached or not; a signature counts here only by a key that the own council pinned.
 */
export async function feedConsent(
  ctx: GatewayContext,
  login: FeedLogin,
  body: string,
): Promise<FetchedAnswer> {
  const at = ctx.now()
  const consent = readConsent(body, ctx.patientSystem)
  // What the office enters passes its desk, where an older paper is refused and somebody else looks too.
  if (login.role === 'council' && consent.status === 'active') throw refuse('login-unfit')
  await verifyEvidence(consent, ctx.region, (kid) => pinnedKey(ctx, kid, ['region']), at)
  await ctx.db.transaction(async (tx) => {
    await lockMerges(tx, consent.localId)
    // It would count for whoever is given the id next.
    if (consent.status === 'active' && (await isRegistrationRemoved(tx, consent.localId)))
      throw refuse('patient-unknown')
    keepsDeath(await findConsentCopy(tx, consent.localId), consent)
    const { isNew } = await keepConsentCopy(tx, login, consent, at)
    if (isNew && consent.deceasedOn !== undefined)
      await turnDownTakingBack(tx, consent.localId, { login, at })
  })
  return feedHub(ctx, { method: 'POST', path: '/fhir/Consent', body })
}

/** A death is taken back at the desk, by two people; what is fed says its day again. An end is not turned away for it. */
function keepsDeath(newest: ConsentRecord | undefined, consent: StatedConsent): void {
  if (newest?.deceasedOn === undefined || consent.deceasedOn !== undefined) return
  if (consent.version <= newest.version) return
  if (consent.status === 'active' || isRestated(newest, consent)) throw refuse('death-on-record')
}

/**
 * A version kept before stays what it was; a lower one than the newest is the hub's to refuse. A second end is kept
 * too, as at the hub, so that nothing from before it starts sharing again; `isNew` says whether it was kept now.
 */
export async function keepConsentCopy(
  tx: Transaction,
  login: Pick<FeedLogin, 'user'>,
  consent: StatedConsent,
  at: Date,
): Promise<{ isNew: boolean }> {
  const { localId, version, status } = consent
  await lockMerges(tx, localId)
  const newest = await findConsentCopy(tx, localId)
  const again = newest !== undefined && isRestated(newest, consent) ? newest : undefined
  const isNext = newest !== undefined && version > newest.version && again === undefined
  const fault = isNext ? successionFault(newest, consent) : undefined
  if (fault === 'consent-stop-holds') throw refuse(fault, { at: 'Consent.status' })
  const toldAt = await afterMerged(tx, localId, at)
  const said = receivedConsent(consent, toldAt)
  const { receivedAt, evidenceKind } = again ?? { receivedAt: toldAt, evidenceKind: consent.evidence.kind }
  const validFrom = later(consent.statedFrom, receivedAt)
  // An end takes no death back.
  const deceasedOn = said.deceasedOn ?? (status !== 'active' && !again ? newest?.deceasedOn : undefined)
  const signedAt = endSaidAt(newest, consent)
  const copied = { ...said, validFrom, signedAt, deceasedOn, evidenceKind }
  const isNew = await putConsentCopy(tx, localId, copied, receivedAt)
  if (!isNew && (await hasVersionEnded(tx, localId, version)))
    throw refuse('version-stale', { at: 'Consent.meta.versionId' })
  if (!isNew) return { isNew }
  const detail = { patient: localId, version, status, user: login.user }
  await recordAudit(tx, { kind: 'gateway.consent-copied', at, detail })
  return { isNew }
}
