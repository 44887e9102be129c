import { join } from 'node:path'
import { runCommand } from './child-process.ts'
import { configOf, type DemoConfig, environmentOf } from './databases.ts'
import { startFhirServer } from './fhir-server.ts'
import { openIdentityProvider } from './identity-provider.ts'
import type { Place } from './ports.ts'
import type { Region } from './start-demo.ts'
import type { DemoRegion, World } from './world/index.ts'

/**
 * A region's FHIR server and identity provider in this process, and its gateway in one of its own. Throws PortTaken
 * where somebody else listens on one of its ports.
 */
export async function startRegion(
  config: DemoConfig,
  region: DemoRegion,
  at: { hubUrl: string } & Place,
  world: World,
): Promise<Region> {
  await using start = new AsyncDisposableStack()
  const provider = await openIdentityProvider(region.id, join(config.TSUNAGI_DATA, 'keys'))
  const ehr = start.use(await startFhirServer({ resources: world.resourcesOf(region.id) }))
  const localUrl = `http://127.0.0.1:${at.local}`
  const environment = environmentOf(configOf(config, region.id), {
    REGION: region.id,
    PATIENT_SYSTEM: region.patientSystem,
    HUB_URL: at.hubUrl,
    EHR_URL: ehr.url,
    LOGIN_JWKS_FILE: provider.jwksFile,
    LOGIN_ISSUER: provider.issuer,
    INWARD_PORT: String(at.inward),
    LOCAL_PORT: String(at.local),
  })
  const logFile = join(config.TSUNAGI_DATA, 'logs', `gateway-${region.id}.log`)
  const run = () => runCommand(['gateway', 'run'], environment, logFile)
  const logins = new Map<string, Promise<string>>()
  const started: Region = {
    ...region,
    localUrl,
    inwardUrl: `http://127.0.0.1:${at.inward}`,
    provider,
    ehr,
    gateway: await run(),
    send: (method, path, ...rest) => send(localUrl + path, method, ...rest),
    login(role) {
      const known = logins.get(role) ?? provider.feedLogin(role)
      logins.set(role, known)
      return known
    },
    async startGateway() {
      started.gateway = await run()
    },
  }
  start.move()
  return started
}

function send(
  url: string,
  method: string,
  body: string,
  login: string,
  contentType?: string,
): Promise<Response> {
  const isForm = new URL(url).pathname.endsWith('/_search')
  const usual = isForm ? 'application/x-www-form-urlencoded' : 'application/fhir+json'
  return fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${login}`,
      ...(body === '' ? {} : { 'content-type': contentType ?? usual }),
    },
    ...(body === '' ? {} : { body }),
  })
}
