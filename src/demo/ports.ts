import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { REGION_IDS, type RegionId } from './world/index.ts'

/** Where a region's gateway listens. */
export interface Place {
  local: number
  inward: number
}

export type Places = { hub: number } & Record<RegionId, Place>

/** Known ports, for people, where nobody listens on them; else any. */
export async function choosePlaces(hasFixedPorts: boolean): Promise<Places> {
  const known = [
    3000,
    ...REGION_IDS.map((_, index) => 4001 + index),
    ...REGION_IDS.map((_, index) => 4101 + index),
  ]
  const ports = await choosePorts(known.map((port) => (hasFixedPorts ? port : undefined)))
  const [hub = 0, ...others] = ports
  const places = REGION_IDS.map((id, index) => [
    id,
    { local: others[index] ?? 0, inward: others[index + REGION_IDS.length] ?? 0 },
  ])
  return { hub, ...Object.fromEntries(places) }
}

/**
 * Ports of this machine that are free just now, all different: each the wished one where nobody listens there, else
 * any. Whoever listens first has them, so a process that is given one may find it taken (`PortTaken`).
 */
export async function choosePorts(wished: readonly (number | undefined)[]): Promise<number[]> {
  const held: Server[] = []
  try {
    for (const port of wished) held.push((await tryListen(port ?? 0)) ?? present(await tryListen(0)))
    return held.map((server) => (server.address() as { port: number }).port)
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))))
  }
}

async function tryListen(port: number): Promise<Server | undefined> {
  const server = createServer((caller) => caller.destroy()).listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    return server
  } catch {
    return undefined
  }
}

function present(server: Server | undefined): Server {
  if (server === undefined) throw new Error('空いているポートがありません。 No port is free on this machine.')
  return server
}
