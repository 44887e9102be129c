import { recordAudit } from '../audit/index.ts'
import {
  callClaims,
  isPromiseLate,
  type MandateClaims,
  mandateClaimsSchema,
  type QueryClaims,
  queryOf,
  type RequestClaims,
  requestClaimsSchema,
  verifyToken,
} from '../trust/index.ts'
import { type ClinicalType, refuse, typesOf } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { pinnedKey } from './pinned-key.ts'

/** A call of the hub as it arrived. */
export interface MandatedCall {
  authorization: string | undefined
  /** The header `Tsunagi-Request`: the request that the mandate serves. */
  request: string | undefined
  body: string
}

/** A mandate that holds, with the request it serves: who asks for what is the asking region's word. */
export interface Mandate {
  claims: MandateClaims
  digest: string
  request: { claims: RequestClaims; digest: string }
  query: QueryClaims
  /** The types to be searched: those that carry the items, or as many of them as were asked for. */
  types: ClinicalType[]
}

const SKEW_SECONDS = 60

/**
 * Step 1: both tokens hold, each by its own pinned key, the mandate is for exactly this call, and it is no wider
 * and lives no longer than the request. Throws HubError `unauthenticated`.
 */
export async function verifyMandate(ctx: GatewayContext, call: MandatedCall): Promise<Mandate> {
  const now = ctx.now()
  const { claims, digest } = await verifyToken(tokenOf(/^Bearer (.*)$/.exec(call.authorization ?? '')?.[1]), {
    typ: 'tsunagi-mandate+jwt',
    schema: mandateClaimsSchema,
    audience: ctx.region,
    now,
    keyOf: (kid) => pinnedKey(ctx, kid, ['mandate']),
  })
  const types = checkCall(ctx, claims, call.body)
  const request = await verifyToken(tokenOf(call.request), {
    typ: 'tsunagi-request+jwt',
    schema: requestClaimsSchema,
    audience: ctx.hubUrl,
    now,
    keyOf: (kid) => pinnedKey(ctx, kid, ['region']),
  })
  const query = queryOf(request.claims)
  const mandate = { claims, digest, request, types }
  const at = query === undefined ? 'extensions' : beyondOf(ctx, mandate, query)
  if (query === undefined || at !== undefined) {
    await recordMismatch(ctx, mandate, at ?? '')
    throw refuse('mandate-mismatch', { at: at ?? '' })
  }
  return { ...mandate, query }
}

/** Exactly one token; Node joins repeated headers with a comma, which no token has. */
function tokenOf(text: string | undefined): string {
  if (text === undefined || !/^[A-Za-z0-9_.-]+$/.test(text)) throw refuse('token-missing')
  return text
}

/** The body is exactly what the mandate's claims make of it; gives the types it names. */
function checkCall(ctx: GatewayContext, claims: MandateClaims, body: string): ClinicalType[] {
  const { htm, htu, bod } = callClaims({ method: 'POST', url: `${ctx.publicUrl}/fhir/_search`, body })
  if (claims.htm !== htm || claims.htu !== htu || claims.bod !== bod) throw refuse('call-mismatch')
  const { system, value } = claims.patient
  const form = new URLSearchParams(body)
  const named = form.get('_type')?.split(',') ?? []
  const types = typesOf(claims.items).filter((type) => named.includes(type))
  const expected = new URLSearchParams({
    'patient.identifier': `${system}|${value}`,
    _type: types.join(','),
  })
  if (types.length === 0 || form.toString() !== expected.toString())
    throw refuse('call-mismatch', { at: 'body' })
  return types
}

/** Where the mandate goes beyond the request it says it serves. First fault wins. */
function beyondOf(
  ctx: GatewayContext,
  { claims: mandate, request }: Omit<Mandate, 'query'>,
  query: QueryClaims,
): string | undefined {
  const { claims, digest } = request
  const { sub, act } = mandate.act
  if (mandate.req !== digest) return 'req'
  if (claims.htm !== 'POST' || !claims.htu.startsWith(`${ctx.hubUrl}/`)) return 'htu'
  if (claims.iss === ctx.region) return 'iss'
  if (mandate.patient.system !== ctx.patientSystem) return 'patient'
  if (!mandate.items.every((item) => query.items.includes(item))) return 'items'
  if (mandate.exp > claims.exp + SKEW_SECONDS) return 'exp'
  if (sub !== ctx.hubUrl || act.sub !== claims.iss || act.act.sub !== query.user) return 'act'
  if (isPromiseLate(mandate)) return 'promise'
  return undefined
}

/** Both signatures hold and contradict each other: evidence against the hub, so it is kept. */
async function recordMismatch(
  ctx: GatewayContext,
  { digest, request }: Omit<Mandate, 'query'>,
  at: string,
): Promise<void> {
  ctx.log.error({ event: 'mandate.mismatch', mandate: digest, at })
  const detail = { mandate: digest, request: request.digest, region: request.claims.iss, mismatch: at }
  await ctx.db.transaction((tx) => recordAudit(tx, { kind: 'gateway.refusal', at: ctx.now(), detail }))
}
