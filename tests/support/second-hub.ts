import { once } from 'node:events'
import { createApp } from '../../src/app.ts'
import type { Hub } from '../../src/broker/index.ts'
import { listen, type Tls } from '../../src/http/index.ts'
import { openDatabase } from '../../src/kernel/database.ts'
import { openEpochWatch } from '../../src/registry/index.ts'
import type { HubChildStart } from './hub-child.ts'
import { sentKey } from './sent-key.ts'
import { startChild } from './start-child.ts'
import { NOON } from './test-context.ts'
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

const CHILD = new URL('./hub-child.ts', import.meta.url)

/** The same as an operating-system process of its own, whose clock stands where the test's does. */
export async function hubProcess(t: TestHub): Promise<{ url: string } & AsyncDisposable> {
  const start: HubChildStart = {
    target: t.target,
    publicUrl: t.url,
    at: NOON.toISOString(),
    keys: {
      mandate: await sentKey(t.hub.keys.mandate),
      receipt: await sentKey(t.hub.keys.receipt),
      directory: await sentKey(t.hub.keys.directory),
      checkpoint: await sentKey(t.hub.keys.checkpoint),
    },
  }
  const child = startChild(CHILD)
  child.send(start)
  const [url] = (await once(child, 'message')) as [string]
  return {
    url,
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}
