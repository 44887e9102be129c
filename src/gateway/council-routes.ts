import { Hono } from 'hono'
import { refuse } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { feedHub } from './feed-hub.ts'
import { relay } from './local-fhir-routes.ts'
import { listNotices } from './notice-store.ts'
import { readPolicies } from './read-policies.ts'
import { asOffice, type LocalEnv } from './require-login.ts'

/** Other councils' policies concern the whole office; everything else here its privacy officer. */
const OPEN_TO_ALL = '/council/policies'

/** What the council's office reads and owes: the hub's notices, emergencies, and what residents ask to know. */
export function councilRoutes(ctx: GatewayContext) {
  return new Hono<LocalEnv>()
    .use(async (c, next) => {
      asOffice(c.get('login'), c.req.path === OPEN_TO_ALL ? undefined : 'privacy')
      await next()
    })
    .get('/notices', async (c) => {
      const rows = await listNotices(ctx.db)
      return c.json(
        rows.map(({ letter, notice, receivedAt }) => ({
          letter,
          receivedAt: receivedAt.toISOString(),
          ...notice,
        })),
      )
    })
    .get('/policies', async (c) => {
      const { region = ctx.region, ...others } = c.req.query()
      if (Object.keys(others).length > 0) throw refuse('parameter-unsupported')
      return c.json(await readPolicies(ctx, region))
    })
    .get('/emergencies', async () => relay(await feedHub(ctx, { method: 'GET', path: '/emergencies' })))
    .post('/emergencies/review', async (c) =>
      relay(await feedHub(ctx, { method: 'POST', path: '/emergencies/review', body: c.get('body') })),
    )
    .get('/findings', async () => relay(await feedHub(ctx, { method: 'GET', path: '/oversight/findings' })))
    .post('/findings/settle', async (c) =>
      relay(await feedHub(ctx, { method: 'POST', path: '/oversight/findings/settle', body: c.get('body') })),
    )
    .post('/disclosures', async (c) =>
      relay(await feedHub(ctx, { method: 'POST', path: '/oversight/disclosures', body: c.get('body') })),
    )
}
