import { recordAudit } from '../audit/index.ts'
import type { AccessVerdict } from '../consent/index.ts'
import type { Transaction } from '../kernel/database.ts'
import type { JsonValue } from '../kernel/strict-json.ts'
import type { Directory } from '../registry/index.ts'
import { consumeOnce } from '../trust/index.ts'
import { refuse } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { decideRelease } from './decide-release.ts'
import { holdPromise } from './promise-store.ts'
import type { Mandate } from './verify-mandate.ts'

/**
 * Step 3: decides, and puts on record who asked for whom, in the transaction that uses up both tokens. The request
 * is used up too: with it the hub may open one patient here, once, and so is the leaf that the hub promises for it.
 * Nothing is asked of the local system before this committed. A replay is recorded as one and refused.
 */
export async function recordMandate(
  ctx: GatewayContext,
  mandate: Mandate,
  directory: Directory,
): Promise<AccessVerdict> {
  const at = ctx.now()
  const verdict = await ctx.db.transaction(async (tx) => {
    if (!(await isFirstUse(tx, mandate))) {
      await recordAudit(tx, { kind: 'replay.refused', at, detail: namesOf(mandate) })
      return undefined
    }
    const decided = await decideRelease(ctx, tx, mandate, directory)
    await recordAudit(tx, {
      kind: 'gateway.mandate',
      at,
      detail: { ...namesOf(mandate), ...askerOf(mandate), verdict: spoken(decided) },
    })
    return decided
  })
  if (verdict === undefined) throw refuse('token-replayed')
  return verdict
}

async function isFirstUse(tx: Transaction, { claims, request }: Mandate): Promise<boolean> {
  return (
    (await consumeOnce(tx, 'tsunagi-mandate+jwt', claims)) &&
    (await consumeOnce(tx, 'tsunagi-request+jwt', request.claims)) &&
    (await holdPromise(tx, claims.promise, 'attempt'))
  )
}

/** Which exchange an entry belongs to. */
export function namesOf({ digest, request }: Mandate) {
  return { request: request.digest, mandate: digest, region: request.claims.iss }
}

function askerOf({ claims, query }: Mandate): { [key: string]: JsonValue } {
  const { user, institution, profession, post, purpose, visit, firstVisit, breakGlass } = query
  return {
    patient: claims.patient.value,
    user,
    institution,
    profession,
    post,
    purpose,
    items: claims.items,
    versions: claims.versions,
    ...(visit === undefined ? {} : { visit }),
    ...(firstVisit === undefined ? {} : { firstVisit }),
    ...(breakGlass === undefined ? {} : { breakGlass: breakGlass.reason }),
  }
}

function spoken(verdict: AccessVerdict): JsonValue {
  return verdict.verdict === 'permit' ? { permit: [...verdict.items] } : { deny: verdict.reason }
}
