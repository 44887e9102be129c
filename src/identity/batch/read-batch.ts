import { z } from 'zod'
import { HubError } from '../../kernel/hub-error.ts'
import { JsonRefused, type JsonValue, sliceEntries } from '../../kernel/strict-json.ts'
import { refuse } from '../../vocabulary/index.ts'
import { type PixQuestion, readIdentifier, readPixQuery } from '../read-token.ts'

/** 200 residents as a region's system writes them, a narrative or a contact with each. */
export const BATCH_BYTES_MAX = 512 * 1024
const ENTRIES_MAX = 200
const LIMITS = { depthMax: 20, nodesMax: 100_000 }

/** What an entry asks for: a feed, with the Patient's exact text, or a look-up. */
export type BatchEntry =
  | { verb: 'feed'; system: string; localId: string; source: string }
  | { verb: 'look-up'; asked: PixQuestion }

const URLS = {
  PUT: 'Patient?',
  GET: 'Patient/$ihe-pix?',
} as const

const entrySchema = z.strictObject({
  fullUrl: z.string().max(1_000).optional(),
  resource: z.unknown().optional(),
  request: z.strictObject({ method: z.enum(['PUT', 'GET']), url: z.string().max(1_000) }),
})

/**
 * The entries of a FHIR Bundle of type batch, each to be read, and refused, by itself. Throws HubError where the whole
 * is no batch, or too much of one.
 */
export function readBatch(body: string): (BatchEntry | HubError)[] {
  const { bundle, resources } = slicesOf(body)
  if (!isObject(bundle) || bundle.resourceType !== 'Bundle' || bundle.type !== 'batch')
    throw refuse('resource-invalid', { at: 'Bundle.type' })
  const { entry: entries } = bundle
  if (!Array.isArray(entries)) throw refuse('resource-invalid', { at: 'Bundle.entry' })
  if (entries.length > ENTRIES_MAX) throw refuse('body-too-large', { at: 'Bundle.entry' })
  let next = 0
  return entries.map((entry, at) => {
    const source = isObject(entry) && isObject(entry.resource) ? resources[next++] : undefined
    try {
      return readEntry(entry, source, `Bundle.entry[${at}]`)
    } catch (error) {
      if (error instanceof HubError) return error
      throw error
    }
  })
}

function readEntry(entry: JsonValue, source: string | undefined, at: string): BatchEntry {
  const read = entrySchema.safeParse(entry)
  if (!read.success) throw refuse('resource-invalid', { at })
  const { method, url } = read.data.request
  if (!url.startsWith(URLS[method])) throw refuse('resource-invalid', { at: `${at}.request.url` })
  const query = new URLSearchParams(url.slice(URLS[method].length))
  if (method === 'GET') {
    if (read.data.resource !== undefined) throw refuse('resource-invalid', { at: `${at}.resource` })
    return { verb: 'look-up', asked: readPixQuery(query) }
  }
  if (source === undefined) throw refuse('resource-invalid', { at: `${at}.resource` })
  const { system, value } = readIdentifier(query, 'identifier')
  return { verb: 'feed', system, localId: value, source }
}

function slicesOf(body: string): ReturnType<typeof sliceEntries> {
  try {
    return sliceEntries(body, LIMITS)
  } catch (cause) {
    if (cause instanceof JsonRefused) throw refuse('body-malformed', { cause })
    throw cause
  }
}

function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
