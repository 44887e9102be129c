import { BlockList, isIPv6 } from 'node:net'
import { Agent, buildConnector } from 'undici'

const CONNECTIONS_MAX = 8
const CONNECT_MS = 2_000
const HEADER_BYTES_MAX = 16_384

/** Where an agent may connect to: this machine only (the demo), or the addresses (CIDR allowed) of one partner. */
export type AllowedAddresses = 'loopback' | readonly string[]

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
  const allowed = blockListOf(addresses)
  const connect = buildConnector({ timeout: CONNECT_MS, ...(tls && { ...tls, minVersion: 'TLSv1.3' }) })
  return new Agent({
    connections: CONNECTIONS_MAX,
    maxHeaderSize: HEADER_BYTES_MAX,
    connect(options, callback) {
      connect(options, (...outcome) => {
        const [error, socket] = outcome
        if (error !== null) return callback(error, null)
        const address = socket.remoteAddress ?? ''
        if (allowed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')) return callback(null, socket)
        socket.destroy()
        callback(new Error('The address is not one that may be connected to.'), null)
      })
    },
  })
}

/** Node's name for it is its usual use; here it lists what is allowed. It knows IPv4 addresses written as IPv6. */
function blockListOf(addresses: AllowedAddresses): BlockList {
  const list = new BlockList()
  for (const each of addresses === 'loopback' ? ['127.0.0.0/8', '::1'] : addresses) {
    const [address = '', prefix] = each.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return list
}
