import { Hono } from 'hono'
import type { HubEnv } from '../http/index.ts'
import type { Hub } from './hub.ts'
import { emergenciesOf, reportEmergency, reviewEmergency } from './settle-emergency.ts'

/** What is owed after the glass was broken: the user's report, the holding council's review. */
export function emergencyRoutes(hub: Hub) {
  return new Hono<HubEnv>()
    .get('/emergencies', async (c) => {
      const { caller, act } = c.var
      return c.json(await act((tx) => emergenciesOf(tx, caller)))
    })
    .post('/emergencies/report', async (c) => {
      const { body, caller, act } = c.var
      await act((tx) => reportEmergency(tx, caller, body, hub.now()))
      return c.body(null, 204)
    })
    .post('/emergencies/review', async (c) => {
      const { body, caller, act } = c.var
      await act((tx) => reviewEmergency(tx, caller, body, hub.now()))
      return c.body(null, 204)
    })
}
