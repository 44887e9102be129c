import { readGatewayConfig } from '../config.ts'
import { acceptPeer, peerSchema } from '../gateway/index.ts'
import { gatewayDatabaseName } from '../gateway-process.ts'
import { openLog } from '../kernel/events.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { readArguments } from './usage-error.ts'

const WORDS = {
  accepted: '鍵を信頼しました。 The key is pinned.',
  known: '既に信頼している鍵です。 The key was pinned before.',
  'held-by-another': '別の相手の鍵として登録されています。 The key is pinned for somebody else.',
} as const

const ARGUMENTS = {
  peer: { name: '<peer>', ja: '地域ID、または hub。', en: 'A region’s id, or hub.' },
  thumbprint: {
    name: '<thumbprint>',
    ja: '鍵の指紋（RFC 7638、base64url 43文字）。',
    en: 'An RFC 7638 thumbprint: 43 characters of base64url.',
  },
}

/** Pins a key of a region, or of `hub`, as the council decided. 0 pinned, 2 no such peer or thumbprint can be, 5 refused. */
export async function acceptKey(peer: string, thumbprint: string): Promise<number> {
  const pinned = readArguments(peerSchema, { peer, thumbprint }, ARGUMENTS)
  const config = readGatewayConfig()
  const name = gatewayDatabaseName(config.REGION)
  await using database = await openMigratedDatabase(config, name, ['shared', 'gateway'])
  const context = { db: database.db, now: () => new Date(), log: openLog(config.LOG_LEVEL) }
  const acceptance = await acceptPeer(context, pinned)
  process.stderr.write(`${WORDS[acceptance]}\n`)
  return acceptance === 'held-by-another' ? 5 : 0
}
