import { type Caller, outcomeOf, readJson, statusOf } from '../http/index.ts'
import type { Context } from '../kernel/context.ts'
import { HubError } from '../kernel/hub-error.ts'
import type { JsonValue } from '../kernel/strict-json.ts'
import { refuse } from '../vocabulary/index.ts'
import { recordVisit } from './record-visit.ts'
import { readVisit } from './visit-schema.ts'

export const BULK_BYTES_MAX = 1024 * 1024
const VISITS_MAX = 1_000
const LIMITS = { depthMax: 16, nodesMax: 200_000 }

/** Visits one after another, each its own: NDJSON, or a FHIR Bundle of type batch. */
export function readVisitTexts(body: string, isNdjson: boolean): string[] {
  const texts = isNdjson
    ? body.split('\n').filter((line) => line.trim() !== '')
    : bundleTexts(readJson(body, LIMITS))
  if (texts.length > VISITS_MAX) throw refuse('body-too-large')
  return texts
}

/**
 * Records each visit in a transaction of its own, in the order given, and says of each what became of it: a bad one
 * is named and the rest goes in. Sent again, what went in changes nothing.
 */
export async function recordVisits(
  context: Context,
  caller: Caller,
  texts: readonly string[],
  requestId: string,
): Promise<object[]> {
  const entries: object[] = []
  for (const text of texts) {
    entries.push(await recordOne(context, caller, text, requestId))
  }
  return entries
}

async function recordOne(context: Context, caller: Caller, text: string, requestId: string): Promise<object> {
  const at = context.now()
  try {
    const visit = readVisit(text, caller.patientSystem, at)
    const outcome = await context.db.transaction((tx) => recordVisit(tx, caller, visit, at))
    return { response: { status: outcome === 'recorded' ? '201' : '200' } }
  } catch (error) {
    // A database that cannot serve ends the whole: it may be sent again.
    if (!(error instanceof HubError) || error.kind === 'unavailable') throw error
    return { response: { status: String(statusOf(error)), outcome: outcomeOf(error, requestId) } }
  }
}

function bundleTexts(bundle: JsonValue): string[] {
  if (!isObject(bundle) || bundle.resourceType !== 'Bundle' || bundle.type !== 'batch')
    throw refuse('visit-invalid', { at: 'Bundle.type' })
  const { entry } = bundle
  if (!Array.isArray(entry)) throw refuse('visit-invalid', { at: 'Bundle.entry' })
  return entry.map((each) =>
    isObject(each) && each.resource !== undefined ? JSON.stringify(each.resource) : 'null',
  )
}

function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
