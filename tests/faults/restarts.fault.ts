import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type HubProcess, hubProcess } from './hub-process.ts'

const send = async (hub: HubProcess, token: string): Promise<number> => {
  const response = await fetch(hub.url + hub.lookUp, { headers: { authorization: `Bearer ${token}` } })
  await response.text()
  return response.status
}

test('A17: a request used before the hub, and before PostgreSQL, was restarted is refused after it', async () => {
  await using hub = await hubProcess()
  const [first, second] = [await hub.token(), await hub.token()]
  expect(await send(hub, first)).toBe(200)
  await hub.restart()
  expect(await send(hub, first)).toBe(401)
  expect(await send(hub, second)).toBe(200)

  // As when the machine's memory runs out: no farewell, and the next start recovers from the log.
  const postmaster = join(hub.folder, 'postgres/data/postmaster.pid')
  process.kill(Number(readFileSync(postmaster, 'utf8').split('\n')[0]), 'SIGKILL')
  await pause(500)
  await hub.ready()
  expect(await send(hub, second)).toBe(401)
  expect(await send(hub, await hub.token())).toBe(200)
})
