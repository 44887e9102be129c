import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseTarget } from '../../src/kernel/database.ts'

export interface DatabaseProxy extends AsyncDisposable {
  target: DatabaseTarget
  /** From now on nothing passes on today's connections: a frozen server, a dead network. */
  freeze(): void
  /** Cuts a connection as soon as it has sent this to the server. */
  cutAfter(text: string): void
}

/** Stands between a test and its database, for faults of the network. */
export async function databaseProxy(target: DatabaseTarget): Promise<DatabaseProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-proxy-'))
  const pairs = new Set<[client: Socket, server: Socket]>()
  let fatal: string | undefined
  const listener = createServer((client) => {
    const server = connectTo(target)
    const pair: [Socket, Socket] = [client, server]
    pairs.add(pair)
    for (const [from, to] of [pair, [server, client] as const]) {
      from.on('error', () => to.destroy()).on('close', () => to.destroy())
      from.on('data', (chunk) => {
        to.write(chunk)
        if (from === client && fatal !== undefined && chunk.includes(fatal)) client.destroy()
      })
    }
    client.once('close', () => pairs.delete(pair))
  })
  await new Promise<void>((listening) => listener.listen(join(folder, '.s.PGSQL.5432'), listening))
  const { database, user } = 'url' in target ? namesOf(new URL(target.url)) : target
  return {
    target: { socketFolder: folder, database, user },
    freeze() {
      for (const socket of [...pairs].flat()) socket.pause()
    },
    cutAfter(text) {
      fatal = text
    },
    async [Symbol.asyncDispose]() {
      for (const socket of [...pairs].flat()) socket.destroy()
      await new Promise((closed) => listener.close(closed))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function connectTo(target: DatabaseTarget): Socket {
  if (!('url' in target)) return createConnection(join(target.socketFolder, '.s.PGSQL.5432'))
  const { hostname, port } = new URL(target.url)
  return createConnection(Number(port || 5432), hostname)
}

function namesOf(url: URL): { database: string; user: string } {
  return { database: url.pathname.slice(1), user: decodeURIComponent(url.username) }
}
