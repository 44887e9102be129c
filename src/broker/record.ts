import { type AuditPromise, recordAudit, recordAudits } from '../audit/index.ts'
import { issueHandle } from '../identity/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { HubError } from '../kernel/hub-error.ts'
import { present } from '../kernel/must.ts'
import type { JsonValue } from '../kernel/strict-json.ts'
import type { SignedCall } from '../registry/index.ts'
import { type EpochName, epochsHold, findKey, REGISTRY_EPOCH, type Registry } from '../registry/index.ts'
import { consumeOnce, queryOf } from '../trust/index.ts'
import { isPublic, refuse } from '../vocabulary/index.ts'
import type { CheckedSource } from './check-answers.ts'
import { type Decision, decideSources, type SourceVerdict } from './decide-sources.ts'
import type { Hub } from './hub.ts'
import type { Query } from './read-query.ts'

const HANDLE_DAYS = 30
const DECISIONS_MAX = 3

/** Who asked for what, as every entry about a query says it. */
function askerOf({ call, claims, items }: Pick<Query, 'call' | 'claims' | 'items'>) {
  return {
    request: call.digest,
    region: call.region.id,
    institution: claims.institution,
    user: claims.user,
    profession: claims.profession,
    post: claims.post,
    purpose: claims.purpose,
    items,
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
      about: aboutOf(decision),
    })
  })
  if (promise === undefined) throw refuse('token-replayed')
  return promise
}

/** A resident is found again by every registration they had then, whatever is linked later. */
function aboutOf({ person }: Decision): string[] {
  return (person?.registrations ?? []).map(({ region, localId }) => `registration:${region}|${localId}`)
}

function spoken({ region, verdict, versions }: SourceVerdict): { [key: string]: JsonValue } {
  return verdict.verdict === 'permit'
    ? { region: region.id, verdict: 'permit', items: [...verdict.items], versions }
    : { region: region.id, verdict: 'deny', reason: verdict.reason, versions }
}

/**
 * A query that was refused while it was read or resolved leaves an attempt on record too, and is used up. Whatever
 * is no refusal (a database that cannot serve) leaves none: then nothing was decided either.
 */
export async function recordRefused(hub: Hub, call: SignedCall, error: unknown): Promise<void> {
  if (!(error instanceof HubError)) return
  const at = hub.now()
  const claims = queryOf(call.claims)
  const asker = claims === undefined ? {} : askerOf({ call, claims, items: claims.items })
  const detail = { request: call.digest, region: call.region.id, ...asker, code: error.code }
  await hub.db.transaction(async (tx) => {
    const isFirst = await consumeOnce(tx, 'tsunagi-request+jwt', call.claims)
    await recordAudit(tx, { kind: isFirst ? 'query.refused' : 'replay.refused', at, detail })
  })
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
  const handle = await handleFor(tx, query, decision, sources, at)
  return { sources, handle, promise: await recordOutcome(tx, query, decision, sources, at) }
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
  }
}
