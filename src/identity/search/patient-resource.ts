import { createHash } from 'node:crypto'
import { localIdSchema } from '../patient-schema.ts'

/** A FHIR id; one that begins with the mark stands for a local id that is none (underscores, kanji). */
const FHIR_ID = /^[A-Za-z0-9.-]{1,64}$/
const MARK = 'x.'
const BYTES_MAX = 31

/**
 * The id of the resource within the caller's own domain, which is all that a caller sees. Undefined for a local id
 * that is too long to be spelt as one: it is found by its identifier.
 */
export function resourceIdOf(localId: string): string | undefined {
  if (FHIR_ID.test(localId) && !localId.startsWith(MARK)) return localId
  const bytes = Buffer.from(localId)
  return bytes.length > BYTES_MAX ? undefined : MARK + bytes.toString('hex')
}

/** The local id of a resource id; undefined for what was never one. */
export function localIdOf(resourceId: string): string | undefined {
  if (!FHIR_ID.test(resourceId)) return undefined
  if (!resourceId.startsWith(MARK)) return resourceId
  const localId = Buffer.from(resourceId.slice(MARK.length), 'hex').toString()
  const isOurs = localIdSchema.safeParse(localId).success && resourceIdOf(localId) === resourceId
  return isOurs ? localId : undefined
}

/** Anything may be asked for; what is no id is nobody's. */
export function isIdOrNone(text: string): boolean {
  return text !== ''
}

interface Kept {
  region: string
  localId: string
  version: number
  source: string
  updatedAt: Date
}

/** The Patient as it was sent, numbers to the letter, under the hub's id and version. */
export function resourceText({ localId, version, source, updatedAt }: Kept): string {
  const sent = JSON.parse(source, asWritten) as { meta?: object; id?: string }
  const { id: _id, meta, ...rest } = sent
  const id = resourceIdOf(localId)
  const own = { versionId: String(version), lastUpdated: updatedAt.toISOString() }
  return JSON.stringify({ ...(id === undefined ? {} : { id }), ...rest, meta: { ...meta, ...own } })
}

/** `7.10` is not `7.1`: a number stays the text that it was. */
function asWritten(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? rawJson(context.source) : value
}

const { rawJSON: rawJson } = JSON as unknown as { rawJSON(text: string): unknown }

/** Absolute; a name that never changes where the local id cannot be an id. */
export function fullUrlOf(base: string, { region, localId }: Pick<Kept, 'region' | 'localId'>): string {
  const id = resourceIdOf(localId)
  if (id !== undefined) return `${base}/Patient/${id}`
  const hash = createHash('sha256').update(`${region} ${localId}`).digest('hex')
  // Version 8 of RFC 9562: its bits are the application's own.
  const parts = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ]
  return `urn:uuid:${parts.join('-')}`
}
