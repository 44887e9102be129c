import type { AuditPromise } from '../audit/index.ts'
import { callClaims, freshClaims, type MandateClaims, signToken, tokenDigest } from '../trust/index.ts'
import { type ClinicalType, type Item, typesOf } from '../vocabulary/index.ts'
import type { Decision, SourceVerdict } from './decide-sources.ts'
import type { Hub } from './hub.ts'
import type { Query } from './read-query.ts'
import { askGateway, type SourceReply } from './region-client.ts'
import { watchWithdrawals } from './watch-withdrawals.ts'

/** A permitted source, with all that asking it needs. */
export interface PermittedSource extends SourceVerdict {
  localId: string
  items: Item[]
  /** The types that are searched there: those that carry the items, as far as they were asked for. */
  types: ClinicalType[]
}

export interface AskedSource {
  source: PermittedSource
  mandateDigest: string
  reply: SourceReply
  elapsedMs: number
}

export function permittedSources(
  verdicts: readonly SourceVerdict[],
  asked: readonly ClinicalType[],
): PermittedSource[] {
  return verdicts.flatMap((each) => {
    if (each.verdict.verdict !== 'permit' || each.localId === undefined) return []
    const items = [...each.verdict.items]
    const types = typesOf(items).filter((type) => asked.includes(type))
    return [{ ...each, localId: each.localId, items, types }]
  })
}

/**
 * Step 5: all permitted sources at once, one absolute deadline; one that is permitted no longer is left. Each gets a mandate for its own patient and items
 * only, signed for exactly the call it travels with and never valid longer than the request.
 */
export async function askSources(
  hub: Hub,
  query: Query,
  decision: Decision,
  promise: AuditPromise,
): Promise<AskedSource[]> {
  const deadline = AbortSignal.timeout(hub.sourcesDeadlineMs)
  const sources = permittedSources(decision.verdicts, query.types)
  using withdrawals = watchWithdrawals(hub, query, decision, sources)
  return await Promise.all(
    sources.map((source) => {
      const withdrawn = withdrawals.signalOf(source)
      return askSource(hub, query, source, promise, { deadline, withdrawn })
    }),
  )
}

/** Nobody waits for it any more; what it sends is thrown away. */
const WITHDRAWN: SourceReply = { kind: 'none', state: 'denied' }

async function askSource(
  hub: Hub,
  query: Query,
  source: PermittedSource,
  promise: AuditPromise,
  { deadline, withdrawn }: { deadline: AbortSignal; withdrawn: AbortSignal },
): Promise<AskedSource> {
  const started = performance.now()
  const { gatewayUrl } = source.region
  if (gatewayUrl === null) {
    return { source, mandateDigest: '', reply: { kind: 'none', state: 'unreachable' }, elapsedMs: 0 }
  }
  const url = `${gatewayUrl}/fhir/_search`
  const body = new URLSearchParams({
    'patient.identifier': `${source.region.patientSystem}|${source.localId}`,
    _type: source.types.join(','),
  }).toString()
  const mandate = await signMandate(hub, query, source, promise, { url, body })
  const call = { url, body, mandate, request: query.call.token }
  const asked = await askGateway(hub, call, AbortSignal.any([deadline, withdrawn]))
  const reply = withdrawn.aborted ? WITHDRAWN : asked
  return { source, mandateDigest: tokenDigest(mandate), reply, elapsedMs: performance.now() - started }
}

async function signMandate(
  hub: Hub,
  query: Query,
  source: PermittedSource,
  promise: AuditPromise,
  call: { url: string; body: string },
): Promise<string> {
  const fresh = freshClaims(hub.publicUrl, source.region.id, hub.now())
  const claims: MandateClaims = {
    ...fresh,
    exp: Math.min(fresh.exp, Math.max(query.call.claims.exp, fresh.iat + 1)),
    ...callClaims({ method: 'POST', ...call }),
    req: query.call.digest,
    patient: { system: source.region.patientSystem, value: source.localId },
    salt: query.birthSexSalt,
    items: source.items,
    ...(query.period === undefined ? {} : { period: query.period }),
    versions: source.versions,
    act: { sub: hub.publicUrl, act: { sub: query.call.region.id, act: { sub: query.claims.user } } },
    promise: { leaf: promise.leaf, by: promise.by },
  }
  return signToken(hub.keys.mandate, 'tsunagi-mandate+jwt', claims)
}
