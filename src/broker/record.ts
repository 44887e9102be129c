import { type AuditPromise, recordAudit } from '../audit/index.ts'
import { issueHandle } from '../identity/index.ts'
import type { Transaction } from '../kernel/database.ts'
import type { JsonValue } from '../kernel/strict-json.ts'
import { type EpochName, epochsHold, findKey, REGISTRY_EPOCH, type Registry } from '../registry/index.ts'
import { consumeOnce } from '../trust/index.ts'
import { isPublic, refuse } from '../vocabulary/index.ts'
import type { CheckedSource } from './check-answers.ts'
import { type Decision, decideSources, type SourceVerdict } from './decide-sources.ts'
import type { Hub } from './hub.ts'
import type { Query } from './read-query.ts'

const HANDLE_DAYS = 30
const DECISIONS_MAX = 3

/** Who asked for what, as every entry about a query says it. */
function askerOf(query: Query) {
  const { call, claims } = query
  return {
    request: call.digest,
    region: call.region.id,
    institution: claims.institution,
    user: claims.user,
    profession: claims.profession,
    post: claims.post,
    purpose: claims.purpose,
    items: query.items,
    ...(claims.terminal === undefined ? {} : { terminal: claims.terminal }),
    ...(claims.visit === undefined ? {} : { visit: claims.visit }),
    ...(claims.breakGlass === undefined ? {} : { breakGlass: claims.breakGlass.reason }),
    ...(call.claims.idempotency === undefined ? {} : { idempotency: call.claims.idempotency }),
  }
}

/**
 * Step 4: puts the attempt on record in the transaction that uses up the request, whatever was decided.
 * Nothing leaves before it committed. A replay is recorded as one and refused.
 */
export async function recordAttempt(hub: Hub, query: Query, decision: Decision): Promise<AuditPromise> {
  const at = hub.now()
  const promise = await hub.db.transaction(async (tx) => {
    if (!(await consumeOnce(tx, 'tsunagi-request+jwt', query.call.claims))) {
      await recordAudit(tx, {
        kind: 'replay.refused',
        at,
        detail: { request: query.call.digest, region: query.call.region.id },
      })
      return undefined
    }
    return recordAudit(tx, {
      kind: 'query.attempt',
      at,
      detail: {
        ...askerOf(query),
        person: decision.person?.id ?? null,
        verdicts: decision.verdicts.map(spoken),
      },
    })
  })
  if (promise === undefined) throw refuse('token-replayed')
  return promise
}

function spoken({ region, verdict, versions }: SourceVerdict): { [key: string]: JsonValue } {
  return verdict.verdict === 'permit'
    ? { region: region.id, verdict: 'permit', items: [...verdict.items], versions }
    : { region: region.id, verdict: 'deny', reason: verdict.reason, versions }
}

/** The denial of a query that no source may answer; asker and hub keep the same proof of it as of an answer. */
export function recordDenial(hub: Hub, query: Query): Promise<AuditPromise> {
  const at = hub.now()
  return hub.db.transaction((tx) => recordAudit(tx, { kind: 'query.denial', at, detail: askerOf(query) }))
}

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
      stillPermitted(standing, decision, each) && isStillSigned(registry, each, hub.now())
    sources = sources.map((each) => (isTrue(each) ? each : withheld(each)))
  }
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
  const handle = await handleFor(tx, query, decision, sources, at)
  const promise = await recordAudit(tx, {
    kind: 'query.release',
    at,
    detail: {
      ...askerOf(query),
      person: decision.person?.id ?? null,
      sources: sources.map(({ source, state, entryHashes, receiptDigest }) => ({
        region: source.region.id,
        state,
        count: entryHashes.length,
        receipt: receiptDigest ?? null,
      })),
    },
  })
  return { sources, handle, promise }
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
  if (query.person.by !== 'demographics' || decision.person === undefined || !isAnswered) return undefined
  return issueHandle(tx, {
    personId: decision.person.id,
    region: query.call.region.id,
    institution: query.claims.institution,
    at,
    expiresAt: new Date(at.getTime() + HANDLE_DAYS * 86_400_000),
  })
}

/** Same person, same registration there, and every item asked of it still permitted. */
function stillPermitted(now: Decision, before: Decision, { source }: CheckedSource): boolean {
  if (now.person === undefined || now.person.id !== before.person?.id) return false
  const again = now.verdicts.find(({ region }) => region.id === source.region.id)
  if (again?.localId !== source.localId || again.verdict.verdict !== 'permit') return false
  const { items } = again.verdict
  return source.items.every((item) => items.includes(item))
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
    receiptDigest: undefined,
    receiptKey: undefined,
  }
}
