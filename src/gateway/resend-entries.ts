import { HubError } from '../kernel/hub-error.ts'
import { repeatEvery } from '../kernel/repeat-every.ts'
import type { GatewayContext } from './context.ts'
import { unfedReceipts } from './desk-store.ts'
import { tellHub } from './enter-form.ts'

const RESENT_MAX = 200

/**
 * Tells the hub of what was entered at the desk while it could not be reached. Gives how many it took. What it refuses
 * again and again holds up nothing that came later.
 */
export async function resendEntries(ctx: GatewayContext): Promise<number> {
  const count = { taken: 0, refused: 0 }
  for (;;) {
    const receipts = await unfedReceipts(ctx.db, { limit: RESENT_MAX, after: count.refused })
    for (const receipt of receipts) {
      const { hub } = await tellHub(ctx, receipt)
      if (hub === 'hub-unreachable') return count.taken
      if (hub === 'taken') count.taken++
      else {
        count.refused++
        // The receipt number is the council's; a council that knows it can look.
        ctx.log.warn({ event: 'desk.not-taken', receipt, code: hub })
      }
    }
    if (receipts.length < RESENT_MAX) return count.taken
  }
}

/** Does so at every interval until disposed; what fails is logged and tried again at the next. */
export function startResending(ctx: GatewayContext, everyMs: number): AsyncDisposable {
  return repeatEvery(
    everyMs,
    () => resendEntries(ctx),
    (err) => {
      const code = err instanceof HubError ? err.code : undefined
      ctx.log.warn({ event: 'desk.resend-failed', err, code })
    },
  )
}
