import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

/** Waits until it is true, at most a minute. */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const patience = Date.now() + 60_000
  while (!(await isTrue())) {
    if (Date.now() > patience) throw new Error('The hub did not become ready.')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Whether the hub at the URL says that it is ready. */
export function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    (response) => response.ok,
    () => false,
  )
}
