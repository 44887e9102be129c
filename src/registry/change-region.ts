import { and, eq, gt, isNull, or, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { recordAudit } from '../audit/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { tokenDigest } from '../trust/index.ts'
import {
  DEFAULT_POLICY,
  type InstitutionKind,
  type Item,
  type Policy,
  refuse,
  type Stage,
} from '../vocabulary/index.ts'
import { bumpEpoch } from './epochs.ts'
import { readPolicy } from './read-policy.ts'
import { findRegion, findRegionBySystem, newestPolicyVersion } from './store.ts'
import { agreement, institution, membership, policy, region } from './tables.ts'
import { tellEverybody, tellRegions } from './tell-regions.ts'

export interface NewRegion {
  id: string
  name?: string | undefined
  patientSystem: string
  stage?: Stage | undefined
  gatewayUrl?: string | undefined
  certificateThumbprint?: string | undefined
}

/**
 * Adds a region, or changes what is given of the one of that id; its patient system stays what it was. Here as in
 * every change below the epoch comes first: its row lock puts changes of one subject one after another, in one order.
 */
export async function putRegion(tx: Transaction, added: NewRegion, at: Date): Promise<void> {
  await bumpEpoch(tx, 'region', added.id)
  const known = await findRegion(tx, added.id)
  const holder = await findRegionBySystem(tx, added.patientSystem)
  if (holder?.id !== known?.id) throw refuse('patient-system-fixed')
  const row = {
    ...added,
    name: added.name ?? known?.name ?? added.id,
    stage: added.stage ?? known?.stage ?? 'registered',
    addedAt: at,
  }
  const { id: _id, addedAt: _addedAt, ...set } = row
  await tx.insert(region).values(row).onConflictDoUpdate({ target: region.id, set })
  await recordAudit(tx, { kind: 'region.changed', at, detail: { region: added.id, stage: row.stage } })
}

export async function setStage(tx: Transaction, id: string, stage: Stage, at: Date): Promise<void> {
  await bumpEpoch(tx, 'region', id)
  const changed = await tx.update(region).set({ stage }).where(eq(region.id, id)).returning({ id: region.id })
  if (changed.length === 0) throw refuse('region-unknown')
  await tellEverybody(tx, { kind: 'directory-changed' }, at)
  await recordAudit(tx, { kind: 'region.changed', at, detail: { region: id, stage } })
}

export async function putAgreement(
  tx: Transaction,
  agreed: { asking: string; holding: string; items: Item[]; clerksSeeValues?: boolean },
  at: Date,
): Promise<void> {
  await bumpEpoch(tx, 'region', agreed.holding)
  await tx.insert(agreement).values({ ...agreed, validFrom: at })
  await recordAudit(tx, { kind: 'region.changed', at, detail: { agreement: agreed } })
}

/** Holds, or will: also what is to end, or to begin, on a planned day. */
function isNotOver(row: { validUntil: PgColumn; isEnded: PgColumn }, at: Date): SQL | undefined {
  return and(eq(row.isEnded, false), or(isNull(row.validUntil), gt(row.validUntil, at)))
}

/** Ends the agreement in that direction at once; `at` says when. */
export async function endAgreement(
  tx: Transaction,
  ended: { asking: string; holding: string },
  at: Date,
): Promise<void> {
  await bumpEpoch(tx, 'region', ended.holding)
  const rows = await tx
    .update(agreement)
    .set({ validUntil: at, isEnded: true })
    .where(
      and(eq(agreement.asking, ended.asking), eq(agreement.holding, ended.holding), isNotOver(agreement, at)),
    )
    .returning({ holding: agreement.holding })
  if (rows.length === 0) throw refuse('agreement-unknown')
  await recordAudit(tx, { kind: 'region.changed', at, detail: { agreementEnded: ended } })
}

export async function putInstitution(
  tx: Transaction,
  member: { number: string; name: string; kind: InstitutionKind; regions: string[] },
  at: Date,
): Promise<void> {
  const { regions, ...row } = member
  await bumpEpoch(tx, 'institution', row.number)
  await tx
    .insert(institution)
    .values(row)
    .onConflictDoUpdate({ target: institution.number, set: { name: row.name, kind: row.kind } })
  for (const each of regions) {
    await tx
      .insert(membership)
      .values({ institution: row.number, region: each, validFrom: at })
      .onConflictDoNothing()
  }
  await recordAudit(tx, { kind: 'institution.changed', at, detail: { institution: row.number, regions } })
}

/** Ends the institution's membership of the region at once; `at` says when. */
export async function endMembership(
  tx: Transaction,
  ended: { institution: string; region: string },
  at: Date,
): Promise<void> {
  await bumpEpoch(tx, 'institution', ended.institution)
  const rows = await tx
    .update(membership)
    .set({ validUntil: at, isEnded: true })
    .where(
      and(
        eq(membership.institution, ended.institution),
        eq(membership.region, ended.region),
        isNotOver(membership, at),
      ),
    )
    .returning({ region: membership.region })
  if (rows.length === 0) throw refuse('membership-unknown')
  await tellEverybody(tx, { kind: 'directory-changed' }, at)
  await recordAudit(tx, { kind: 'institution.changed', at, detail: { ...ended, ended: true } })
}

/**
 * Takes a council's policy whole or refuses it whole; versions only rise. With `signed` it is kept as the region
 * signed it, so that other councils need not take the hub's word for it.
 */
export async function recordPolicy(
  tx: Transaction,
  regionId: string,
  document: unknown,
  at: Date,
  signed?: { text: string; request: string },
): Promise<Policy> {
  const recorded = readPolicy(document, at)
  const { version, effectiveFrom } = recorded
  await bumpEpoch(tx, 'region', regionId)
  if (version <= (await newestPolicyVersion(tx, regionId))) throw refuse('version-stale', { at: 'version' })
  await tx.insert(policy).values({
    region: regionId,
    version,
    effectiveFrom: new Date(effectiveFrom),
    document: recorded,
    text: signed?.text ?? null,
    request: signed?.request ?? null,
    recordedAt: at,
  })
  const { body, on, minutes } = recorded.decided
  const notice = { kind: 'policy-recorded', version } as const
  await tellRegions(tx, [{ region: regionId, notice }], at)
  await recordAudit(tx, {
    kind: 'policy.recorded',
    at,
    detail: {
      ...{ region: regionId, version, effectiveFrom, decided: { body, on, minutes } },
      // Sealed while the key counts that signed it: that is what proves it when the key is retired.
      request: signed === undefined ? null : tokenDigest(signed.request),
    },
  })
  return recorded
}

/** What holds where a council recorded nothing: the draft default, which reads no form. */
export const POLICY_WHEN_NONE: Policy = { ...DEFAULT_POLICY, version: 1 }
