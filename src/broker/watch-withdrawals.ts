import { REGISTRY_EPOCH } from '../registry/index.ts'
import type { PermittedSource } from './ask-sources.ts'
import { type Decision, decideSources } from './decide-sources.ts'
import type { Hub } from './hub.ts'
import type { Query } from './read-query.ts'
import { stillPermitted } from './still-permitted.ts'

export interface Withdrawals extends Disposable {
  /** Fires when the source may give nothing of this query any more. */
  signalOf(source: PermittedSource): AbortSignal
}

/**
 * While sources are asked: whenever something moves that the decision stands on, it is taken again, and whoever is
 * permitted no longer is not waited for. Release locks and compares in any case; this is for the time in between.
 */
export function watchWithdrawals(
  hub: Hub,
  query: Query,
  decision: Decision,
  sources: readonly PermittedSource[],
): Withdrawals {
  const left = new Map(sources.map((source) => [source, new AbortController()]))
  let isOver = false
  let deciding = false
  let hasMovedAgain = false

  async function decideAgain(): Promise<void> {
    if (deciding) {
      hasMovedAgain = true
      return
    }
    deciding = true
    do {
      hasMovedAgain = false
      const now = await decideSources(hub, query).catch(() => undefined)
      if (isOver) return
      for (const [source, controller] of left) {
        // Whoever cannot be decided about, as after the signing key was retired, is waited for until release says no.
        if (now !== undefined && !stillPermitted(now, decision, source)) controller.abort()
      }
    } while (hasMovedAgain)
    deciding = false
  }

  const names = [...decision.epochs.keys()].filter((name) => name !== REGISTRY_EPOCH)
  const watch = hub.epochs.watch(names, () => void decideAgain())
  return {
    signalOf: (source) => left.get(source)?.signal ?? AbortSignal.abort(),
    [Symbol.dispose]() {
      isOver = true
      watch[Symbol.dispose]()
    },
  }
}
