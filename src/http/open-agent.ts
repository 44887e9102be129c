import { BlockList, isIPv6 } from 'node:net'
import { Agent, buildConnector } from 'undici'

const CONNECTIONS_MAX = 8
const CONNECT_MS = 2_000
const HEADER_BYTES_MAX = 16_384

const LOOPBACK = ['127.0.0.0/8', '::1']
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']
/** No partner can be there: this machine, this network segment, shared and translated space, multicast, reserved. */
const NOBODY = [
  ...LOOPBACK,
  '0.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '224.0.0.0/3',
  '::',
  '64:ff9b::/96',
  'fe80::/10',
  'ff00::/8',
]

/**
 * Where an agent may connect to. `loopback`: this machine only, which is all that plain HTTP is allowed (the demo).
 * `own-network`: this machine and private addresses, for the region's own systems. `routable`: wherever a partner
 * can be, told from others by its certificate. Or the addresses (CIDR allowed) of one partner.
 */
export type AllowedAddresses = 'loopback' | 'own-network' | 'routable' | readonly string[]

export interface AgentOptions {
  addresses: AllowedAddresses
  /** PEM; required by any partner that is not on this machine. */
  tls?: { ca: string; cert: string; key: string } | undefined
}

/**
 * Connections to one partner, so that a slow one holds up nobody else. The address is checked on the connected
 * socket: look-up hooks never see literal addresses, and a name may resolve differently the second time.
 */
export function openAgent({ addresses, tls }: AgentOptions): Agent {
  const isAllowed = ruleOf(addresses)
  const connect = buildConnector({ timeout: CONNECT_MS, ...(tls && { ...tls, minVersion: 'TLSv1.3' }) })
  return new Agent({
    connections: CONNECTIONS_MAX,
    maxHeaderSize: HEADER_BYTES_MAX,
    connect(options, callback) {
      connect(options, (...outcome) => {
        const [error, socket] = outcome
        if (error !== null) return callback(error, null)
        if (isAllowed(socket.remoteAddress ?? '')) return callback(null, socket)
        socket.destroy()
        callback(new Error('The address is not one that may be connected to.'), null)
      })
    },
  })
}

function ruleOf(addresses: AllowedAddresses): (address: string) => boolean {
  if (addresses === 'loopback') return isAmong(LOOPBACK)
  if (addresses === 'own-network') return isAmong([...LOOPBACK, ...PRIVATE])
  if (addresses !== 'routable') return isAmong(addresses)
  const isNobody = isAmong(NOBODY)
  return (address) => address !== '' && !isNobody(address)
}

/** Node's BlockList, whatever its name, only says what is on it. It knows IPv4 addresses written as IPv6. */
function isAmong(addresses: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const each of addresses) {
    const [address = '', prefix] = each.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return (address) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
