import { recordAudit } from '../audit/index.ts'
import type { Caller } from '../http/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { refuse, SYSTEMS } from '../vocabulary/index.ts'
import { type ConsentRow, newestConsents } from './store.ts'

const PATIENTS_MAX = 50
const COUNT_DEFAULT = 20
const QUERY_CHARS_MAX = 8_000

/** ITI-108 search (IHE PCF): patients of the caller's own domain, a status, whom the consent names as refused. */
export interface ConsentSearch {
  localIds: string[]
  status: 'active' | 'inactive' | undefined
  actor: { system: string; value: string } | undefined
  count: number
  /** Patients before this place in the list were given on earlier pages. */
  from: number
}

const PARAMETERS = [
  'patient',
  'patient:identifier',
  'patient.identifier',
  'status',
  'actor',
  '_count',
  '_page',
]

/**
 * Reads the parameters: a patient, by id or identifier, must be named, several separated by commas; what is unknown,
 * repeated or out of bounds is refused, because a search that ignores a condition says too much.
 */
export function readConsentSearch(query: URLSearchParams, patientSystem: string): ConsentSearch {
  if (query.toString().length > QUERY_CHARS_MAX) throw refuse('parameter-unsupported')
  for (const name of new Set(query.keys())) {
    const isKnown = PARAMETERS.includes(name) && query.getAll(name).length === 1
    if (!isKnown) throw refuse('parameter-unsupported', PARAMETERS.includes(name) ? { at: name } : {})
  }
  return {
    localIds: patientsOf(query, patientSystem),
    status: statusOf(query.get('status')),
    actor: actorOf(query.get('actor')),
    count: numberOf(query.get('_count'), '_count', 1, PATIENTS_MAX) ?? COUNT_DEFAULT,
    from: numberOf(query.get('_page'), '_page', 0, PATIENTS_MAX) ?? 0,
  }
}

/** The consents that count now, one a patient, in the order of the ids, with where the next page begins. */
export async function searchConsents(
  tx: Transaction,
  { region }: Caller,
  { localIds, status, actor, count, from }: ConsentSearch,
  at: Date,
): Promise<{ resources: string[]; next: number | undefined }> {
  const rows = await newestConsents(tx, region, localIds)
  const found = rows.filter(
    (row) =>
      (status === undefined || (row.status === 'active') === (status === 'active')) && names(row, actor),
  )
  const page = found.slice(from, from + count)
  await recordAudit(tx, {
    kind: 'consent.query',
    at,
    about: localIds.map((localId) => `registration:${region}|${localId}`),
    detail: { region, patients: localIds, given: page.map(({ localId, version }) => ({ localId, version })) },
  })
  return {
    resources: page.map(({ resource }) => resource),
    next: from + count < found.length ? from + count : undefined,
  }
}

function patientsOf(query: URLSearchParams, patientSystem: string): string[] {
  const named = ['patient', 'patient:identifier', 'patient.identifier'].filter((name) => query.has(name))
  const [name, ...more] = named
  if (name === undefined || more.length > 0) throw refuse('parameter-unsupported', { at: 'patient' })
  const values = (query.get(name) ?? '').split(',')
  if (values.length > PATIENTS_MAX) throw refuse('parameter-unsupported', { at: name })
  const ids = values.map((value) => {
    const [first = '', second, ...rest] = value.split('|')
    if (rest.length > 0) throw refuse('parameter-unsupported', { at: name })
    if (second !== undefined && first !== patientSystem) throw refuse('foreign-patient-domain', { at: name })
    const id = second ?? first.replace(/^Patient\//, '')
    if (id === '' || id.length > 128) throw refuse('parameter-unsupported', { at: name })
    return id
  })
  return [...new Set(ids)].sort()
}

function statusOf(value: string | null): ConsentSearch['status'] {
  if (value === null || value === 'active' || value === 'inactive') return value ?? undefined
  throw refuse('parameter-unsupported', { at: 'status' })
}

function actorOf(value: string | null): ConsentSearch['actor'] {
  if (value === null) return undefined
  const [system = '', id = '', ...rest] = value.split('|')
  const isKnown = system === SYSTEMS.institutionNumber || system === SYSTEMS.region
  if (!isKnown || id === '' || rest.length > 0) throw refuse('parameter-unsupported', { at: 'actor' })
  return { system, value: id }
}

function numberOf(value: string | null, at: string, min: number, max: number): number | undefined {
  if (value === null) return undefined
  const number = /^\d{1,3}$/.test(value) ? Number(value) : -1
  if (number < min || number > max) throw refuse('parameter-unsupported', { at })
  return number
}

function names(row: ConsentRow, actor: ConsentSearch['actor']): boolean {
  if (actor === undefined) return true
  const list = actor.system === SYSTEMS.region ? row.refusedRegions : row.refusedInstitutions
  return list.includes(actor.value)
}
