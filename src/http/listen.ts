import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'

const HEADER_BYTES_MAX = 16_384
const HEADERS_MAX = 100
const CHECK_MS = 1_000

/** How long a peer may take, and how many connections there may be. */
export interface ListenLimits {
  /** From the connection, or the end of the last answer, to the end of the headers; the TLS handshake too. */
  headersMs: number
  /** To the end of the body. */
  requestMs: number
  /** From the headers until the peer has taken the whole answer, however slowly it reads. */
  responseMs: number
  /** Between two requests on one connection. */
  keepAliveMs: number
  connectionsMax: number
}

/** Node's own are 60 s for headers, 300 s for a request, no end for an answer, and any number of connections. */
export const LISTEN_LIMITS: ListenLimits = {
  headersMs: 10_000,
  requestMs: 20_000,
  responseMs: 60_000,
  keepAliveMs: 15_000,
  connectionsMax: 1_000,
}

/**
 * TLS 1.3. With `ca` every client needs a certificate of it, as hub and gateways do of each other; without, as for
 * the browsers of a region, none is asked for. Without TLS only a loopback address may be listened on.
 */
export interface Tls {
  cert: string
  key: string
  ca?: string
}

export interface Listening {
  /** `http://127.0.0.1:3000`: scheme, address and port. */
  url: string
  port: number
  close(): Promise<void>
}

type Fetch = (request: Request, env: unknown) => Response | Promise<Response>

/**
 * Listens with bounds on headers, time and connections. Throws when plain HTTP is asked for on anything but
 * loopback.
 */
export async function listen(
  fetch: Fetch,
  at: { host: string; port: number; tls?: Tls | undefined; limits?: Partial<ListenLimits> },
): Promise<Listening> {
  if (at.tls === undefined && !isLoopback(at.host)) {
    throw new Error(`Plain HTTP is allowed on loopback only, not on ${at.host}: give a certificate.`)
  }
  const limits = { ...LISTEN_LIMITS, ...at.limits }
  const server = createAdaptorServer({
    fetch,
    overrideGlobalObjects: false,
    createServer: at.tls === undefined ? createServer : createTlsServer,
    serverOptions: {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, limits.headersMs),
      keepAliveTimeout: limits.keepAliveMs,
      ...(at.tls === undefined
        ? {}
        : {
            ...at.tls,
            minVersion: 'TLSv1.3' as const,
            handshakeTimeout: limits.headersMs,
            requestCert: at.tls.ca !== undefined,
            rejectUnauthorized: at.tls.ca !== undefined,
          }),
    },
  } as Parameters<typeof createAdaptorServer>[0]) as Server
  server.maxConnections = limits.connectionsMax
  server.maxHeadersCount = HEADERS_MAX
  // Whoever holds connections without using them makes room for whoever comes.
  server.on('drop', () => server.closeIdleConnections())
  guardRequests(server, limits)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(at.port, at.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `${at.tls === undefined ? 'http' : 'https'}://${authorityOf(at.host, port)}`,
    port,
    close: () => closeServer(server),
  }
}

/** Whether only this machine can reach an address that is listened on. */
export function isLoopback(host: string): boolean {
  return /^(127\.|::1$|localhost$)/.test(host)
}

/** Host and port as a URL and a Host header write them: an IPv6 address stands in brackets (RFC 3986, 3.2.2). */
export function authorityOf(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * What Node lets pass: HTTP/0.9; headers over `maxHeadersCount`, which it drops in silence though a dropped header
 * is a changed request; a peer that never reads its answer.
 */
function guardRequests(server: Server, limits: ListenLimits): void {
  const [listener] = server.listeners('request') as [RequestListener]
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, response) => {
    if (request.httpVersionMajor !== 1) {
      response.writeHead(400, { connection: 'close' }).end()
      return
    }
    if (request.rawHeaders.length >= HEADERS_MAX * 2) {
      response.writeHead(431, { connection: 'close' }).end()
      return
    }
    const late = setTimeout(() => request.socket.destroy(), limits.responseMs)
    response.once('close', () => clearTimeout(late))
    listener(request, response)
  })
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  setTimeout(() => server.closeAllConnections(), 10_000).unref()
  await closed
}
