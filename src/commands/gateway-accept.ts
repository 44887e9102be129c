import { ConfigError, readGatewayConfig } from '../config.ts'
import { acceptPeer, peerSchema } from '../gateway/index.ts'
import { gatewayDatabaseName } from '../gateway-process.ts'
import { openLog } from '../kernel/events.ts'
import { openMigratedDatabase } from '../open-database.ts'

const WORDS = {
  accepted: '鍵を信頼しました。 The key is pinned.',
  known: '既に信頼している鍵です。 The key was pinned before.',
  'held-by-another': '別の相手の鍵として登録されています。 The key is pinned for somebody else.',
} as const

/** Pins a key of a region, or of `hub`, as the council decided. 0 pinned, 5 refused. */
export async function acceptKey(peer: string, thumbprint: string): Promise<number> {
  const parsed = peerSchema.safeParse({ peer, thumbprint })
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError(`引数に誤りがあります。 The arguments have faults:\n${faults.join('\n')}`)
  }
  const config = readGatewayConfig()
  const name = gatewayDatabaseName(config.REGION)
  await using database = await openMigratedDatabase(config, name, ['shared', 'gateway'])
  const context = { db: database.db, now: () => new Date(), log: openLog(config.LOG_LEVEL) }
  const acceptance = await acceptPeer(context, parsed.data)
  process.stderr.write(`${WORDS[acceptance]}\n`)
  return acceptance === 'held-by-another' ? 5 : 0
}
