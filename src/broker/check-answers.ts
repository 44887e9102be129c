import { type FhirObject, isAbout, isFhirObject, isGranted } from '../alignment/index.ts'
import { HubError } from '../kernel/hub-error.ts'
import { JsonRefused, sliceEntries } from '../kernel/strict-json.ts'
import { findKey, readRegistry } from '../registry/index.ts'
import {
  leafHash,
  type ReceiptClaims,
  receiptClaimsSchema,
  rootOfTexts,
  type VerifiedToken,
  verifyingKey,
  verifyToken,
} from '../trust/index.ts'
import type { ClinicalType, SourceState } from '../vocabulary/index.ts'
import type { AskedSource, PermittedSource } from './ask-sources.ts'
import type { Hub } from './hub.ts'
import type { Query } from './read-query.ts'

const ENTRIES_MAX = 500

export interface AcceptedResource {
  /** The text as it arrived, which the receipt covers. */
  text: string
  type: string
  id: string
}

export interface CheckedSource {
  source: PermittedSource
  state: SourceState
  resources: AcceptedResource[]
  /** The mandate it was asked with; empty where nobody was asked. */
  mandateDigest: string
  /** Leaf hashes of the entries' texts, base64url, in order. */
  entryHashes: string[]
  receipt: string | undefined
  receiptDigest: string | undefined
  /** The key that signed the receipt. */
  receiptKey: string | undefined
  elapsedMs: number
}

/**
 * Step 6: receipt, size, shape, and that every resource is about the person asked for and of an item permitted.
 * One that is not condemns that source's whole answer: nothing of it goes on.
 */
export function checkAnswers(
  hub: Hub,
  query: Query,
  asked: readonly AskedSource[],
): Promise<CheckedSource[]> {
  return Promise.all(
    asked.map(async (each) => {
      const checked = await checkAnswer(hub, query, each)
      hub.sourceAnswered(each.source.region.id, checked.state, checked.elapsedMs)
      hub.recordsGiven(
        each.source.region.id,
        checked.resources.map(({ text }) => text),
      )
      return checked
    }),
  )
}

async function checkAnswer(hub: Hub, query: Query, asked: AskedSource): Promise<CheckedSource> {
  const { source, reply, elapsedMs } = asked
  const without = (state: SourceState): CheckedSource => ({
    source,
    mandateDigest: asked.mandateDigest,
    state,
    resources: [],
    entryHashes: [],
    receipt: undefined,
    receiptDigest: undefined,
    receiptKey: undefined,
    elapsedMs,
  })
  if (reply.kind === 'none') return without(reply.state)
  if (reply.receipt === undefined) return without('invalid')
  const read = await readReceipt(hub, query, asked, reply.receipt)
  if (read === undefined) return without('invalid')
  const { claims, digest, kid } = read
  const proven = {
    ...without(claims.status),
    receipt: reply.receipt,
    receiptDigest: digest,
    receiptKey: kid,
  }
  if (reply.status === 403 && claims.status === 'denied' && claims.count === 0) return proven
  if (reply.status !== 200) return { ...proven, state: 'invalid' }
  const resources = readResources(reply.text)
  if (resources === undefined || !rootMatches(claims, resources)) return { ...proven, state: 'invalid' }
  if (!shapeFits(claims, resources.length)) return { ...proven, state: 'invalid' }
  const { patientSystem: system } = source.region
  const isTheirs = ({ value }: ReadResource) =>
    isAbout(value, { reference: claims.patient ?? '', identifier: { system, value: source.localId } })
  if (!resources.every(isTheirs)) {
    hub.log.error({ event: 'source.wrong-person', region: source.region.id, request: query.call.digest })
    return { ...proven, state: 'wrong-person' }
  }
  if (!resources.every((each) => isPermitted(source, each))) return { ...proven, state: 'invalid' }
  return {
    ...proven,
    // What the region may hold under the person's other numbers there was not asked for.
    state: source.isOneOfSeveral && isWhole(claims.status) ? 'partial' : claims.status,
    resources: resources.map(({ text, type, id }) => ({ text, type, id })),
    entryHashes: resources.map(({ text }) => Buffer.from(leafHash(Buffer.from(text))).toString('base64url')),
  }
}

async function readReceipt(
  hub: Hub,
  query: Query,
  asked: AskedSource,
  receipt: string,
): Promise<VerifiedToken<ReceiptClaims> | undefined> {
  const now = hub.now()
  try {
    const read = await verifyToken(receipt, {
      typ: 'tsunagi-receipt+jwt',
      schema: receiptClaimsSchema,
      audience: hub.publicUrl,
      now,
      keyOf: async (kid) => {
        const found = findKey(query.call.registry, kid, now) ?? findKey(await readRegistry(hub.db), kid, now)
        return found && { ...(await verifyingKey(found.key.jwk)), owner: found.region.id }
      },
    })
    const { claims } = read
    const fits =
      claims.iss === asked.source.region.id &&
      claims.req === query.call.digest &&
      claims.man === asked.mandateDigest
    return fits ? read : undefined
  } catch (error) {
    if (error instanceof HubError) return undefined
    throw error
  }
}

interface ReadResource extends AcceptedResource {
  value: FhirObject
}

/** The entries of a searchset with their exact texts; undefined when it is anything else. */
function readResources(text: string): ReadResource[] | undefined {
  try {
    const { bundle, resources } = sliceEntries(text)
    if (!isFhirObject(bundle) || bundle.resourceType !== 'Bundle' || bundle.type !== 'searchset')
      return undefined
    const entries = bundle.entry ?? []
    if (!Array.isArray(entries) || entries.length !== resources.length || entries.length > ENTRIES_MAX)
      return undefined
    const read = entries.map((entry, index) =>
      readResource(isFhirObject(entry) ? entry.resource : null, resources[index]),
    )
    return read.every((each) => each !== undefined) ? read : undefined
  } catch (error) {
    if (error instanceof JsonRefused) return undefined
    throw error
  }
}

function readResource(value: unknown, text: string | undefined): ReadResource | undefined {
  const resource = value as FhirObject | null
  if (text === undefined || !isFhirObject(resource as FhirObject)) return undefined
  const { resourceType: type, id } = resource as FhirObject
  if (typeof type !== 'string' || typeof id !== 'string' || !/^[A-Za-z0-9.-]{1,64}$/.test(id))
    return undefined
  return { text, type, id, value: resource as FhirObject }
}

function rootMatches(claims: ReceiptClaims, resources: readonly ReadResource[]): boolean {
  const root = Buffer.from(rootOfTexts(resources.map(({ text }) => text))).toString('base64url')
  return claims.count === resources.length && claims.root === root
}

function isWhole(status: SourceState): boolean {
  return status === 'complete' || status === 'empty'
}

/** What a receipt promises of the entries that come with it: as many as its status says, about a patient it names. */
function shapeFits({ status, patient }: ReceiptClaims, count: number): boolean {
  if (count > 0 && !/^Patient\/[A-Za-z0-9.-]{1,64}$/.test(patient ?? '')) return false
  if (status === 'complete') return count > 0
  return status === 'partial' || count === 0
}

function isPermitted({ items, types }: PermittedSource, { value, type }: ReadResource): boolean {
  return types.includes(type as ClinicalType) && isGranted(value, items)
}
