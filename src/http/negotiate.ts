import type { MiddlewareHandler } from 'hono'
import { refuse } from '../vocabulary/index.ts'
import type { HubEnv } from './hub-env.ts'

const JSON_TYPE = /^application\/(fhir\+json|json)\s*(;\s*charset=utf-8\s*)?$/i
const NDJSON_TYPE = /^application\/(fhir\+ndjson|x-ndjson)\s*(;\s*charset=utf-8\s*)?$/i
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;\s*charset=utf-8\s*)?$/i

/** FHIR in JSON both ways; a search may come as a form. Anything else is refused before it is parsed. */
export function negotiate(): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    const { pathname } = new URL(c.req.url)
    const sent = c.req.header('content-type')
    const hasBody = c.get('body') !== ''
    if (hasBody || (c.req.method === 'PUT' && sent !== undefined)) {
      if (!typesOf(pathname).some((type) => type.test(sent ?? ''))) throw refuse('media-type-unsupported')
    }
    if (!isAcceptable(c.req.header('accept'), c.req.query('_format'))) throw refuse('format-not-acceptable')
    await next()
  }
}

function typesOf(pathname: string): RegExp[] {
  if (pathname.endsWith('/_search')) return [FORM_TYPE]
  return pathname.endsWith('/$bulk') ? [NDJSON_TYPE, JSON_TYPE] : [JSON_TYPE]
}

function isAcceptable(accept: string | undefined, format: string | undefined): boolean {
  if (format !== undefined && !/^(json|application\/(fhir\+)?json)$/.test(format)) return false
  if (accept === undefined || accept === '') return true
  return accept.split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    if (parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) return false
    return /^(\*\/\*|application\/(\*|fhir\+json|json))$/.test(type ?? '')
  })
}
