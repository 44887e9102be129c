import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openEmbeddedPostgres } from '../kernel/embedded-postgres.ts'
import { type RunningCommand, runCommand } from './child-process.ts'
import { configOf, type DemoConfig } from './databases.ts'
import { feedWorld } from './feed-world.ts'
import { type FhirServer, startFhirServer } from './fhir-server.ts'
import { type IdentityProvider, openIdentityProvider } from './identity-provider.ts'
import { portNear } from './ports.ts'
import { forgetLastDemo, setUpNetworks } from './set-up.ts'
import { buildWorld, DEMO_REGIONS, type DemoRegion, type RegionId, type World } from './world/index.ts'

/** One simulated region: its FHIR server and identity provider here, its gateway in a process of its own. */
export interface Region extends DemoRegion {
  localUrl: string
  inwardUrl: string
  provider: IdentityProvider
  ehr: FhirServer
  gateway: RunningCommand
  /** Calls the gateway's local face with a login token. */
  send(method: string, path: string, body: string, login: string, contentType?: string): Promise<Response>
  /** A feeding system's or the council's login, made once. */
  login(role: 'feed' | 'council'): Promise<string>
  startGateway(): Promise<void>
}

export interface Demo extends AsyncDisposable {
  config: DemoConfig
  hubUrl: string
  hub: RunningCommand
  regions: Record<RegionId, Region>
  world: World
}

export interface DemoOptions {
  config: DemoConfig
  residents: number
  /** Known ports where they are free, for people; else any. */
  hasFixedPorts: boolean
  say: (line: string) => void
  progress: (done: number, of: number) => void
}

/** What a demonstration keeps is made anew at each start, so nothing of it waits for the disk. */
const FORGETFUL = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** Starts everything and feeds it: hub, three gateways, three FHIR servers, all on loopback. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { config, say } = options
  mkdirSync(join(config.TSUNAGI_DATA, 'logs'), { recursive: true, mode: 0o700 })
  say('準備しています… preparing databases and keys')
  await using start = new AsyncDisposableStack()
  // Held from the first to the last, or the server would stop and start between one process and the next.
  if (config.DATABASE_URL === undefined) {
    const folder = join(config.TSUNAGI_DATA, 'postgres')
    start.use(await openEmbeddedPostgres(folder, { settings: FORGETFUL }))
  }
  await forgetLastDemo(config)
  const port = (wished: number) => portNear(options.hasFixedPorts ? wished : undefined)
  const hubUrl = `http://127.0.0.1:${await port(3000)}`
  const ports = await Promise.all(
    DEMO_REGIONS.map(async (_, index) => ({
      local: await port(4001 + index),
      inward: await port(4101 + index),
    })),
  )
  const inwardUrls = Object.fromEntries(
    DEMO_REGIONS.map(({ id }, index) => [id, `http://127.0.0.1:${ports[index]?.inward}`]),
  ) as Record<RegionId, string>
  await setUpNetworks(config, inwardUrls)
  say('ハブと3地域を起動しています… starting the hub and three regions')
  const world = buildWorld({ residents: options.residents, today: new Date() })
  const regions = {} as Record<RegionId, Region>
  const running = start.use(openProcesses())
  const [hub] = await Promise.all([
    startHub(config, hubUrl).then((started) => running.add(started)),
    ...DEMO_REGIONS.map(async (region, index) => {
      const at = { hubUrl, ...(ports[index] as { local: number; inward: number }) }
      const started = await startRegion(config, region, at, world)
      regions[region.id] = started
      running.add({ stop: () => Promise.all([started.gateway.stop(), started.ehr.close()]) })
    }),
  ])
  say('模擬住民を登録しています… loading and feeding residents, consents and visits')
  await feedWorld({ config, regions, world }, options.progress)
  const held = start.move()
  return { config, hubUrl, hub, regions, world, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** What is running, stopped all at once. */
function openProcesses() {
  const stops: (() => Promise<unknown>)[] = []
  return {
    add<T extends { stop(): Promise<unknown> }>(started: T): T {
      stops.push(() => started.stop())
      return started
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(stops.map((stop) => stop()))
    },
  }
}

function startHub(config: DemoConfig, hubUrl: string): Promise<RunningCommand> {
  const environment = environmentOf(configOf(config, 'hub'), { HTTP_PORT: portOf(hubUrl) })
  const logFile = join(config.TSUNAGI_DATA, 'logs', 'hub.log')
  return runCommand(['serve'], environment, { logFile, readyUrl: `${hubUrl}/readyz` })
}

async function startRegion(
  config: DemoConfig,
  region: DemoRegion,
  at: { hubUrl: string; local: number; inward: number },
  world: World,
): Promise<Region> {
  const provider = await openIdentityProvider(region.id, join(config.TSUNAGI_DATA, 'keys'))
  const ehr = await startFhirServer({ resources: world.resourcesOf(region.id) })
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
  const run = () =>
    runCommand(['gateway', 'run'], environment, {
      logFile: join(config.TSUNAGI_DATA, 'logs', `gateway-${region.id}.log`),
      readyUrl: `${localUrl}/livez`,
    })
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

function environmentOf(config: DemoConfig, more: Record<string, string>): Record<string, string> {
  const { DATABASE_URL, TSUNAGI_DATA } = config
  return {
    ...(DATABASE_URL === undefined ? {} : { DATABASE_URL }),
    ...{ TSUNAGI_DATA, PLAIN_HTTP_ON_LOOPBACK: '1' },
    ...more,
  }
}

function portOf(url: string): string {
  return new URL(url).port
}
