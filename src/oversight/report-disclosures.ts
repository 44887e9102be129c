import { z } from 'zod'
import { type FoundEntry, findEntriesAbout, recordAudit } from '../audit/index.ts'
import type { RegistrationKey } from '../consent/index.ts'
import { type Caller, readJson } from '../http/index.ts'
import { findPerson, type Person } from '../identity/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { refuse } from '../vocabulary/index.ts'
import { type Disclosure, disclosuresOf } from './disclosures.ts'
import { readAttempt, readRelease } from './views.ts'

const ENTRIES_MAX = 5_000

/** Who wants to know, as the region's office made sure of it. */
const askedSchema = z.strictObject({
  /** The region's own patient id. */
  patient: z.string().min(1).max(128),
  requester: z.strictObject({
    relation: z.enum(['self', 'guardian', 'agent']),
    /** By what the office knows who it is: a document and its number. */
    identityChecked: z.string().trim().min(4).max(200),
  }),
  by: z.string().trim().min(1).max(200),
  from: z.iso.date().optional(),
  /** The last day. */
  until: z.iso.date().optional(),
  format: z.enum(['fhir', 'text']).default('fhir'),
})
export type AskedReport = z.infer<typeof askedSchema>

export interface DisclosureReport {
  asked: AskedReport
  region: string
  madeAt: Date
  disclosures: Disclosure[]
  /** Whether there were more than one report holds; ask by narrower dates. */
  isCut: boolean
}

/**
 * The resident's right to know: who asked about them, when, for what, on what ground, and what came of it, denials
 * included. Asked for by the person's own region; of a protected person (支援措置) for that person alone. Reading it
 * is on record itself, and will stand in the next report's log.
 */
export async function reportDisclosures(
  tx: Transaction,
  { region }: Caller,
  body: string,
  at: Date,
): Promise<DisclosureReport> {
  const read = askedSchema.safeParse(readJson(body))
  if (!read.success) throw refuse('resource-invalid', { at: String(read.error.issues[0]?.path[0] ?? '') })
  const asked = read.data
  const localId = asked.patient
  const person = await findPerson(tx, { region, localId })
  const ids = idsOf(person)
  if (person === undefined || ids.length === 0) throw refuse('patient-unknown')
  const isProtected = person.registrations.some((each) => each.protected)
  if (isProtected && asked.requester.relation !== 'self') throw refuse('disclosure-to-self-only')
  const found = await entriesAbout(tx, ids, asked)
  const entries = found.slice(0, ENTRIES_MAX)
  const attempts = entries.flatMap((entry) =>
    entry.kind === 'query.attempt' ? (readAttempt(entry) ?? []) : [],
  )
  const releases = entries.flatMap((entry) =>
    entry.kind === 'query.release' ? (readRelease(entry) ?? []) : [],
  )
  const disclosures = disclosuresOf(region, attempts, releases)
  await recordAudit(tx, {
    kind: 'disclosure.reported',
    at,
    detail: {
      ...{ region, patient: localId, by: asked.by, requester: asked.requester },
      count: disclosures.length,
    },
    about: ids.map(keyOf),
  })
  return { asked, region, madeAt: at, disclosures, isCut: found.length >= ENTRIES_MAX }
}

/** The id that stands for the one asked by, and those that were merged into it: they are one resident's. */
function idsOf(person: Person | undefined): RegistrationKey[] {
  const { named, registrations = [] } = person ?? {}
  const own = registrations.find((each) => each.region === named?.region && each.localId === named.localId)
  return own === undefined ? [] : [own, ...own.formers]
}

function keyOf({ region, localId }: { region: string; localId: string }): string {
  return `registration:${region}|${localId}`
}

/** In the order of writing; one that names two of the ids comes once. */
async function entriesAbout(
  tx: Transaction,
  ids: readonly RegistrationKey[],
  asked: AskedReport,
): Promise<FoundEntry[]> {
  const found = new Map<number, FoundEntry>()
  for (const id of ids) {
    const range = { ...rangeOf(asked, id.since), limit: ENTRIES_MAX }
    const entries = await findEntriesAbout(tx, keyOf(id), ['query.attempt', 'query.release'], range)
    for (const entry of entries) found.set(entry.number, entry)
  }
  return [...found.values()].sort((a, b) => a.number - b.number)
}

/** Nothing of before the id was given to this patient: it was somebody else's. */
function rangeOf({ from, until }: AskedReport, since: Date): { from: Date; until?: Date } {
  const start = from === undefined ? since : new Date(`${from}T00:00:00+09:00`)
  const end =
    until === undefined ? {} : { until: new Date(Date.parse(`${until}T00:00:00+09:00`) + 86_400_000) }
  return { from: start > since ? start : since, ...end }
}
