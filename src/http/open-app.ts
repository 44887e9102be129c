import { Hono } from 'hono'
import type { Log } from '../kernel/events.ts'
import { refuse } from '../vocabulary/index.ts'
import { checkAddress, openCall, pathUnknown } from './door.ts'
import type { HubEnv } from './hub-env.ts'
import { onError } from './operation-outcome.ts'

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE'])

/**
 * An app behind the doors that every face of ours has: faults become outcomes, each call gets its reference number,
 * and only known methods come through, for the names in `hosts`. It says that it lives; the routes are the caller's.
 */
export function openApp(log: Log, hosts: ReadonlySet<string>): Hono<HubEnv> {
  const app = new Hono<HubEnv>()
  app.onError(onError(log))
  app.notFound(pathUnknown)
  app.use(openCall(), checkAddress(hosts), async (c, next) => {
    if (!METHODS.has(c.req.method)) throw refuse('method-not-allowed')
    await next()
  })
  app.get('/livez', (c) => c.json({ status: 'ok' }))
  return app
}
