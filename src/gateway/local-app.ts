import { Hono } from 'hono'
import { BULK_BYTES_MAX } from '../consent/index.ts'
import { fhir, negotiate, openApp, readBody } from '../http/index.ts'
import { assetRoutes } from '../pages/index.ts'
import type { GatewayContext } from './context.ts'
import { councilRoutes } from './council-routes.ts'
import { deskRoutes } from './desk-routes.ts'
import { localCapability } from './local-capability.ts'
import { localFeedRoutes, localPolicyRoutes, localSearchRoutes } from './local-fhir-routes.ts'
import { logoutRoutes } from './logout-routes.ts'
import { officeRoutes } from './office/routes.ts'
import { type LocalEnv, requireLogin } from './require-login.ts'
import { viewerRoutes } from './viewer-routes.ts'

/** As much as the hub takes: what it refuses for its size must not be kept here as a copy. */
const BODY_BYTES_MAX = 64 * 1024

/** What the region's own people and systems reach. `hosts` are the names it answers to. */
export function localApp(ctx: GatewayContext, hosts: ReadonlySet<string>) {
  const app = openApp(ctx.log, hosts)
  app.route('/', assetRoutes())
  app.route('/', logoutRoutes(ctx))
  app.route('/viewer', viewerRoutes(ctx, hosts))
  app.route('/office', officeRoutes(ctx, hosts))
  app.get('/fhir/metadata', (c) => fhir(c, JSON.stringify(localCapability())))
  app.use('/fhir/Encounter/$bulk', readBody(BULK_BYTES_MAX))
  app.use('/fhir/*', readBody(BODY_BYTES_MAX), negotiate())
  app.use('/policy', readBody(BODY_BYTES_MAX), negotiate())
  app.use('/council/*', readBody(BODY_BYTES_MAX), negotiate())
  app.route('/', loginRoutes(ctx))
  return app
}

/** What only a login of the region's own identity provider opens. */
function loginRoutes(ctx: GatewayContext) {
  return new Hono<LocalEnv>()
    .use('/fhir/*', requireLogin(ctx))
    .use('/policy', requireLogin(ctx))
    .use('/desk/*', requireLogin(ctx))
    .use('/council/*', requireLogin(ctx))
    .route('/fhir', localFeedRoutes(ctx))
    .route('/fhir', localSearchRoutes(ctx))
    .route('/', localPolicyRoutes(ctx))
    .route('/desk', deskRoutes(ctx))
    .route('/council', councilRoutes(ctx))
}
