import { recordAudit } from '../audit/index.ts'
import { readConsent, receivedConsent } from '../consent/index.ts'
import type { FetchedAnswer } from '../http/index.ts'
import type { GatewayContext } from './context.ts'
import { putConsentCopy } from './copy-store.ts'
import { feedHub } from './feed-hub.ts'
import type { FeedLogin } from './login.ts'

/**
 * Keeps the resident's word in the region's own copy, then tells the hub. A withdrawal holds here from this moment,
 * whether the hub can be reached or not.
 */
export async function feedConsent(
  ctx: GatewayContext,
  login: FeedLogin,
  body: string,
): Promise<FetchedAnswer> {
  const consent = readConsent(body, ctx.patientSystem)
  const at = ctx.now()
  await ctx.db.transaction(async (tx) => {
    const { localId, version, status } = consent
    const isNew = await putConsentCopy(tx, localId, receivedConsent(consent, at), at)
    if (!isNew) return
    const detail = { patient: localId, version, status, user: login.user }
    await recordAudit(tx, { kind: 'gateway.consent-copied', at, detail })
  })
  return feedHub(ctx, { method: 'POST', path: '/fhir/Consent', body })
}
