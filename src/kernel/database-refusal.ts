import { HubError } from './hub-error.ts'

const CAUSES_MAX = 5

/** The database cannot serve now: it is down, restarting, full, overloaded, read-only or too slow. */
const UNAVAILABLE = /^(?:08|53|57|58|40|55P03|25006|25P03|XX)/

/** The value cannot be stored: NUL, a lone surrogate, a number or date out of range, too long. */
const NOT_STORABLE = /^22/

/** How the driver and Node name a connection that was not made, or was lost. */
const CONNECTION = /^(?:CONNECT|E(?!RR_)[A-Z_]{3,})/

/** How Node names a TLS connection that was not made: the server has none, or its certificate does not verify. */
const TLS = /^(?:ERR_(?:SSL|TLS)_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/

/** An error, and what each says caused it: drizzle wraps what the driver throws. */
function* causesOf(error: unknown): Generator<Error> {
  for (
    let seen = error, depth = 0;
    seen instanceof Error && depth < CAUSES_MAX;
    seen = seen.cause, depth += 1
  ) {
    yield seen
  }
}

/**
 * What to answer for an error of the database; undefined for anything else, which is a bug. Looks through
 * drizzle's wrapping. Never repeats what the driver said.
 */
export function databaseRefusal(error: unknown): HubError | undefined {
  for (const seen of causesOf(error)) {
    if (seen instanceof HubError) return seen
    if (isConnectionFault(seen)) return unavailable(error)
    const code = codeOf(seen)
    if (!/^[0-9A-Z]{5}$/.test(code)) continue
    if (UNAVAILABLE.test(code)) return unavailable(error)
    if (NOT_STORABLE.test(code))
      return new HubError('unprocessable', 'resource-invalid', NOT_VALID, { cause: error })
  }
  return undefined
}

export function isConnectionFault(error: unknown): boolean {
  return error instanceof Error && (CONNECTION.test(codeOf(error)) || isTlsFault(codeOf(error)))
}

/** The server ends the connection itself, or has lost it. */
const ENDED = /^(?:08|57P)/

const UNIQUE_VIOLATION = '23505'

/** Whether a row was not taken because another has its key. */
export function isKeyTaken(error: unknown): boolean {
  return [...causesOf(error)].some((seen) => codeOf(seen) === UNIQUE_VIOLATION)
}

/**
 * Whether nobody knows what became of a transaction that failed so: the connection was lost, perhaps at the commit, or
 * none was to be had. Whatever else fails is rolled back.
 */
export function isOutcomeUnknown(error: unknown): boolean {
  for (const seen of causesOf(error)) {
    if (seen instanceof HubError) return seen.kind === 'unavailable'
    if (isConnectionFault(seen) || ENDED.test(codeOf(seen))) return true
  }
  return false
}

export function isTlsFault(code: string): boolean {
  return TLS.test(code)
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** The one answer for every way in which the database cannot serve; the log learns which way it was. */
export function unavailable(cause: unknown): HubError {
  return new HubError('unavailable', 'unavailable', NOT_NOW, { cause })
}

/** A reason of the pool's own, as the driver would name it. */
export function poolFault(
  code: 'POOL_EXHAUSTED' | 'POOL_CLOSED' | 'CONNECTION_CLOSED' | 'NO_ANSWER',
): HubError {
  return unavailable(Object.assign(new Error(code), { code }))
}

const NOT_NOW = {
  ja: '一時的に利用できません。',
  en: 'The service cannot answer now; try again later.',
}
const NOT_VALID = {
  ja: 'リソースの内容が正しくありません。',
  en: 'The resource is not valid for this call.',
}
