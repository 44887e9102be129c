import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { sql } from 'drizzle-orm'
import { keyFile } from '../config.ts'
import { acceptPeer } from '../gateway/index.ts'
import { gatewayDatabaseName } from '../gateway-process.ts'
import { readHubKeys } from '../hub.ts'
import { openDatabase } from '../kernel/database.ts'
import { openEmbeddedPostgres } from '../kernel/embedded-postgres.ts'
import { silentLog } from '../kernel/events.ts'
import { addKey, putAgreement, putInstitution, putRegion } from '../registry/index.ts'
import { readOrMakeSigningKey, type SigningKey } from '../trust/index.ts'
import { ITEM_CODES } from '../vocabulary/index.ts'
import { type DemoConfig, makeDatabasesBeside, openDemoDatabase } from './databases.ts'
import { DEMO_INSTITUTIONS, DEMO_REGIONS, REGION_IDS, type RegionId } from './world/index.ts'

const DAY_MS = 86_400_000

/** Forgets the last demonstration: its databases and keys are made anew at each start. */
export async function forgetLastDemo(config: DemoConfig): Promise<void> {
  rmSync(resolve(config.TSUNAGI_DATA, 'keys'), { recursive: true, force: true })
  if (config.DATABASE_URL !== undefined) return makeDatabasesBeside(config.DATABASE_URL)
  await using embedded = await openEmbeddedPostgres(resolve(config.TSUNAGI_DATA, 'postgres'))
  await using server = openDatabase(embedded.target('postgres'), { connectionsMax: 1 })
  for (const name of ['tsunagi_hub', ...REGION_IDS.map(gatewayDatabaseName)]) {
    await server.execute(sql`drop database if exists ${sql.identifier(name)} with (force)`)
  }
}

export function regionKeyOf(config: DemoConfig, region: RegionId): Promise<SigningKey> {
  return readOrMakeSigningKey(keyFile(config, `${region}-region`), 'ES256')
}

/**
 * What the operator and the councils settle before anything runs: regions, keys, agreements and institutions at
 * the hub, and at each gateway the keys that its council accepted.
 */
export async function setUpNetworks(
  config: DemoConfig,
  gatewayUrls: Record<RegionId, string>,
): Promise<void> {
  const at = new Date(Date.now() - DAY_MS)
  const keys = new Map<RegionId, SigningKey>()
  for (const id of REGION_IDS) keys.set(id, await regionKeyOf(config, id))
  await using hub = await openDemoDatabase(config, 'hub')
  await hub.db.transaction(async (tx) => {
    for (const { id, name, patientSystem } of DEMO_REGIONS) {
      await putRegion(tx, { id, name, patientSystem, stage: 'asking', gatewayUrl: gatewayUrls[id] }, at)
      const key = keys.get(id)
      if (key !== undefined) await addKey(tx, { region: id, jwk: key.publicJwk }, at)
    }
    for (const { number, name, kind, regions } of DEMO_INSTITUTIONS) {
      await putInstitution(tx, { number, name, kind, regions: [...regions] }, at)
    }
    for (const asking of REGION_IDS) {
      for (const holding of REGION_IDS) {
        if (asking !== holding) await putAgreement(tx, { asking, holding, items: [...ITEM_CODES] }, at)
      }
    }
  })
  const hubKeys = Object.values(await readHubKeys(config))
  for (const region of REGION_IDS) {
    await using gateway = await openDemoDatabase(config, region)
    const context = { db: gateway.db, now: () => new Date(), log: silentLog() }
    for (const { kid } of hubKeys) await acceptPeer(context, { peer: 'hub', thumbprint: kid })
    for (const [peer, { kid }] of keys) await acceptPeer(context, { peer, thumbprint: kid })
  }
}
