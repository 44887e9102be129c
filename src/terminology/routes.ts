import { Hono } from 'hono'
import { fhir, type HubEnv } from '../http/index.ts'
import type { Context } from '../kernel/context.ts'
import { refuse } from '../vocabulary/index.ts'
import { findConceptMap } from './concept-map-store.ts'
import { itemCodeSystem, itemValueSets } from './item-terminology.ts'
import { readinessCsv, readReadiness } from './readiness.ts'
import { readMap, recordConceptMap } from './record-concept-map.ts'
import { readAsked, translate } from './translate.ts'

/** What anybody may read: the catalogue of shared items. */
export function catalogueRoutes() {
  const valueSets = itemValueSets()
  return new Hono<HubEnv>()
    .get('/CodeSystem/item', (c) => fhir(c, JSON.stringify(itemCodeSystem())))
    .get('/ValueSet/:id', (c) => {
      const found = valueSets.find(({ id }) => id === c.req.param('id'))
      if (found === undefined) throw refuse('resource-unknown')
      return fhir(c, JSON.stringify(found))
    })
}

/** A region's own maps, and `$translate` over them. */
export function conceptMapRoutes(context: Context) {
  return new Hono<HubEnv>()
    .get('/ConceptMap/$translate', async (c) => {
      const asked = readAsked(new URL(c.req.url).searchParams)
      const { caller, act } = c.var
      return fhir(c, JSON.stringify(await act((tx) => translate(tx, caller.region, asked))))
    })
    .get('/ConceptMap/:id', async (c) => {
      const { caller, act } = c.var
      const body = await act((tx) => findConceptMap(tx, caller.region, c.req.param('id')))
      if (body === undefined) throw refuse('resource-unknown')
      return fhir(c, body)
    })
    .put('/ConceptMap/:id', async (c) => {
      const { body, caller, act } = c.var
      const id = c.req.param('id')
      const map = readMap(id, body)
      await act((tx) => recordConceptMap(tx, caller, { id, body, map }, context.now()))
      return fhir(c, body, 201)
    })
}

/** How far a region's records fit, as it sees it of itself. */
export function readinessRoutes(context: Context) {
  return new Hono<HubEnv>()
    .get('/readiness/alignment.json', async (c) => {
      const { caller, act } = c.var
      return c.json(await act((tx) => readReadiness(tx, caller.region, context.now())))
    })
    .get('/readiness/alignment.csv', async (c) => {
      const { caller, act } = c.var
      const report = await act((tx) => readReadiness(tx, caller.region, context.now()))
      return c.body(readinessCsv(report), 200, { 'content-type': 'text/csv; charset=utf-8' })
    })
}
