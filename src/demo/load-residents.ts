import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { linkEverybody, loadFile, senderOf } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { silentLog } from '../kernel/events.ts'
import { must } from '../kernel/must.ts'
import { type DemoConfig, openDemoDatabase } from './databases.ts'
import { type DemoRegistration, patientOf, REGION_IDS, type RegionId } from './world/index.ts'

/**
 * Puts in whom the regions knew before they joined, as the operator does then: a file of each region's, as by
 * `index load`, and then everybody linked, as by `index link`. `loaded` is told how many a file put in.
 */
export async function loadResidents(
  config: DemoConfig,
  registrations: readonly DemoRegistration[],
  loaded: (count: number) => void,
): Promise<void> {
  const folder = join(config.TSUNAGI_DATA, 'residents')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  await using hub = await openDemoDatabase(config, 'hub')
  const context: Context = { db: hub.db, now: () => new Date(), log: silentLog() }
  const loadRegion = async (region: RegionId) => {
    const file = join(folder, `${region}.ndjson`)
    const own = registrations.filter((each) => each.region === region)
    writeFileSync(file, own.map(lineOf(context.now())).join(''), { mode: 0o600 })
    const { created } = await loadFile(context, { file, sender: await senderOf(hub.db, region), threads: 1 })
    must(created === own.length, 'a file of synthetic residents is taken whole')
    loaded(created)
  }
  await Promise.all(REGION_IDS.map(loadRegion))
  await linkEverybody(context, { threads: 1 })
}

function lineOf(now: Date): (registration: DemoRegistration) => string {
  return (registration) => `${JSON.stringify(patientOf(registration, now.toISOString()))}\n`
}
