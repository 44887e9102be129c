import { createApp } from '../../src/app.ts'
import type { Hub } from '../../src/broker/index.ts'
import { listen, openAgent } from '../../src/http/index.ts'
import { type DatabaseTarget, openDatabase } from '../../src/kernel/database.ts'
import { silentLog } from '../../src/kernel/events.ts'
import { openEpochWatch } from '../../src/registry/index.ts'
import { type SentKey, signingKeyOf } from './sent-key.ts'

/** What a test tells the process that it starts as another of its hub's. */
export interface HubChildStart {
  target: DatabaseTarget
  publicUrl: string
  at: string
  keys: Record<keyof Hub['keys'], SentKey>
}

/** Serves the same hub until whoever started it goes away, and says where. */
process.once('message', async ({ target, publicUrl, at, keys }: HubChildStart) => {
  const db = openDatabase(target, { connectionsMax: 4 })
  const now = new Date(at)
  const hub: Hub = {
    db,
    now: () => now,
    log: silentLog(),
    publicUrl,
    keys: {
      mandate: await signingKeyOf(keys.mandate),
      receipt: await signingKeyOf(keys.receipt),
      directory: await signingKeyOf(keys.directory),
      checkpoint: await signingKeyOf(keys.checkpoint),
    },
    dispatcher: openAgent({ addresses: 'loopback' }),
    certificates: { proxyAddress: undefined },
    sourcesDeadlineMs: 1_000,
    denialStepMs: 10,
    sourceAnswered: () => {},
    recordsGiven: () => {},
    epochs: openEpochWatch(db),
  }
  const hosts = new Set<string>()
  const server = await listen(createApp(hub, hosts).fetch, { host: '127.0.0.1', port: 0 })
  hosts.add(new URL(server.url).host)
  process.send?.(server.url)
})
process.once('disconnect', () => process.exit(0))
