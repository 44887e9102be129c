import type { HttpBindings } from '@hono/node-server'
import type { Context, MiddlewareHandler } from 'hono'
import { HubError } from '../kernel/hub-error.ts'
import { randomId } from '../kernel/ids.ts'
import { refuse } from '../vocabulary/index.ts'
import type { HubEnv } from './hub-env.ts'

/** Gives the call its reference number and the headers every answer has. */
export function openCall(): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    c.set('requestId', randomId())
    await next()
    // Not by `c.header`, which puts an answer that is finished into a new one, each time.
    const { headers } = c.res
    headers.set('x-request-id', c.get('requestId'))
    headers.set('cache-control', 'no-store')
    headers.set('x-content-type-options', 'nosniff')
    headers.set('referrer-policy', 'no-referrer')
    if (!headers.has('content-security-policy')) {
      headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    }
  }
}

/** Answers only for the hosts it was told, and only for URLs that decode. */
export function checkAddress(hosts: ReadonlySet<string>): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    const { host, pathname, search } = new URL(c.req.url)
    // The URL's host is the header's, but for the absolute form, where it counts instead (RFC 9112, section 3.2.2).
    if (!hosts.has((c.req.header('host') ?? '').toLowerCase()) || !hosts.has(host)) {
      throw refuse('host-unknown')
    }
    if (/%(?![0-9a-fA-F]{2})/.test(pathname + search) || /[;\\]|\/\/|%2e|%2f|%5c|%00/i.test(pathname)) {
      throw refuse('url-malformed')
    }
    await next()
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads the body whole, at most `bytesMax`, as the exact UTF-8 text that was signed. */
export function readBody(bytesMax: number): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    // A path that takes more than its neighbours has read its body by now.
    if (c.get('body') !== undefined) return next()
    const bytes = await readBytes(c, bytesMax)
    try {
      c.set('body', utf8.decode(bytes))
    } catch {
      throw refuse('body-malformed')
    }
    await next()
  }
}

/** The body whole, at most `bytesMax`, whatever its encoding of characters. */
export async function readBytes(c: Context, bytesMax: number): Promise<Buffer> {
  const encoding = c.req.header('content-encoding')
  if (encoding !== undefined && encoding !== 'identity') throw refuse('body-encoded')
  if (Number(c.req.header('content-length') ?? 0) > bytesMax) throw refuse('body-too-large')
  // To look for a body that cannot be there is a twentieth of what a look-up costs.
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of bodyOf(c)) {
      size += chunk.byteLength
      if (size > bytesMax) throw refuse('body-too-large')
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof HubError) throw cause
    // The peer went away, or was too slow, in the middle.
    throw refuse('body-malformed', { cause })
  }
  return Buffer.concat(chunks)
}

/** As Node reads it; only without a socket (`app.fetch`) from the web stream, which costs as much as a look-up's answer. */
function bodyOf(c: Context): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  const { incoming }: Partial<HttpBindings> = c.env ?? {}
  return incoming?.iterator({ destroyOnReturn: false }) ?? c.req.raw.body ?? []
}

export function pathUnknown(): never {
  throw refuse('path-unknown')
}
