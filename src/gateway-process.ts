import { type GatewayConfig, keyFile, tlsOf } from './config.ts'
import { type GatewayContext, loginVerifier, logoutVerifier, openEhr } from './gateway/index.ts'
import { openAgent } from './http/index.ts'
import { openLog } from './kernel/events.ts'
import { openMigratedDatabase } from './open-database.ts'
import { keepReplayPartitions, readOrMakeSigningKey, type SigningKey } from './trust/index.ts'

/** A gateway's database, one for each region that shares a data folder. */
export function gatewayDatabaseName(region: string): string {
  return `tsunagi_gateway_${region.replaceAll('-', '_')}`
}

export interface GatewayProcess extends GatewayContext, AsyncDisposable {
  /** Signs the checkpoints of the gateway's own log. */
  checkpointKey: SigningKey
}

/** The gateway's composition root: the only place that turns its configuration into connections, keys and clients. */
export async function openGateway(config: GatewayConfig, publicUrl: string): Promise<GatewayProcess> {
  const tls = tlsOf(config)
  const key = await readOrMakeSigningKey(keyFile(config, `${config.REGION}-region`), 'ES256')
  const checkpointKey = await readOrMakeSigningKey(keyFile(config, `${config.REGION}-checkpoint`), 'Ed25519')
  const database = await openMigratedDatabase(config, gatewayDatabaseName(config.REGION), [
    'shared',
    'gateway',
  ])
  const now = () => new Date()
  const dispatcher = openAgent({ addresses: tls === undefined ? 'loopback' : 'routable', tls })
  const local = openAgent({ addresses: 'own-network' })
  const provider = {
    issuer: config.LOGIN_ISSUER,
    audience: config.REGION,
    keys: { file: config.LOGIN_JWKS_FILE },
  }
  await keepReplayPartitions(database.db, now())
  return {
    db: database.db,
    now,
    log: openLog(config.LOG_LEVEL),
    region: config.REGION,
    patientSystem: config.PATIENT_SYSTEM,
    publicUrl,
    hubUrl: config.HUB_URL,
    dispatcher,
    key,
    checkpointKey,
    ehr: openEhr({ url: config.EHR_URL, dispatcher: local }),
    ehrDeadlineMs: config.EHR_DEADLINE_MS,
    login: loginVerifier(provider, now),
    logout: logoutVerifier(provider, now),
    async [Symbol.asyncDispose]() {
      await dispatcher.close()
      await local.close()
      await database[Symbol.asyncDispose]()
    },
  }
}
