import { once } from 'node:events'
import { createServer } from 'node:net'

/** The wished port if nobody listens there, else one that is free. */
export async function portNear(wished: number | undefined): Promise<number> {
  return (wished !== undefined && (await tryPort(wished))) || present(await tryPort(0))
}

async function tryPort(port: number): Promise<number | undefined> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    return (server.address() as { port: number }).port
  } catch {
    return undefined
  } finally {
    server.close()
  }
}

function present(port: number | undefined): number {
  if (port === undefined) throw new Error('空いているポートがありません。 No port is free on this machine.')
  return port
}
