import { z } from 'zod'
import type { FhirObject } from '../alignment/index.ts'
import { BYTES_32 } from '../kernel/base64url.ts'
import { sliceEntries } from '../kernel/strict-json.ts'
import { regionIdSchema } from '../trust/index.ts'
import { type PublicSourceState, SOURCE_STATES, SYSTEMS } from '../vocabulary/index.ts'

const ENTRIES_MAX = 10_000
const SOURCES_MAX = 64
const JSON_LIMITS = { depthMax: 64, nodesMax: 1_000_000 }

const PUBLIC_STATES = Object.keys(SOURCE_STATES).filter(
  (state) => state !== 'denied' && state !== 'not-linked',
) as [PublicSourceState, ...PublicSourceState[]]

const region = z.strictObject({
  identifier: z.strictObject({ system: z.literal(SYSTEMS.region), value: regionIdSchema }),
  display: z.string().max(100).optional(),
})

const ENTRY_HASHES = 'urn:tsunagi:entry-hashes'

function isEntryHashes(text: string): boolean {
  return text === 'none' || text.split(' ').every((hash) => BYTES_32.test(hash))
}

/** A source's Provenance: which entries are its own, the hash of each in order, and the receipt over them. */
const provenanceSchema = z.strictObject({
  resourceType: z.literal('Provenance'),
  target: z.union([
    z.tuple([z.strictObject({ display: z.literal('none') })]),
    z
      .array(z.strictObject({ reference: z.string().max(300) }))
      .min(1)
      .max(ENTRIES_MAX),
  ]),
  recorded: z.iso.datetime(),
  agent: z.tuple([z.strictObject({ type: z.unknown(), who: region })]),
  entity: z.tuple([
    z.strictObject({
      role: z.literal('source'),
      what: z.strictObject({
        identifier: z.strictObject({
          system: z.literal(ENTRY_HASHES),
          value: z.string().refine(isEntryHashes),
        }),
      }),
    }),
  ]),
  signature: z.tuple([
    z.strictObject({
      type: z.unknown(),
      when: z.iso.datetime(),
      who: region,
      sigFormat: z.literal('application/jose'),
      targetFormat: z.literal('application/fhir+json'),
      data: z.base64().max(4_096),
    }),
  ]),
})

const issueSchema = z.strictObject({
  severity: z.enum(['warning', 'information']),
  code: z.string().max(40),
  details: z.strictObject({
    coding: z.tuple([z.strictObject({ system: z.string().max(200), code: z.string().max(200) })]).optional(),
    text: z.string().max(400),
  }),
  diagnostics: z.string().max(200).optional(),
})
type Issue = z.infer<typeof issueSchema>

const outcomeSchema = z.strictObject({
  resourceType: z.literal('OperationOutcome'),
  issue: z
    .array(issueSchema)
    .min(1)
    .max(SOURCES_MAX + 10),
})

const record = z.looseObject({
  resourceType: z.string().max(64),
  id: z.string().regex(/^[A-Za-z0-9.-]{1,64}$/),
})

const entrySchema = z.strictObject({
  fullUrl: z.string().max(300).optional(),
  resource: z.looseObject({ resourceType: z.string().max(64) }),
  search: z.strictObject({ mode: z.enum(['match', 'include', 'outcome']) }),
})

const bundleSchema = z.strictObject({
  resourceType: z.literal('Bundle'),
  type: z.literal('searchset'),
  meta: z.strictObject({
    tag: z.tuple([
      z.strictObject({ system: z.literal(SYSTEMS.completeness), code: z.enum(['complete', 'partial']) }),
    ]),
  }),
  link: z.array(z.unknown()).max(5).optional(),
  entry: z.array(entrySchema).min(1).max(ENTRIES_MAX),
})

/** A record as its holder wrote it: the exact text, and the text parsed. */
export interface AnsweredRecord {
  fullUrl: string
  text: string
  resource: FhirObject
}

/** What the answer says came from one source, not believed yet. */
export interface StatedProvenance {
  region: string
  targets: string[]
  hashes: string[]
  receipt: string
}

export interface StatedSource {
  region: string
  state: PublicSourceState
  elapsedMs: number | undefined
}

/** The hub's answer, read and not believed. */
export interface StatedAnswer {
  isComplete: boolean
  /** The exact text of every entry's resource, in order. */
  texts: string[]
  records: AnsweredRecord[]
  provenances: StatedProvenance[]
  sources: StatedSource[]
  handle: string | undefined
}

/** Reads a federated searchset. Throws whatever is wrong with it: JsonRefused or ZodError. */
export function readAnswer(text: string): StatedAnswer {
  const { bundle, resources: texts } = sliceEntries(text, JSON_LIMITS)
  const { meta, entry } = bundleSchema.parse(bundle)
  const entries = entry.map((each, index) => ({ ...each, text: z.string().parse(texts[index]) }))
  const ofType = (type: string) => entries.filter(({ resource }) => resource.resourceType === type)
  const [outcome] = z.tuple([outcomeSchema]).parse(ofType('OperationOutcome').map(({ resource }) => resource))
  return {
    isComplete: meta.tag[0].code === 'complete',
    texts,
    records: entries
      .filter(({ resource }) => !['Provenance', 'OperationOutcome'].includes(resource.resourceType))
      .map(({ fullUrl, resource, text }) => {
        record.parse(resource)
        return { fullUrl: z.string().parse(fullUrl), text, resource: resource as FhirObject }
      }),
    provenances: ofType('Provenance').map(({ resource }) => statedProvenance(resource)),
    ...statedOutcome(outcome.issue),
  }
}

function statedProvenance(resource: unknown): StatedProvenance {
  const { target, agent, entity, signature } = provenanceSchema.parse(resource)
  const { value } = entity[0].what.identifier
  return {
    region: agent[0].who.identifier.value,
    targets: target.flatMap((each) => ('reference' in each ? [each.reference] : [])),
    hashes: value === 'none' ? [] : value.split(' '),
    receipt: Buffer.from(signature[0].data, 'base64').toString('latin1'),
  }
}

function statedOutcome(issues: readonly Issue[]): Pick<StatedAnswer, 'sources' | 'handle'> {
  const coded = (system: string) => issues.filter(({ details }) => details.coding?.[0].system === system)
  const [handle] = z.array(z.unknown()).max(1).parse(coded(SYSTEMS.handle)) as Issue[]
  return {
    sources: coded(SYSTEMS.sourceState).map(statedSource),
    handle: handle?.details.coding?.[0].code,
  }
}

function statedSource({ details, diagnostics }: Issue): StatedSource {
  const [, source, ms] = z
    .string()
    .transform((text) => /^source=([a-z0-9-]+)(?: ms=(\d{1,6}))?$/.exec(text) ?? [])
    .parse(diagnostics)
  return {
    region: regionIdSchema.parse(source),
    state: z.enum(PUBLIC_STATES).parse(details.coding?.[0].code),
    elapsedMs: ms === undefined ? undefined : Number(ms),
  }
}
