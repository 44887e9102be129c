import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'

const HEADER_BYTES_MAX = 16_384
const HEADERS_MAX = 100
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 20_000
const KEEP_ALIVE_MS = 15_000
const CONNECTIONS_MAX = 1_000

/** TLS 1.3 with client certificates; without it only a loopback address may be listened on. */
export interface Tls {
  cert: string
  key: string
  ca: string
}

export interface Listening {
  /** `http://127.0.0.1:3000`: scheme, address and port. */
  url: string
  port: number
  close(): Promise<void>
}

type Fetch = (request: Request, env: unknown) => Response | Promise<Response>

/**
 * Listens with bounds on headers, time and connections (Node's own are 60 s and 300 s, and 2,000 headers pass).
 * Throws when plain HTTP is asked for on anything but loopback.
 */
export async function listen(
  fetch: Fetch,
  at: { host: string; port: number; tls?: Tls | undefined },
): Promise<Listening> {
  if (at.tls === undefined && !/^(127\.|::1$|localhost$)/.test(at.host)) {
    throw new Error(`Plain HTTP is allowed on loopback only, not on ${at.host}: give a certificate.`)
  }
  const server = createAdaptorServer({
    fetch,
    overrideGlobalObjects: false,
    createServer: at.tls === undefined ? createServer : createTlsServer,
    serverOptions: {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: KEEP_ALIVE_MS,
      ...(at.tls === undefined
        ? {}
        : {
            ...at.tls,
            minVersion: 'TLSv1.3' as const,
            requestCert: true,
            rejectUnauthorized: true,
          }),
    },
  } as Parameters<typeof createAdaptorServer>[0]) as Server
  server.maxConnections = CONNECTIONS_MAX
  server.maxHeadersCount = HEADERS_MAX
  refuseManyHeaders(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(at.port, at.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const host = at.host.includes(':') ? `[${at.host}]` : at.host
  return {
    url: `${at.tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    port,
    close: () => closeServer(server),
  }
}

/** Node drops headers over `maxHeadersCount` in silence; a dropped header is a changed request, so refuse it. */
function refuseManyHeaders(server: Server): void {
  const [listener] = server.listeners('request') as [RequestListener]
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, response) => {
    if (request.rawHeaders.length >= HEADERS_MAX * 2) {
      response.writeHead(431, { connection: 'close' }).end()
      return
    }
    listener(request, response)
  })
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  setTimeout(() => server.closeAllConnections(), 10_000).unref()
  await closed
}
