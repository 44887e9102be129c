import type { HubProcess } from './hub-process.ts'

/** One look-up by a region that behaves. A status of 0: the connection was refused, and it asked again. */
export interface Look {
  status: number
  ms: number
}

/** Looks up the same resident one after another for so long, each with a request of its own. */
export async function looksFor(hub: HubProcess, ms: number, headers: object = {}): Promise<Look[]> {
  const until = performance.now() + ms
  const looks: Look[] = []
  while (performance.now() < until) {
    const authorization = `Bearer ${await hub.token()}`
    const started = performance.now()
    const response = await fetch(hub.url + hub.lookUp, { headers: { authorization, ...headers } })
    await response.text()
    looks.push({ status: response.status, ms: performance.now() - started })
  }
  return looks
}

export function p99(looks: readonly Look[]): number {
  const sorted = looks.map(({ ms }) => ms).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0
}
