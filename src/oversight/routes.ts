import { Hono } from 'hono'
import { fhir, type HubEnv, readJson } from '../http/index.ts'
import type { Context } from '../kernel/context.ts'
import { readRegistry } from '../registry/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { reportDisclosures } from './report-disclosures.ts'
import { settleFinding, settlementSchema } from './settle-finding.ts'
import { listFindings } from './store.ts'
import { reportBundle, reportText } from './write-report.ts'

/** What a region's council may know and settle of its own residents and its own users, in signed requests. */
export function oversightRoutes(context: Context) {
  return new Hono<HubEnv>()
    .post('/oversight/disclosures', async (c) => {
      const { body, caller, act } = c.var
      const report = await act((tx) => reportDisclosures(tx, caller, body, context.now()))
      const registry = await readRegistry(context.db)
      if (report.asked.format === 'fhir') return fhir(c, JSON.stringify(reportBundle(report, registry)))
      return c.body(reportText(report, registry), 200, { 'content-type': 'text/plain; charset=utf-8' })
    })
    .get('/oversight/findings', async (c) => {
      const { caller, act } = c.var
      return c.json(await act((tx) => listFindings(tx, { region: caller.region, isOpenOnly: false })))
    })
    .post('/oversight/findings/settle', async (c) => {
      const { body, caller, act } = c.var
      const read = settlementSchema.safeParse(readJson(body))
      if (!read.success) throw refuse('resource-invalid', { at: String(read.error.issues[0]?.path[0] ?? '') })
      await act((tx) => settleFinding(tx, caller.region, read.data, context.now()))
      return c.body(null, 204)
    })
}
