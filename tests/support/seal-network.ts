import { BlockList, isIP, type NetConnectOpts, Socket } from 'node:net'
import { afterEach } from 'vitest'

/** Tests reach this machine and nothing else: no test of ours may ever send something to a stranger. */
const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addAddress('::1', 'ipv6')

/** What was attempted since the last test; a test that means to attempt takes it out. */
export const strayConnections: string[] = []

const connect = Socket.prototype.connect
Socket.prototype.connect = function sealed(this: Socket, ...args: unknown[]) {
  const host = hostOf(args)
  if (host === undefined || isLoopback(host)) return Reflect.apply(connect, this, args) as Socket
  strayConnections.push(host)
  throw new Error(`A test tried to reach ${host}; only loopback is open to tests.`)
} as typeof connect

/** A client may swallow the refusal, as one of a region that is down; the test fails all the same. */
afterEach(() => {
  const stray = strayConnections.splice(0)
  if (stray.length > 0) throw new Error(`The test tried to reach ${stray.join(', ')}.`)
})

/** Node calls with [options, callback] as one array; callers also with (path), (options) or (port, host). */
function hostOf(args: unknown[]): string | undefined {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args
  if (typeof first !== 'object' || first === null) {
    return typeof first === 'number' || /^\d+$/.test(String(first))
      ? String(second ?? 'localhost')
      : undefined
  }
  const options = first as NetConnectOpts & { host?: string | null; path?: string | null }
  return options.path ? undefined : (options.host ?? 'localhost')
}

function isLoopback(host: string): boolean {
  const version = isIP(host)
  if (version === 0) return host === 'localhost' || host.endsWith('.localhost')
  return LOOPBACK.check(host, version === 4 ? 'ipv4' : 'ipv6')
}
