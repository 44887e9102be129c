import type { AuditPromise } from '../audit/index.ts'
import { type Hash, leafHash, type ReceiptClaims, rootOf, rootOfTexts } from '../trust/index.ts'
import { type Item, isShortOf, type PublicSourceState } from '../vocabulary/index.ts'
import { AnswerCondemned } from './answer-condemned.ts'
import {
  type AnsweredRecord,
  readAnswer,
  type StatedAnswer,
  type StatedProvenance,
  type StatedSource,
} from './answer-shape.ts'
import { type AnswerExpected, hubReceipt, sourceReceipt } from './check-receipt.ts'

/** What came back over the wire: the body and the hub's own receipt of its header. */
export interface HubAnswer {
  text: string
  receipt: string | undefined
}

export interface AnsweredSource extends StatedSource {
  records: AnsweredRecord[]
  /** What the source was permitted to give, where its council lets that be known. */
  items: readonly Item[] | undefined
  /** Digest of the source's receipt, and when it was signed; undefined when it gave none. */
  receipt: string | undefined
  answeredAt: Date | undefined
}

/** An answer that needs nobody's word: every record is what its holder signed, for this very request. */
export interface CheckedAnswer {
  /** The searchset as it arrived. */
  text: string
  isComplete: boolean
  sources: AnsweredSource[]
  /** Names somebody who is not registered here, from now on. */
  handle: string | undefined
  /** Digest of the hub's own receipt, and the leaf it promised for its record of this. */
  receipt: string
  promise: AuditPromise
}

/** Checks an answer end to end, from the sources' receipts up. Throws AnswerCondemned. */
export async function checkAnswer(answer: HubAnswer, expected: AnswerExpected): Promise<CheckedAnswer> {
  const stated = readOrCondemn(answer.text)
  const proof = await checkHubReceipt(answer, stated, expected)
  checkStates(stated)
  const proven = await checkSources(stated, expected)
  return {
    text: answer.text,
    isComplete: stated.isComplete,
    sources: stated.sources.map((source) => ({
      ...source,
      ...(proven.get(source.region) ?? UNPROVEN),
    })),
    handle: stated.handle,
    ...proof,
  }
}

/** Checks the receipt of a refusal, which covers no entry, and gives its promise. Throws AnswerCondemned. */
export async function checkDenial(
  receipt: string | undefined,
  expected: AnswerExpected,
): Promise<AuditPromise> {
  const { claims } = await hubReceipt(receipt, expected)
  if (claims.status !== 'denied' || claims.count !== 0) throw new AnswerCondemned('entries-differ')
  return claims.promise
}

function readOrCondemn(text: string): StatedAnswer {
  try {
    return readAnswer(text)
  } catch (cause) {
    throw new AnswerCondemned('shape', { cause })
  }
}

async function checkHubReceipt(
  { receipt }: HubAnswer,
  { texts, isComplete }: StatedAnswer,
  expected: AnswerExpected,
): Promise<Pick<CheckedAnswer, 'receipt' | 'promise'>> {
  const { claims, digest } = await hubReceipt(receipt, expected)
  if (claims.count !== texts.length || claims.root !== base64url(rootOfTexts(texts))) {
    throw new AnswerCondemned('entries-differ')
  }
  if (claims.status !== (isComplete ? 'complete' : 'partial')) throw new AnswerCondemned('states-differ')
  return { receipt: digest, promise: claims.promise }
}

/** One state a source, and the answer as a whole no more complete than they are. */
function checkStates({ sources, isComplete }: StatedAnswer): void {
  const isOnce = new Set(sources.map(({ region }) => region)).size === sources.length
  // Of nobody at all the hub would have refused.
  if (sources.length === 0 || !isOnce || isComplete === sources.some(({ state }) => isShortOf(state))) {
    throw new AnswerCondemned('states-differ')
  }
}

type Proven = Pick<AnsweredSource, 'records' | 'items' | 'receipt' | 'answeredAt'>

const UNPROVEN: Proven = { records: [], items: undefined, receipt: undefined, answeredAt: undefined }

/** Every record stands under exactly one receipt, and every source that is said to have answered gave one. */
async function checkSources(stated: StatedAnswer, expected: AnswerExpected): Promise<Map<string, Proven>> {
  // A source may give one resource twice; each is proven for itself.
  const unproven = Map.groupBy(stated.records, ({ fullUrl }) => fullUrl)
  const proven = new Map<string, Proven>()
  for (const provenance of stated.provenances) {
    const { region, receipt } = provenance
    const state = stated.sources.find((each) => each.region === region)?.state
    if (state === undefined || proven.has(region)) throw new AnswerCondemned('states-differ', { region })
    const { claims, digest } = await sourceReceipt(receipt, region, expected)
    const records = hasAnswered(state)
      ? provenRecords(provenance, claims, state, unproven)
      : noRecords(provenance)
    proven.set(region, {
      records,
      items: claims.items,
      receipt: digest,
      answeredAt: new Date(claims.iat * 1000),
    })
  }
  if ([...unproven.values()].some((left) => left.length > 0)) throw new AnswerCondemned('record-unproven')
  const silent = stated.sources.find(({ region, state }) => hasAnswered(state) && !proven.has(region))
  if (silent !== undefined) throw new AnswerCondemned('source-unproven', { region: silent.region })
  return proven
}

/** States that say what a source holds; only the source itself can say that. */
function hasAnswered(state: PublicSourceState): boolean {
  return state === 'complete' || state === 'empty' || state === 'partial'
}

function provenRecords(
  { region, targets, hashes }: StatedProvenance,
  { status, count, root }: ReceiptClaims,
  state: PublicSourceState,
  unproven: Map<string, AnsweredRecord[]>,
): AnsweredRecord[] {
  const fits = state === 'empty' ? count === 0 : state === 'partial' || count > 0
  // The hub may know that there is more than a source was asked for; it may never make less of that.
  const isSaid = status === state || (state === 'partial' && (status === 'complete' || status === 'empty'))
  if (!isSaid || !fits) throw new AnswerCondemned('states-differ', { region })
  const leaves = hashes.map((hash) => Buffer.from(hash, 'base64url'))
  if (count !== hashes.length || root !== base64url(rootOf(leaves))) {
    throw new AnswerCondemned('entries-differ', { region })
  }
  if (targets.length !== hashes.length) throw new AnswerCondemned('record-unproven', { region })
  return targets.map((target, index) => {
    const record = unproven.get(target)?.shift()
    if (record === undefined || target !== urlOf(region, record)) {
      throw new AnswerCondemned('record-unproven', { region })
    }
    if (base64url(leafHash(Buffer.from(record.text))) !== hashes[index]) {
      throw new AnswerCondemned('entries-differ', { region })
    }
    return record
  })
}

function noRecords({ region, targets, hashes }: StatedProvenance): [] {
  if (targets.length + hashes.length > 0) throw new AnswerCondemned('record-unproven', { region })
  return []
}

/** Where a record stands in an answer: its region, type and id there, so nothing can pass as another's. */
function urlOf(region: string, { resource }: AnsweredRecord): string {
  return `urn:tsunagi:${region}:${String(resource.resourceType)}/${String(resource.id)}`
}

const base64url = (hash: Hash): string => Buffer.from(hash).toString('base64url')
