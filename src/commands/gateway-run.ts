import { startSealer } from '../audit/index.ts'
import { gatewayUrlOf, localTlsOf, readGatewayServerConfig, tlsOf } from '../config.ts'
import { inwardApp, localApp, startPromiseChecks, startResending } from '../gateway/index.ts'
import { openGateway } from '../gateway-process.ts'
import { authorityOf, listen } from '../http/index.ts'
import { repeatEvery } from '../kernel/repeat-every.ts'
import { keepReplayPartitions } from '../trust/index.ts'
import { stopSignal, tellStarter } from './serve.ts'

const PROMISE_CHECKS_MS = 15_000
const RESEND_MS = 30_000
const HOUSEKEEPING_MS = 3_600_000

/** Starts a region's gateway, inward for the hub and local for the region, until it is told to stop. */
export async function runGateway(): Promise<number> {
  const config = readGatewayServerConfig()
  const tls = tlsOf(config)
  const publicUrl = gatewayUrlOf(config)
  await using gateway = await openGateway(config, publicUrl)
  await using _sealer = startSealer(gateway, { origin: new URL(publicUrl).host, key: gateway.checkpointKey })
  await using _checks = startPromiseChecks(gateway, PROMISE_CHECKS_MS)
  await using _resending = startResending(gateway, RESEND_MS)
  await using _housekeeping = repeatEvery(
    HOUSEKEEPING_MS,
    () => keepReplayPartitions(gateway.db, gateway.now()),
    (err) => gateway.log.warn({ event: 'housekeeping.failed', err }),
  )
  const inward = await listen(inwardApp(gateway).fetch, {
    host: config.INWARD_HOST,
    port: config.INWARD_PORT,
    tls,
  })
  const localHosts = new Set([authorityOf(config.LOCAL_HOST, config.LOCAL_PORT)])
  const local = await listen(localApp(gateway, localHosts).fetch, {
    host: config.LOCAL_HOST,
    port: config.LOCAL_PORT,
    tls: localTlsOf(config),
  })
  gateway.log.info({ event: 'gateway.started', region: gateway.region, inward: inward.url, local: local.url })
  tellStarter()
  await stopSignal()
  gateway.log.info({ event: 'gateway.stopping' })
  await Promise.all([inward.close(), local.close()])
  return 0
}
