import { Hono } from 'hono'
import type { HubEnv } from '../http/index.ts'
import { BYTES_32 } from '../kernel/base64url.ts'
import type { Context } from '../kernel/context.ts'
import { refuse } from '../vocabulary/index.ts'
import { latestCheckpoint, proveConsistency, proveEntry, proveInclusion } from './prove-leaf.ts'

/** What others need to check the log without trusting it. Who may call is decided where it is mounted. */
export function auditRoutes({ db }: Context): Hono<HubEnv> {
  return (
    new Hono<HubEnv>()
      .get('/audit/checkpoint', async (c) => {
        return c.text((await latestCheckpoint(db))?.note ?? refused('leaf-unknown'))
      })
      .get('/audit/proof', async (c) => {
        const leaf = onlyQuery(c.req.queries(), 'leaf', BYTES_32)
        return c.json((await proveInclusion(db, leaf)) ?? refused('leaf-unknown'))
      })
      // How asking one source ended, for the gateway that answered: it alone, the hub and the asker know the digest.
      .get('/audit/answer', async (c) => {
        const mandate = onlyQuery(c.req.queries(), 'mandate', BYTES_32)
        return c.json(
          (await proveEntry(db, `mandate:${mandate}`, 'source.answered')) ?? refused('leaf-unknown'),
        )
      })
      .get('/audit/consistency', async (c) => {
        const from = onlyQuery(c.req.queries(), 'from', /^(0|[1-9]\d{0,14})$/)
        return c.json((await proveConsistency(db, Number(from))) ?? refused('leaf-unknown'))
      })
  )
}

/** The one parameter of the call: there once, well formed, and nothing beside it. */
function onlyQuery(queries: Record<string, string[]>, name: string, form: RegExp): string {
  const [value = '', ...more] = queries[name] ?? []
  if (!form.test(value) || more.length > 0 || Object.keys(queries).length !== 1) {
    throw refuse('parameter-unsupported', { at: name })
  }
  return value
}

function refused(code: 'leaf-unknown'): never {
  throw refuse(code)
}
