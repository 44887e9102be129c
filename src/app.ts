import { Hono, type MiddlewareHandler } from 'hono'
import { auditRoutes } from './audit/index.ts'
import { brokerRoutes, emergencyRoutes, type Hub } from './broker/index.ts'
import { capabilityStatement } from './capability-statement.ts'
import { BULK_BYTES_MAX, consentRoutes } from './consent/index.ts'
import { fhir, type HubEnv, negotiate, openApp, readBody } from './http/index.ts'
import { BATCH_BYTES_MAX, identityRoutes, reviewRoutes, searchRoutes } from './identity/index.ts'
import { networkStatus, unreadyReasons } from './monitoring/index.ts'
import { oversightRoutes } from './oversight/index.ts'
import { alignmentListPage, alignmentPage, assetRoutes, PAGE_CSP, statusPage } from './pages/index.ts'
import { authenticate, policyRoutes, publishDirectory, type SignedEnv } from './registry/index.ts'
import { catalogueRoutes, conceptMapRoutes, readinessRoutes, readReadiness } from './terminology/index.ts'
import { refuse } from './vocabulary/index.ts'

/** Of a feed, a policy or a search. 1 MiB of small keys takes two seconds to check. */
const BODY_BYTES_MAX = 64 * 1024
/** Of a map of codes: some 2,000 of them; a region with more sends several. */
const MAP_BYTES_MAX = 256 * 1024

/** The table of contents: what the hub answers, and through which doors. `hosts` are the names it answers to. */
export function createApp(hub: Hub, hosts: ReadonlySet<string>) {
  const app = openApp(hub.log, hosts)
  app.use('/fhir', readBody(BATCH_BYTES_MAX))
  app.use('/fhir/Encounter/$bulk', readBody(BULK_BYTES_MAX))
  app.use('/fhir/*', readFhirBody(), negotiate())
  app.use('/emergencies/*', readBody(BODY_BYTES_MAX), negotiate())
  app.use('/oversight/*', readBody(BODY_BYTES_MAX), negotiate())
  app.use('/policy', readBody(BODY_BYTES_MAX), negotiate())
  app.use('/readiness/*', readBody(0))
  app.use('/review/*', readBody(BODY_BYTES_MAX), negotiate())
  app.route('/', openRoutes(hub))
  app.route('/', signedRoutes(hub))
  return app
}

function readFhirBody(): MiddlewareHandler<HubEnv> {
  const [ofMap, ofOther] = [readBody(MAP_BYTES_MAX), readBody(BODY_BYTES_MAX)]
  return (c, next) => (c.req.path.startsWith('/fhir/ConceptMap/') ? ofMap(c, next) : ofOther(c, next))
}

/** What only a region's signed request opens. */
function signedRoutes(hub: Hub) {
  return new Hono<SignedEnv>()
    .use('/fhir/*', authenticate(hub))
    .use('/policy', authenticate(hub))
    .use('/readiness/*', authenticate(hub))
    .use('/review/*', authenticate(hub))
    .use('/emergencies/*', authenticate(hub))
    .use('/oversight/*', authenticate(hub))
    .route('/fhir', identityRoutes(hub))
    .route('/fhir', searchRoutes(hub))
    .route('/fhir', consentRoutes(hub))
    .route('/fhir', brokerRoutes(hub))
    .route('/fhir', conceptMapRoutes(hub))
    .route('/', readinessRoutes(hub))
    .route('/', policyRoutes(hub))
    .route('/review', reviewRoutes(hub))
    .route('/', emergencyRoutes(hub))
    .route('/', oversightRoutes(hub))
}

/** What anybody may read: no person is in it. */
function openRoutes(hub: Hub) {
  return new Hono<HubEnv>()
    .get('/readyz', async (c) => {
      const reasons = await unreadyReasons(hub, ['shared', 'hub'])
      return c.json(
        { status: reasons.length === 0 ? 'ok' : 'unready', reasons },
        reasons.length === 0 ? 200 : 503,
      )
    })
    .get('/fhir/metadata', (c) => fhir(c, JSON.stringify(capabilityStatement(hub.publicUrl))))
    .route('/fhir', catalogueRoutes())
    .get('/directory', async (c) => c.text(await publishDirectory(hub)))
    .get('/status.json', async (c) => c.json(await networkStatus(hub)))
    .get('/', async (c) =>
      c.html(statusPage(await networkStatus(hub)), 200, { 'content-security-policy': PAGE_CSP }),
    )
    .get('/status', async (c) =>
      c.html(statusPage(await networkStatus(hub)), 200, { 'content-security-policy': PAGE_CSP }),
    )
    .route('/status/alignment', alignmentPages(hub))
    .route('/', auditRoutes(hub))
    .route('/', assetRoutes())
}

/** How far each network's records fit the national set: counts alone, and none below ten. */
function alignmentPages(hub: Hub) {
  const headers = { 'content-security-policy': PAGE_CSP }
  return new Hono<HubEnv>()
    .get('/', async (c) => c.html(alignmentListPage((await networkStatus(hub)).regions), 200, headers))
    .get('/:region', async (c) => {
      const { regions } = await networkStatus(hub)
      const region = regions.find(({ id }) => id === c.req.param('region'))
      if (region === undefined) throw refuse('path-unknown')
      const at = hub.now()
      const readiness = await readReadiness(hub.db, region.id, at)
      return c.html(alignmentPage({ ...readiness, name: region.name, at }), 200, headers)
    })
}
