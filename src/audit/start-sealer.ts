import { setTimeout as wait } from 'node:timers/promises'
import type { Context } from '../kernel/context.ts'
import { loggable, openDatabase } from '../kernel/database.ts'
import { randomId } from '../kernel/ids.ts'
import type { SigningKey } from '../trust/index.ts'
import { logSigner } from './checkpoint.ts'
import { type Sealer, sealEntries } from './seal-entries.ts'
import { endLease } from './store.ts'

const EVERY_MS = 500

/**
 * Seals for as long as it lives, every half second and at once while there is more. Every process of a hub runs
 * one; one of them leads. Nothing it meets stops it: what fails is logged and tried again. It has a connection of
 * its own, so that queries which take all the others cannot make their own promises late.
 */
export function startSealer(
  context: Context,
  options: { origin: string; key: SigningKey; everyMs?: number },
): AsyncDisposable {
  const own: Context = { ...context, db: openDatabase(context.db.target, { connectionsMax: 1 }) }
  const signer = logSigner(options.origin, options.key)
  const sealer: Sealer = { holder: randomId(), signer, now: context.now }
  const stop = new AbortController()
  const running = run(own, sealer, options.everyMs ?? EVERY_MS, stop.signal)
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
      await endLease(own.db, sealer.holder).catch((fault) => failed(own, fault))
      await own.db[Symbol.asyncDispose]()
    },
  }
}

async function run(context: Context, sealer: Sealer, everyMs: number, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const sealed = await passSafely(context, sealer)
    if (sealed === 0) await wait(everyMs, undefined, { signal: stop }).catch(() => {})
  }
}

async function passSafely(context: Context, sealer: Sealer): Promise<number> {
  try {
    const pass = await sealEntries(context.db, sealer)
    return pass.role === 'leading' ? pass.sealed : 0
  } catch (fault) {
    failed(context, fault)
    return 0
  }
}

function failed(context: Context, fault: unknown): void {
  context.log.error({ event: 'audit.sealing-failed', fault: loggable(fault) })
}
