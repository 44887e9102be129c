import { type AuditPromise, recordAudits } from '../audit/index.ts'
import { issueHandle } from '../identity/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { present } from '../kernel/must.ts'
import {
  type EpochName,
  epochsHold,
  findKey,
  REGISTRY_EPOCH,
  type Registry,
  tellRegions,
} from '../registry/index.ts'
import { isPublic, refuse } from '../vocabulary/index.ts'
import type { CheckedSource } from './check-answers.ts'
import { type Decision, decideSources } from './decide-sources.ts'
import { aboutOf, askerOf } from './entry-detail.ts'
import type { Hub } from './hub.ts'
import type { Query } from './read-query.ts'
import { stillPermitted } from './still-permitted.ts'
import { countViews } from './view-store.ts'
import { viewerOf } from './viewer.ts'

const HANDLE_DAYS = 30
const DECISIONS_MAX = 3

export interface Release {
  sources: CheckedSource[]
  /** For an asker where the person is not registered: works while a visit is on record. */
  handle: string | undefined
  promise: AuditPromise
}

/**
 * Step 8: in one transaction, locks the epochs that the decision stands on and records what goes out. If anything
 * moved it is decided again, and only what is still permitted, for the same registration, is kept.
 */
export async function recordRelease(
  hub: Hub,
  query: Query,
  decision: Decision,
  checked: readonly CheckedSource[],
): Promise<Release> {
  let standing = decision
  let sources = [...checked]
  for (let tries = 0; tries < DECISIONS_MAX; tries++) {
    const release = await hub.db.transaction((tx) => releaseUnder(tx, hub, query, standing, sources))
    if (release !== undefined) return release
    standing = await decideSources(hub, query)
    const { registry } = standing
    const isTrue = (each: CheckedSource) =>
      stillPermitted(standing, decision, each.source) && isStillSigned(registry, each, hub.now())
    sources = sources.map((each) => (isTrue(each) ? each : withheld(each)))
  }
  await hub.db.transaction((tx) => recordOutcome(tx, query, decision, sources.map(withheld), hub.now()))
  throw refuse('unavailable')
}

async function releaseUnder(
  tx: Transaction,
  hub: Hub,
  query: Query,
  decision: Decision,
  sources: CheckedSource[],
): Promise<Release | undefined> {
  if (!(await epochsHold(tx, epochsUnder(query, decision, sources)))) return undefined
  const at = hub.now()
  await countShown(tx, query, decision, sources, at)
  const handle = await handleFor(tx, query, decision, sources, at)
  return { sources, handle, promise: await recordOutcome(tx, query, decision, sources, at) }
}

/** For the holders' ceilings; a holder's council is told when an institution is shown somebody for the first time. */
async function countShown(
  tx: Transaction,
  query: Query,
  { person }: Decision,
  sources: readonly CheckedSource[],
  at: Date,
): Promise<void> {
  const shown = sources.filter(({ state }) => isPublic(state))
  if (person === undefined || shown.length === 0) return
  const holdings = shown.map(({ source }) => source.region.id)
  const viewer = viewerOf(query, at)
  const first = await countViews(tx, viewer, { personId: person.id, holdings, at })
  const { region, institution } = viewer
  const told = shown
    .filter(({ source }) => first.includes(source.region.id))
    .map(({ source }) => ({
      region: source.region.id,
      notice: {
        kind: 'first-view',
        patient: source.localId,
        region,
        institution,
        at: at.toISOString(),
      } as const,
    }))
  await tellRegions(tx, told, at)
}

/** What goes out of each source, in one entry for the resident and one each for whoever answered. */
async function recordOutcome(
  tx: Transaction,
  query: Query,
  decision: Decision,
  sources: readonly CheckedSource[],
  at: Date,
): Promise<AuditPromise> {
  const release = {
    kind: 'query.release',
    at,
    detail: {
      ...askerOf(query),
      person: decision.person?.id ?? null,
      sources: sources.map(({ source, state, entryHashes, receiptDigest }) => ({
        region: source.region.id,
        state,
        items: source.items,
        count: entryHashes.length,
        receipt: receiptDigest ?? null,
      })),
    },
    about: aboutOf(decision),
  } as const
  const [promise] = await recordAudits(tx, [release, ...sources.map((each) => answeredBy(query, each, at))])
  return present(promise, 'the release has its promise')
}

/** Tells the answering gateway, and nobody of anything else, that its answer arrived; what of it went on is `state`. */
function answeredBy(
  { call }: Query,
  { source, mandateDigest, state, receiptDigest, entryHashes }: CheckedSource,
  at: Date,
) {
  const detail = {
    request: call.digest,
    mandate: mandateDigest,
    region: source.region.id,
    state,
    count: entryHashes.length,
    receipt: receiptDigest ?? null,
  }
  const about = mandateDigest === '' ? [] : [`mandate:${mandateDigest}`]
  return { kind: 'source.answered', at, detail, about } as const
}

/**
 * What the release stands on. A region that gives nothing is none of it: its changes could only hold up the others;
 * nor is the register as a whole, of which every part that counts has an epoch of its own.
 */
function epochsUnder(query: Query, { epochs }: Decision, sources: CheckedSource[]): Map<EpochName, number> {
  const regions = [query.call.region.id]
  for (const { source, state } of sources) if (isPublic(state)) regions.push(source.region.id)
  const named = regions.map((id) => `region:${id}`)
  const counts = (name: EpochName) => !name.startsWith('region:') || named.includes(name)
  return new Map([...epochs].filter(([name]) => name !== REGISTRY_EPOCH && counts(name)))
}

async function handleFor(
  tx: Transaction,
  query: Query,
  decision: Decision,
  sources: CheckedSource[],
  at: Date,
): Promise<string | undefined> {
  const isAnswered = sources.some(({ state }) => isPublic(state))
  const { person, won } = decision
  if (query.person.by !== 'demographics' || person === undefined || won === undefined || !isAnswered) {
    return undefined
  }
  return issueHandle(tx, {
    ...won,
    personId: person.id,
    region: query.call.region.id,
    institution: query.claims.institution,
    at,
    expiresAt: new Date(at.getTime() + HANDLE_DAYS * 86_400_000),
  })
}

/** Whether the key that the answer was signed with counts; a source without a receipt gave nothing. */
function isStillSigned(registry: Registry, { receiptKey }: CheckedSource, at: Date): boolean {
  return receiptKey === undefined || findKey(registry, receiptKey, at) !== undefined
}

function withheld(checked: CheckedSource): CheckedSource {
  return {
    ...checked,
    state: 'denied',
    resources: [],
    entryHashes: [],
    receipt: undefined,
  }
}
