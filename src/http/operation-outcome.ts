import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js'
import type { Context as Call, ErrorHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { databaseRefusal } from '../kernel/database.ts'
import type { Log } from '../kernel/events.ts'
import { HubError, type HubErrorKind } from '../kernel/hub-error.ts'
import { faultCodes } from '../kernel/loggable.ts'
import { refuse, SYSTEMS } from '../vocabulary/index.ts'
import type { HubEnv } from './hub-env.ts'

type Wire = {
  status: ContentfulStatusCode
  issue: OperationOutcomeIssue['code']
}

const WIRE = {
  malformed: { status: 400, issue: 'invalid' },
  unprocessable: { status: 422, issue: 'invalid' },
  unauthenticated: { status: 401, issue: 'login' },
  forbidden: { status: 403, issue: 'forbidden' },
  'not-found': { status: 404, issue: 'not-found' },
  'method-not-allowed': { status: 405, issue: 'not-supported' },
  'not-acceptable': { status: 406, issue: 'not-supported' },
  conflict: { status: 409, issue: 'conflict' },
  gone: { status: 410, issue: 'deleted' },
  'too-large': { status: 413, issue: 'too-long' },
  'unsupported-media-type': { status: 415, issue: 'not-supported' },
  'too-many-requests': { status: 429, issue: 'throttled' },
  'upstream-unavailable': { status: 502, issue: 'transient' },
  unavailable: { status: 503, issue: 'transient' },
} as const satisfies Record<HubErrorKind, Wire>

/** IHE PIXm (ITI-83) and PDQm (ITI-78) prescribe issue code and diagnostics of these to the letter. */
const PRESCRIBED: Partial<Record<string, OperationOutcomeIssue['code']>> = {
  'patient-unknown': 'not-found',
  'source-domain-unknown': 'code-invalid',
  'target-domain-unknown': 'code-invalid',
  'search-domain-unknown': 'not-found',
}

/** PDQm (ITI-78) wants this one told as a warning, by whatever status. */
const WARNINGS = new Set(['search-domain-unknown'])

const RETRY_SECONDS = '2'

/**
 * The outcome a partner gets for an error: its code, both sentences, the place in the input, the reference number;
 * an issue for each fault where the whole input was checked.
 */
export function outcomeOf(error: HubError, requestId: string): OperationOutcome {
  const prescribed = PRESCRIBED[error.code]
  const issue: OperationOutcomeIssue = {
    severity: WARNINGS.has(error.code) ? 'warning' : 'error',
    code: prescribed ?? WIRE[error.kind].issue,
    details: {
      coding: [{ system: SYSTEMS.refusal, code: error.code }],
      text: `${error.text.ja} ${error.text.en}`,
    },
    diagnostics: prescribed === undefined ? `${error.text.en} (${requestId})` : error.text.en,
    ...(error.at === undefined || error.at === '' ? {} : { expression: [error.at] }),
  }
  if (error.faults.length === 0) return { resourceType: 'OperationOutcome', issue: [issue] }
  return {
    resourceType: 'OperationOutcome',
    issue: error.faults.map(({ at, ja, en }) => {
      const { expression: _first, ...shared } = issue
      const place = at === '' ? {} : { expression: [at] }
      return { ...shared, details: { ...issue.details, text: `${ja} ${en}` }, ...place }
    }),
  }
}

export function statusOf(error: HubError): ContentfulStatusCode {
  return WIRE[error.kind].status
}

export const FHIR_JSON = 'application/fhir+json; charset=utf-8'

/** Answers with a FHIR resource, never cached. */
export function fhir(c: Call, text: string, status: ContentfulStatusCode = 200): Response {
  return c.body(text, status, { 'content-type': FHIR_JSON })
}

/** PostgreSQL found its own data or itself broken: somebody must look, though the call may be repeated. */
const BROKEN_DATABASE = /^XX/

/** The one place where an error becomes a response. What is not a HubError is a bug: logged without data, a 500. */
export function onError(log: Log): ErrorHandler<HubEnv> {
  return (error, c) => {
    const requestId = c.get('requestId') ?? ''
    const refusal = error instanceof HubError ? error : databaseRefusal(error)
    if (!(error instanceof HubError)) logFault(log, requestId, error, refusal)
    if (refusal?.kind === 'unavailable' || refusal?.kind === 'too-many-requests')
      c.header('retry-after', RETRY_SECONDS)
    if (refusal?.kind === 'unauthenticated') c.header('www-authenticate', 'Bearer')
    const shown = refusal ?? refuse('internal')
    return fhir(
      c,
      JSON.stringify(outcomeOf(shown, requestId)),
      refusal === undefined ? 500 : statusOf(refusal),
    )
  }
}

/** A database that cannot serve now is no bug: its reason is enough. Anything else is logged with its place. */
function logFault(log: Log, requestId: string, error: unknown, refusal: HubError | undefined): void {
  const reasons = faultCodes(error)
  if (refusal?.kind === 'unavailable' && !reasons.some((code) => BROKEN_DATABASE.test(code))) {
    log.warn({ event: 'http.unavailable', requestId, reasons })
    return
  }
  log.error(
    { event: 'http.fault', requestId, code: refusal?.code, err: error },
    'A call failed by a fault of ours.',
  )
}
