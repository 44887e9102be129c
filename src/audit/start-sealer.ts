import type { Context } from '../kernel/context.ts'
import { loggable, openDatabase } from '../kernel/database.ts'
import { randomId } from '../kernel/ids.ts'
import { repeatEvery } from '../kernel/repeat-every.ts'
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
  const sealing = repeatEvery(
    options.everyMs ?? EVERY_MS,
    async () => (await sealSome(own, sealer)) > 0,
    (fault) => failed(own, fault),
  )
  return {
    async [Symbol.asyncDispose]() {
      await sealing[Symbol.asyncDispose]()
      await endLease(own.db, sealer.holder).catch((fault) => failed(own, fault))
      await own.db[Symbol.asyncDispose]()
    },
  }
}

async function sealSome(context: Context, sealer: Sealer): Promise<number> {
  const pass = await sealEntries(context.db, sealer)
  return pass.role === 'leading' ? pass.sealed : 0
}

function failed(context: Context, fault: unknown): void {
  context.log.error({ event: 'audit.sealing-failed', fault: loggable(fault) })
}
