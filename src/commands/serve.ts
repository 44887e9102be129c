import { createApp } from '../app.ts'
import { startSealer } from '../audit/index.ts'
import { forgetViewsBefore } from '../broker/index.ts'
import { hubUrlOf, readHubServerConfig, tlsOf } from '../config.ts'
import { startVisitRetention, tokyoDate } from '../consent/index.ts'
import { authorityOf, listen } from '../http/index.ts'
import { openHub } from '../hub.ts'
import { forgetDelivered } from '../kernel/outbox.ts'
import { repeatEvery } from '../kernel/repeat-every.ts'
import { startNotices } from '../registry/index.ts'
import { keepReplayPartitions } from '../trust/index.ts'

const NOTICES_MS = 250
const HOUSEKEEPING_MS = 3_600_000

/** Starts the hub and serves until it is told to stop. Gives the process's exit code. */
export async function serveHub(): Promise<number> {
  const config = readHubServerConfig()
  const tls = tlsOf(config)
  const publicUrl = hubUrlOf(config)
  await using hub = await openHub(config, publicUrl)
  await using _sealer = startSealer(hub, { origin: new URL(publicUrl).host, key: hub.keys.checkpoint })
  await using _notices = startNotices(hub, NOTICES_MS)
  await using _retention = startVisitRetention(hub, HOUSEKEEPING_MS)
  const keepHouse = async () => {
    await keepReplayPartitions(hub.db, hub.now())
    await forgetViewsBefore(hub.db, tokyoDate(hub.now()))
    await forgetDelivered(hub)
  }
  await using _housekeeping = repeatEvery(HOUSEKEEPING_MS, keepHouse, (err) =>
    hub.log.warn({ event: 'housekeeping.failed', err }),
  )
  const hosts = new Set([new URL(publicUrl).host, authorityOf(config.HTTP_HOST, config.HTTP_PORT)])
  const server = await listen(createApp(hub, hosts).fetch, {
    host: config.HTTP_HOST,
    port: config.HTTP_PORT,
    tls,
  })
  hub.log.info({ event: 'hub.started', url: server.url, publicUrl })
  tellStarter()
  await stopSignal()
  hub.log.info({ event: 'hub.stopping' })
  await server.close()
  return 0
}

/** Says that this process listens, to one that started it with a channel: that somebody does there shows nothing. */
export function tellStarter(): void {
  process.send?.('listening')
}

/** Resolves at SIGINT or SIGTERM, or when the process that started this one with a channel has gone. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      // A listener for it holds the channel open, and the open channel this process alive.
      process.off('disconnect', stop)
      resolve()
    }
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
    process.once('disconnect', stop)
    // It may have gone before anybody listened. Without a channel this is undefined.
    if (process.connected === false) stop()
  })
}
