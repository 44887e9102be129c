import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openEmbeddedPostgres } from '../kernel/embedded-postgres.ts'
import type { RunningCommand } from './child-process.ts'
import type { DemoConfig } from './databases.ts'
import { feedWorld } from './feed-world.ts'
import type { FhirServer } from './fhir-server.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { startNetworks } from './start-networks.ts'
import { buildWorld, type DemoRegion, type RegionId, type World } from './world/index.ts'

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
  const world = buildWorld({ residents: options.residents, today: new Date() })
  const { hubUrl, hub, regions } = start.use(await startNetworks(options, world))
  say('模擬住民を登録しています… loading and feeding residents, consents and visits')
  await feedWorld({ config, regions, world }, options.progress)
  const held = start.move()
  return { config, hubUrl, hub, regions, world, [Symbol.asyncDispose]: () => held.disposeAsync() }
}
