import { findEntriesAbout } from '../../audit/index.ts'
import type { Queryable } from '../../kernel/database.ts'
import { refuse } from '../../vocabulary/index.ts'
import { findFirstLinkTogether } from '../link-store.ts'
import { findMerged } from '../merge-store.ts'
import { patientIdOf, refOf } from '../patient-id.ts'
import { findDecision } from './decision-store.ts'

const DISCLOSURES_MAX = 1_000

/** A release made while registrations counted as one person who turned out to be others. */
export interface AffectedDisclosure {
  entry: string
  at: string
  region: string
  institution: string
  user: string
  items: string[]
}

/**
 * What was shown of a region's own registrations while they were linked with whom a decision took them from: somebody
 * has to be told. Throws `decision-unknown` also where none of them is the region's.
 */
export async function affectedDisclosures(
  db: Queryable,
  decisionId: number,
  region: string,
): Promise<AffectedDisclosure[]> {
  const decision = await findDecision(db, decisionId)
  const parted = (decision?.pairs ?? []).filter(
    ({ said, before }) => said === 'different' || before === 'same',
  )
  const isOwn = (ref: string) => patientIdOf(ref).region === region
  if (decision === undefined || !decision.pairs.some(({ a, b }) => isOwn(a) || isOwn(b))) {
    throw refuse('decision-unknown')
  }
  const found = new Map<string, AffectedDisclosure>()
  for (const { a, b } of parted) {
    for (const [one, other] of await pairsMeant(db, a, b)) {
      const from = await findFirstLinkTogether(db, one, other, decision.at)
      if (from === undefined) continue
      for (const ref of [one, other].filter(isOwn)) {
        for (const entry of await releasesAbout(db, ref, from, decision.at)) found.set(entry.entry, entry)
      }
    }
  }
  return [...found.values()].sort((x, y) => (x.at < y.at ? -1 : 1))
}

/** A decision names ids that stand; its two residents were linked, and shown, under ids that were merged too. */
async function pairsMeant(db: Queryable, a: string, b: string): Promise<(readonly [string, string])[]> {
  const [own, others] = [await refsOf(db, a), await refsOf(db, b)]
  return own.flatMap((one) => others.map((other) => [one, other] as const))
}

async function refsOf(db: Queryable, ref: string): Promise<string[]> {
  const { region } = patientIdOf(ref)
  const merged = await findMerged(db, patientIdOf(ref))
  return merged === undefined ? [ref] : merged.localIds.map((localId) => refOf({ region, localId }))
}

async function releasesAbout(
  db: Queryable,
  ref: string,
  from: Date,
  until: Date,
): Promise<AffectedDisclosure[]> {
  const { region, localId } = patientIdOf(ref)
  const range = { from, until: new Date(until.getTime() + 1), limit: DISCLOSURES_MAX }
  const entries = await findEntriesAbout(db, `registration:${region}|${localId}`, ['query.release'], range)
  return entries.map(({ id, at, detail }) => {
    const said = JSON.parse(detail) as Omit<AffectedDisclosure, 'entry' | 'at'>
    return {
      ...{ entry: id, at, region: said.region, institution: said.institution },
      ...{ user: said.user, items: said.items },
    }
  })
}
