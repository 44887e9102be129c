import { recordAudit } from '../audit/index.ts'
import { POLICY_WHEN_NONE } from '../registry/index.ts'
import { namesViewer, type Policy, type RefusalCode, refuse } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { findPolicyCopy } from './copy-store.ts'
import { currentDirectory } from './directory-cache.ts'
import type { Clinician } from './login.ts'
import type { Question } from './read-search.ts'

/** By which of the two ways somebody without a visit may view, as the own council says. */
export async function waysOf(
  ctx: GatewayContext,
  login: Clinician,
): Promise<{ firstVisit: boolean; emergency: boolean }> {
  const policy: Policy = (await findPolicyCopy(ctx.db, ctx.now())) ?? POLICY_WHEN_NONE
  const { directory } = await currentDirectory(ctx)
  const kind = directory.institutions.find(({ number }) => number === login.institution)?.kind ?? 'clinic'
  const isNamed = (row: Policy['firstVisit']['who'][number]) => namesViewer(row, { ...login, kind })
  return {
    firstVisit: policy.unvisited === 'warn' || policy.firstVisit.who.some(isNamed),
    emergency: policy.breakGlass.who.some(isNamed),
  }
}

/**
 * Signs for nobody what the own council does not let them do: the region's word is given here, so it is not left to
 * the hub's copy of the policy. Who tried is on the region's own record.
 */
export async function checkOwnCouncil(
  ctx: GatewayContext,
  login: Clinician,
  asked: Pick<Question, 'firstVisit' | 'breakGlass'>,
): Promise<void> {
  if (asked.firstVisit === undefined && asked.breakGlass === undefined) return
  const ways = await waysOf(ctx, login)
  if (asked.breakGlass !== undefined && !(ways.emergency && login.secondFactor))
    return refuseOnRecord(ctx, login, 'break-glass-not-permitted')
  if (asked.firstVisit !== undefined && !ways.firstVisit)
    return refuseOnRecord(ctx, login, 'first-visit-not-permitted')
}

async function refuseOnRecord(
  ctx: GatewayContext,
  { user, profession, post, institution }: Clinician,
  reason: RefusalCode,
): Promise<never> {
  const detail = { reason, user, profession, post, institution }
  const entry = { kind: 'gateway.refusal', at: ctx.now(), detail } as const
  await ctx.db.transaction((tx) => recordAudit(tx, entry))
  throw refuse(reason)
}
