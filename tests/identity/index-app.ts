import { eq } from 'drizzle-orm'
import { Hono } from 'hono'
import { recordAudit } from '../../src/audit/index.ts'
import { auditDetail, auditEntry } from '../../src/audit/tables.ts'
import { type Caller, type HubEnv, onError } from '../../src/http/index.ts'
import { identityRoutes, personOf } from '../../src/identity/index.ts'
import type { FeedContext } from '../../src/identity/read-fed.ts'
import { link } from '../../src/identity/tables.ts'
import type { Context } from '../../src/kernel/context.ts'
import { actTogether } from '../../src/registry/act-together.ts'
import { type AskingEnv, putRegion } from '../../src/registry/index.ts'
import { freshClaims } from '../../src/trust/index.ts'
import { NOON, testContext } from '../support/test-context.ts'
import { HANAKO, patientOf, type ResidentRecord } from './resident.ts'

export const MINATO: Caller = { region: 'minato', patientSystem: 'urn:oid:2.999.14.1.1' }
export const SAGAMINO: Caller = { region: 'sagamino', patientSystem: 'urn:oid:2.999.14.1.2' }
export const SHIOKAZE: Caller = { region: 'shiokaze', patientSystem: 'urn:oid:2.999.14.1.3' }

/** An index of three regions, empty; the routes stand behind a door that lets every call in as its caller. */
export async function testIndex(overrides: Partial<FeedContext> = {}) {
  const test = await testContext('hub', overrides)
  const { context } = test
  await context.db.transaction(async (tx) => {
    for (const { region, patientSystem } of [MINATO, SAGAMINO, SHIOKAZE]) {
      await putRegion(tx, { id: region, name: region, patientSystem, stage: 'asking' }, NOON)
    }
  })
  const call = callOf(context)

  return {
    ...test,
    call,
    async put(caller: Caller, localId: string, record: ResidentRecord = {}, changes: object = {}) {
      const own = { system: caller.patientSystem, value: localId }
      const body = JSON.stringify({ ...patientOf({ ...HANAKO, ...record }, own), ...changes })
      return call(caller, 'PUT', patientPath(caller, localId), body)
    },
    remove: (caller: Caller, localId: string) => call(caller, 'DELETE', patientPath(caller, localId)),
    personOf: (caller: Caller, localId: string) => personOf(context.db, caller.region, localId),
    /** Who is held to be one person: ids of the regions' patients, sorted. */
    async persons(): Promise<string[][]> {
      const rows = await context.db.select().from(link)
      const groups = Map.groupBy(rows, ({ person }) => person)
      return [...groups.values()]
        .map((each) => each.map((row) => `${row.region} ${row.localId}`).sort())
        .sort()
    },
    async audited(kind: string): Promise<unknown[]> {
      const rows = await context.db
        .select({ detail: auditDetail.detail })
        .from(auditEntry)
        .innerJoin(auditDetail, eq(auditDetail.entry, auditEntry.number))
        .where(eq(auditEntry.kind, kind))
        .orderBy(auditEntry.number)
      return rows.map(({ detail }) => JSON.parse(detail))
    },
  }
}

/** As one process of the hub answers: which feeds come at once it knows of itself alone. */
export function callOf(context: Context) {
  const app = appOf(context)
  return (caller: Caller, method: string, path: string, body?: string) =>
    app.request(`/fhir${path}`, { method, ...(body === undefined ? {} : { body }) }, { caller })
}

function appOf(context: Context) {
  const app = new Hono<HubEnv & { Bindings: { caller: Caller } }>()
  const act = actTogether(context)
  app.onError(onError(context.log) as never)
  app.use(async (c, next) => {
    c.set('requestId', 'test')
    c.set('body', await c.req.text())
    c.set('caller', c.env.caller)
    c.set('act', (change) => context.db.transaction(change))
    await next()
  })
  const routes = new Hono<AskingEnv>().use(async (c, next) => {
    c.set('ask', ({ question, key, entry }) =>
      context.db.transaction(async (tx) => {
        await recordAudit(tx, entry)
        return (await tx.execute(question([key]))) as never
      }),
    )
    c.set('record', (entry) =>
      context.db.transaction(async (tx) => {
        await recordAudit(tx, entry)
      }),
    )
    c.set('actTogether', (change, job) => {
      const claims = {
        ...freshClaims(c.var.caller.region, 'hub', NOON),
        htm: 'PUT',
        htu: '',
        bod: '',
      } as const
      const actAlone = () => context.db.transaction((tx) => change.alone(tx, job))
      return act(change, { claims, job, actAlone })
    })
    await next()
  })
  return app.route('/', routes.route('/fhir', identityRoutes(context)))
}

export function patientPath({ patientSystem }: Caller, localId: string): string {
  return `/Patient?identifier=${encodeURIComponent(`${patientSystem}|${localId}`)}`
}

export async function codeOf(response: Response): Promise<string> {
  const { issue } = (await response.json()) as { issue: [{ details: { coding: [{ code: string }] } }] }
  return issue[0].details.coding[0].code
}
