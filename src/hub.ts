import type { Hub } from './broker/index.ts'
import { type HubConfig, keyFile, nationalIdsOf, tlsOf } from './config.ts'
import { openAgent } from './http/index.ts'
import { openLog } from './kernel/events.ts'
import { keepSourceReports } from './monitoring/index.ts'
import { openMigratedDatabase } from './open-database.ts'
import { openEpochWatch } from './registry/index.ts'
import { keepTallies } from './terminology/index.ts'
import { keepReplayPartitions, readOrMakeSigningKey } from './trust/index.ts'

const SIDES = ['shared', 'hub'] as const
/** Longer than a gateway that answers takes for its refusal. */
export const DENIAL_STEP_MS = 250

/** The hub's keys, each for one use, made at the first start. */
export async function readHubKeys(config: { TSUNAGI_DATA: string }): Promise<Hub['keys']> {
  const [mandate, receipt, directory, checkpoint] = await Promise.all([
    readOrMakeSigningKey(keyFile(config, 'hub-mandate'), 'ES256'),
    readOrMakeSigningKey(keyFile(config, 'hub-receipt'), 'ES256'),
    readOrMakeSigningKey(keyFile(config, 'hub-directory'), 'ES256'),
    readOrMakeSigningKey(keyFile(config, 'hub-checkpoint'), 'Ed25519'),
  ])
  return { mandate, receipt, directory, checkpoint }
}

/** The composition root: the only place that turns configuration into connections, keys and clients. */
export async function openHub(config: HubConfig, publicUrl: string): Promise<Hub & AsyncDisposable> {
  const tls = tlsOf(config)
  const keys = await readHubKeys(config)
  const database = await openMigratedDatabase(config, 'tsunagi_hub', SIDES)
  const dispatcher = openAgent({ addresses: tls === undefined ? 'loopback' : 'routable', tls })
  const now = () => new Date()
  await keepReplayPartitions(database.db, now())
  const context = { db: database.db, now, log: openLog(config.LOG_LEVEL) }
  const reports = keepSourceReports(context)
  const tallies = keepTallies(context)
  const epochs = openEpochWatch(database.db)
  return {
    ...context,
    sourceAnswered: reports.sourceAnswered,
    recordsGiven: tallies.recordsGiven,
    epochs,
    publicUrl,
    keys,
    dispatcher,
    nationalIds: nationalIdsOf(config),
    certificates: { proxyAddress: config.TRUSTED_PROXY_ADDRESS },
    sourcesDeadlineMs: config.SOURCES_DEADLINE_MS,
    denialStepMs: DENIAL_STEP_MS,
    async [Symbol.asyncDispose]() {
      await epochs[Symbol.asyncDispose]()
      await reports[Symbol.asyncDispose]()
      await tallies[Symbol.asyncDispose]()
      await dispatcher.close()
      await database[Symbol.asyncDispose]()
    },
  }
}
