import { join } from 'node:path'
import { PortTaken, type RunningCommand, runCommand } from './child-process.ts'
import { configOf, type DemoConfig, environmentOf } from './databases.ts'
import { choosePlaces, type Places } from './ports.ts'
import { forgetLastDemo, setUpNetworks } from './set-up.ts'
import type { Demo, DemoOptions, Region } from './start-demo.ts'
import { startRegion } from './start-region.ts'
import { DEMO_REGIONS, REGION_IDS, type RegionId, type World } from './world/index.ts'

export type Networks = Pick<Demo, 'hubUrl' | 'hub' | 'regions'> & AsyncDisposable

/** So many times somebody else may be quicker to take a port that was free. */
const STARTS_MAX = 5

/**
 * Databases, hub and regions on ports that are free; all anew where one was taken meanwhile, then on any ports: two
 * demonstrations that start at once would go on choosing the same ones.
 */
export async function startNetworks(options: DemoOptions, world: World): Promise<Networks> {
  for (let start = 1; ; start += 1) {
    try {
      return await startNetworksAt(await choosePlaces(options.hasFixedPorts && start === 1), options, world)
    } catch (error) {
      if (!(error instanceof PortTaken) || start === STARTS_MAX) throw error
    }
  }
}

async function startNetworksAt(
  places: Places,
  { config, say }: DemoOptions,
  world: World,
): Promise<Networks> {
  const hubUrl = `http://127.0.0.1:${places.hub}`
  const inwardUrls = REGION_IDS.map((id) => [id, `http://127.0.0.1:${places[id].inward}`])
  await forgetLastDemo(config)
  await setUpNetworks(config, Object.fromEntries(inwardUrls))
  say('ハブと3地域を起動しています… starting the hub and three regions')
  await using start = new AsyncDisposableStack()
  const stops: (() => Promise<void>)[] = []
  start.defer(async () => void (await Promise.all(stops.map((stop) => stop()))))
  const startingHub = startHub(config, hubUrl).then((hub) => {
    stops.push(() => hub.stop())
    return hub
  })
  const startingRegions = DEMO_REGIONS.map(async (demoRegion) => {
    const region = await startRegion(config, demoRegion, { hubUrl, ...places[demoRegion.id] }, world)
    stops.push(
      () => region.gateway.stop(),
      () => region.ehr.close(),
    )
    return [region.id, region] as const
  })
  // Whatever starts beside one that fails is stopped with the rest.
  await Promise.allSettled([startingHub, ...startingRegions])
  const hub = await startingHub
  const regions = Object.fromEntries(await Promise.all(startingRegions)) as Record<RegionId, Region>
  const held = start.move()
  return { hubUrl, hub, regions, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

function startHub(config: DemoConfig, hubUrl: string): Promise<RunningCommand> {
  const environment = environmentOf(configOf(config, 'hub'), { HTTP_PORT: new URL(hubUrl).port })
  return runCommand(['serve'], environment, join(config.TSUNAGI_DATA, 'logs', 'hub.log'))
}
