import { type Dispatcher, request } from 'undici'

/** Why nothing usable came back. No message of the client's is kept: those quote URLs and answers. */
export type FetchFaultReason =
  | 'timeout'
  | 'unreachable'
  | 'too-large'
  | 'encoded'
  | 'redirect'
  | 'truncated'
  | 'not-text'

export class FetchFault extends Error {
  override readonly name = 'FetchFault'
  readonly reason: FetchFaultReason

  constructor(reason: FetchFaultReason, cause?: unknown) {
    super(`A call to another system ended: ${reason}.`, cause === undefined ? undefined : { cause })
    this.reason = reason
  }
}

export interface OutgoingCall {
  dispatcher?: Dispatcher | undefined
  url: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  headers?: Record<string, string>
  body?: string | undefined
  /** Bytes of the answer, counted as they arrive. */
  bytesMax: number
  /** The one absolute deadline: undici's own timers restart with every byte. */
  signal: AbortSignal
}

export interface FetchedAnswer {
  status: number
  /** By lower-case name; a header that came twice is joined, so that no single value can be read from it. */
  headers: Record<string, string>
  /** The exact text, decoded from UTF-8 that is valid throughout. */
  text: string
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * One call to another system, bounded in time and size. Nothing is decompressed (305 KB of gzip can hold
 * 300 MB), no redirect is followed, and the text is what arrived. Throws FetchFault.
 */
export async function boundedFetch(call: OutgoingCall): Promise<FetchedAnswer> {
  const answer = await send(call)
  // A destroyed body reports its own end as an error, to nobody.
  answer.body.on('error', () => {})
  const headers = singleValues(answer.headers)
  const encoding = headers['content-encoding']
  let refused: FetchFaultReason | undefined
  if (answer.statusCode >= 300 && answer.statusCode < 400) refused = 'redirect'
  else if (encoding !== undefined && encoding !== 'identity') refused = 'encoded'
  else if (Number(headers['content-length'] ?? 0) > call.bytesMax) refused = 'too-large'
  if (refused !== undefined) {
    answer.body.destroy()
    throw new FetchFault(refused)
  }
  return { status: answer.statusCode, headers, text: decode(await readAll(answer.body, call)) }
}

async function send(call: OutgoingCall): Promise<Dispatcher.ResponseData> {
  const { url, method, body, signal, dispatcher } = call
  try {
    return await request(url, {
      method,
      headers: { ...call.headers, 'accept-encoding': 'identity' },
      body: body ?? null,
      signal,
      headersTimeout: 0,
      bodyTimeout: 0,
      ...(dispatcher === undefined ? {} : { dispatcher }),
    })
  } catch (cause) {
    throw new FetchFault(signal.aborted || isTimeout(cause) ? 'timeout' : 'unreachable', cause)
  }
}

async function readAll(body: Dispatcher.ResponseData['body'], call: OutgoingCall): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength
      if (size > call.bytesMax) throw new FetchFault('too-large')
      chunks.push(chunk)
    }
  } catch (cause) {
    body.destroy()
    if (cause instanceof FetchFault) throw cause
    throw new FetchFault(call.signal.aborted ? 'timeout' : 'truncated', cause)
  }
  return Buffer.concat(chunks)
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new FetchFault('not-text', cause)
  }
}

function singleValues(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT'
}
