import type { IncomingMessage } from 'node:http'

const BODY_BYTES_MAX = 16_384

/** What is asked, however it came: a path under the FHIR base and search parameters. */
export interface Search {
  path: string
  query: URLSearchParams
}

export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  /** An issue type of FHIR. */
  readonly code: string

  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

/** GET of anything and POST of a search, by type or of the whole server; nothing is ever written. */
export async function asSearch(request: IncomingMessage): Promise<Search> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  if (pathname !== '/fhir' && !pathname.startsWith('/fhir/')) throw new Refused(404, 'not-found')
  const path = pathname.slice('/fhir/'.length)
  if (request.method === 'GET') return { path, query: searchParams }
  const searched = path === '_search' ? '' : /^(\w+)\/_search$/.exec(path)?.[1]
  if (request.method !== 'POST' || searched === undefined) throw new Refused(405, 'not-supported')
  return { path: searched, query: new URLSearchParams([...searchParams, ...(await formOf(request))]) }
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    throw new Refused(415, 'not-supported')
  }
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk
    if (body.length > BODY_BYTES_MAX) throw new Refused(413, 'too-long')
  }
  return new URLSearchParams(body)
}
