import { eq } from 'drizzle-orm'
import type { Database } from '../../src/kernel/database.ts'
import { addKey, putAgreement, putInstitution, putRegion, recordPolicy } from '../../src/registry/index.ts'
import { region } from '../../src/registry/tables.ts'
import { generateSigningKey } from '../../src/trust/index.ts'
import { ITEM_CODES } from '../../src/vocabulary/index.ts'
import { CLINIC_OF, REGIONS, type RegionId, SYSTEM_OF } from './sample-calls.ts'
import { policyFrom, readAs } from './sample-policy.ts'
import { type SentKey, sentKey } from './sent-key.ts'
import { NOON } from './test-context.ts'

/** What is settled before a test's noon. */
const AT = new Date(NOON.getTime() - 86_400_000)
const FORMS = { 'form-2025': readAs('medical-and-care'), 'form-2019': readAs('own-region') }

/** Enrols three regions, each with a clinic, a policy and agreements with the others. Gives their keys. */
export async function enrolRegions(db: Database): Promise<Record<RegionId, SentKey>> {
  const keys: [RegionId, SentKey][] = []
  for (const id of REGIONS) {
    const key = await generateSigningKey('ES256')
    await db.transaction(async (tx) => {
      await putRegion(tx, { id, name: id, patientSystem: SYSTEM_OF[id], stage: 'asking' }, AT)
      await addKey(tx, { region: id, jwk: key.publicJwk }, AT)
      const clinic = { number: CLINIC_OF[id], name: `${id}診療所`, kind: 'clinic' as const, regions: [id] }
      await putInstitution(tx, clinic, AT)
      await recordPolicy(tx, id, policyFrom({ forms: FORMS }, AT), AT)
    })
    keys.push([id, await sentKey(key)])
  }
  await db.transaction(async (tx) => {
    for (const asking of REGIONS) {
      for (const holding of REGIONS) {
        if (asking !== holding) await putAgreement(tx, { asking, holding, items: [...ITEM_CODES] }, AT)
      }
    }
  })
  return Object.fromEntries(keys) as Record<RegionId, SentKey>
}

/** Says where a region's gateway is, before anybody has asked. */
export async function placeGateway(db: Database, id: RegionId, gatewayUrl: string): Promise<void> {
  await db.update(region).set({ gatewayUrl }).where(eq(region.id, id))
}
