import { createHash } from 'node:crypto'
import type { Queryable } from '../../kernel/database.ts'
import { clerksMaySee, type Registry } from '../../registry/index.ts'
import { refuse } from '../../vocabulary/index.ts'
import type { Explain, PairExplanation } from '../explain-pair.ts'
import { findLink } from '../link-store.ts'
import { type PatientId, patientIdOf, refOf } from '../patient-id.ts'
import { isProtectedElsewhere } from '../standing-store.ts'
import { findRegistration } from '../store.ts'
import { type Agreement, agreementOf } from './agreement-of-levels.ts'
import type { Clerk } from './decide-persons.ts'
import { findItem, findWaiting, type ItemState, type Waiting } from './queue-store.ts'
import { type ShownValues, shownValues } from './shown-values.ts'

/** A registration and those whom it may be the same as; nothing of it is linked. */
export interface Item {
  id: PatientId
  waiting: Waiting[]
  state: ItemState
  proposed: { candidates: string[]; reason: string; basis: string; by: Clerk } | undefined
  claim: (Clerk & { until: Date }) | undefined
  consents: number
  queries: number
  version: number
  source: string
  isProtected: boolean
  /** What a decision about the item stands on; another one once anything of it has changed. */
  basis: string
}

/** Throws `review-item-unknown` where nothing waits. */
export async function readItem(db: Queryable, id: PatientId): Promise<Item> {
  const [registration, waiting] = [await findRegistration(db, id), await findWaiting(db, id)]
  if (registration === undefined || waiting.length === 0) throw refuse('review-item-unknown')
  const [known, own] = [await findItem(db, id), await findLink(db, id)]
  const { version, source, isProtected } = registration
  return {
    ...{ id, waiting, version, source },
    isProtected: isProtected || (await isProtectedElsewhere(db, id)),
    state: known?.state ?? 'open',
    proposed: known?.proposed ?? undefined,
    claim: claimOf(known),
    consents: known?.consents ?? 0,
    queries: known?.queries ?? 0,
    basis: basisOf(version, own?.person, waiting),
  }
}

function claimOf(known: Awaited<ReturnType<typeof findItem>>): Item['claim'] {
  const { claimedRegion: region, claimedClerk: clerk, claimedUntil: until } = known ?? {}
  return region && clerk && until ? { region, clerk, until } : undefined
}

/** Persons' ids are random, so that nobody can guess the registrations that went into it. */
function basisOf(version: number, person: string | undefined, waiting: readonly Waiting[]): string {
  const others = waiting.map((each) => [each.ref, each.version, each.person, each.rule, each.vetoes])
  return createHash('sha256')
    .update(JSON.stringify([version, person, others]))
    .digest('base64url')
}

export interface ShownItem {
  patient: string
  version: number
  state: ItemState
  basis: string
  need: { consents: number; queries: number }
  /** Other regions' clerks are not named. */
  claim: { clerk: string | null; until: string } | null
  proposed: { candidates: string[]; reason: string; clerk: string | null } | null
  values: ShownValues
  candidates: ShownCandidate[]
}

export interface ShownCandidate {
  /** Its name within this basis. */
  candidate: string
  /** Where the agreement says so, or it is the region's own; else it is of some other region. */
  region: string | null
  patient: string | null
  values: ShownValues | null
  since: string
  rule: string | null
  vetoes: string[]
  bits: number | null
  fields: { field: string; agreement: Agreement }[]
  /** As the two are now: what brought them together, every veto looked for, and all of it in a Japanese sentence. */
  passes: string[]
  vetoesChecked: string[]
  sentence: string
  /** Who else is most like either, among the item's other candidates and the region's own registrations. */
  runnerUp: { candidate: string | null; patient: string | null; bits: number } | null
}

/** The item as a clerk of its region may see it. */
export function showItem(item: Item, explain: Explain, registry: Registry, at: Date): ShownItem {
  const { region } = item.id
  const name = (clerk: Clerk) => (clerk.region === region ? clerk.clerk : null)
  return {
    patient: item.id.localId,
    ...{ version: item.version, state: item.state, basis: item.basis },
    need: { consents: item.consents, queries: item.queries },
    claim:
      item.claim === undefined ? null : { clerk: name(item.claim), until: item.claim.until.toISOString() },
    proposed:
      item.proposed === undefined
        ? null
        : {
            candidates: item.proposed.candidates.flatMap((ref) => candidateOf(item, ref) ?? []),
            reason: item.proposed.reason,
            clerk: name(item.proposed.by),
          },
    values: shownValues(item.source),
    candidates: item.waiting.map((each, index) => {
      const other = patientIdOf(each.ref)
      // Where somebody protected lives is for their own region's clerks alone, whatever councils agreed on.
      const mayShow = !item.isProtected && !each.isProtected
      const isShown =
        other.region === region ||
        (mayShow && clerksMaySee(registry, { asking: region, holding: other.region, at }))
      const [pair] = each.explanation.pairs
      const isTold = (ref: string) =>
        patientIdOf(ref).region === region || candidateOf(item, ref) !== undefined
      const { columns, ...explained } = explain(refOf(item.id), each.ref, isTold)
      return {
        candidate: String(index + 1),
        region: isShown ? other.region : null,
        patient: isShown ? other.localId : null,
        values: isShown ? shownValues(each.source) : null,
        since: each.since.toISOString(),
        ...{ rule: each.rule, vetoes: each.vetoes, bits: pair?.bits.total ?? null },
        fields: Object.entries(pair?.fields ?? {}).map(([field, { level }]) => ({
          field: columns[field] ?? field,
          agreement: agreementOf(level),
        })),
        ...{ passes: explained.passes, sentence: explained.sentence },
        vetoesChecked: explained.vetoes.map(({ veto }) => veto),
        runnerUp: shownRunnerUp(item, explained),
      }
    }),
  }
}

function shownRunnerUp(
  item: Item,
  { runnerUp }: Pick<PairExplanation, 'runnerUp'>,
): ShownCandidate['runnerUp'] {
  if (runnerUp === undefined) return null
  const { registration, bits } = runnerUp
  return {
    candidate: candidateOf(item, refOf(registration)) ?? null,
    patient: registration.region === item.id.region ? registration.localId : null,
    bits,
  }
}

function candidateOf(item: Item, ref: string): string | undefined {
  const index = item.waiting.findIndex((each) => each.ref === ref)
  return index < 0 ? undefined : String(index + 1)
}
