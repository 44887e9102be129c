import { createConnection, type Socket } from 'node:net'

export interface RawReply {
  /** The status of every response that came, in order. */
  statuses: number[]
  text: string
  /** How long the server kept the connection. */
  elapsedMs: number
}

const PATIENCE_MS = 10_000

/** Sends bytes as they are and gives what came back once the server has closed the connection. */
export function sendRaw(url: string, bytes: string | Uint8Array): Promise<RawReply> {
  return converse(url, (socket) => socket.write(bytes))
}

/** Talks to the server by hand until the server closes; rejects when it does not. */
export function converse(url: string, talk: (socket: Socket) => void): Promise<RawReply> {
  const { hostname, port } = new URL(url)
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = createConnection(Number(port), hostname, () => talk(socket))
    const timer = setTimeout(() => {
      reject(new Error(`Still open after ${PATIENCE_MS} ms: ${Buffer.concat(chunks).toString('latin1')}`))
      socket.destroy()
    }, PATIENCE_MS)
    socket.on('data', (chunk) => chunks.push(chunk))
    // A server that refuses while bytes are still on their way resets the connection; what it said has arrived.
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      const text = Buffer.concat(chunks).toString()
      const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status))
      resolve({ statuses, text, elapsedMs: performance.now() - started })
    })
  })
}

/** A request's text: CRLF line ends, Host and `Connection: close` first, other headers as given. */
export function requestText(
  url: string,
  line: string,
  headers: readonly string[] = [],
  body: string | Uint8Array = '',
): Buffer {
  const head = [line, `Host: ${new URL(url).host}`, 'Connection: close', ...headers].join('\r\n')
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), Buffer.from(body)])
}
