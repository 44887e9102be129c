import { createServer, get } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, test } from 'vitest'
import { strayConnections } from '../support/seal-network.ts'

/** 192.0.2.0/24 is for documentation (RFC 5737); nothing is there, should the seal ever leak. */
const STRANGER = '192.0.2.1'

test.each([
  ['fetch by address', () => fetch(`http://${STRANGER}/`)],
  ['fetch by name', () => fetch('http://region.example/')],
  ['http', () => new Promise((_, reject) => get(`http://${STRANGER}/`).once('error', reject))],
  ['net, options', async () => connect({ host: STRANGER, port: 80 })],
  ['net, port and host', async () => connect(80, STRANGER)],
  ['an IPv6 address', async () => connect(80, '2001:db8::1')],
  ['loopback in disguise of a name', async () => connect(80, '127.0.0.1.region.example')],
])('%s to a stranger is refused and remembered', async (_, attempt) => {
  await expect(attempt()).rejects.toThrow()
  expect(strayConnections.splice(0)).toHaveLength(1)
})

test.each(['127.0.0.1', 'localhost', '127.0.0.2'])('%s is open', async (host) => {
  const server = createServer((_, response) => response.end('here')).listen(0)
  await new Promise((listening) => server.once('listening', listening))
  const { port } = server.address() as AddressInfo
  expect(await (await fetch(`http://${host}:${port}/`)).text()).toBe('here')
  server.close()
  server.closeAllConnections()
})
