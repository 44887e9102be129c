import { createApp } from '../../src/app.ts'
import type { Hub } from '../../src/broker/index.ts'
import { listen, type Tls } from '../../src/http/index.ts'
import { openDatabase } from '../../src/kernel/database.ts'
import { openEpochWatch } from '../../src/registry/index.ts'
import type { TestHub } from './test-hub.ts'

/** Another process of the same hub, as a balancer would have it: connections of its own, the same database and name. */
export async function secondHub(t: TestHub, options: { tls?: Tls; overrides?: Partial<Hub> } = {}) {
  const db = openDatabase(t.target, { connectionsMax: 4 })
  const epochs = openEpochWatch(db)
  const hub: Hub = { ...t.hub, db, epochs, ...options.overrides }
  const hosts = new Set<string>()
  const server = await listen(createApp(hub, hosts).fetch, { host: '127.0.0.1', port: 0, tls: options.tls })
  hosts.add(new URL(server.url).host)
  return {
    hub,
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server.close()
      await epochs[Symbol.asyncDispose]()
      await db.close()
    },
  }
}
