import { readGatewayServerConfig, tlsOf } from '../config.ts'
import { checkGateway, faultsOf, type GatewayCheck, openEhr } from '../gateway/index.ts'
import { gatewayDatabaseName } from '../gateway-process.ts'
import { openAgent } from '../http/index.ts'
import { openLog } from '../kernel/events.ts'
import { openMigratedDatabase } from '../open-database.ts'

/** Prints what is right and wrong of connections, pins, clock and promises. 0 right, 1 wrong, 4 cannot reach. */
export async function checkGatewayCommand(options: { json?: boolean }): Promise<number> {
  const config = readGatewayServerConfig()
  const tls = tlsOf(config)
  const name = gatewayDatabaseName(config.REGION)
  await using database = await openMigratedDatabase(config, name, ['shared', 'gateway'])
  const dispatcher = openAgent({ addresses: tls === undefined ? 'loopback' : 'routable', tls })
  const local = openAgent({ addresses: 'own-network' })
  try {
    const check = await checkGateway({
      db: database.db,
      now: () => new Date(),
      log: openLog('silent'),
      hubUrl: config.HUB_URL,
      dispatcher,
      ehr: openEhr({ url: config.EHR_URL, dispatcher: local }),
    })
    const faults = faultsOf(check)
    process.stdout.write(
      `${options.json === true ? JSON.stringify({ ...check, ...faults }) : linesOf(check).join('\n')}\n`,
    )
    if (faults.wrong.length > 0) return 1
    return faults.unreachable.length > 0 ? 4 : 0
  } finally {
    await dispatcher.close()
    await local.close()
  }
}

function linesOf(check: GatewayCheck): string[] {
  const { hub, directory, pins, ehr, promises } = check
  const { wrong, unreachable } = faultsOf(check)
  const yes = (fine: boolean) => (fine ? '○' : '×')
  return [
    `${yes(hub.isReachable)} ハブ hub: ${hub.isReachable ? '接続可 reachable' : '接続不可 cannot be reached'}`,
    `${yes(hub.clockOffsetMs !== undefined && !wrong.includes('clock-differs'))} 時計 clock: ${hub.clockOffsetMs === undefined ? '不明 unknown' : `差 offset ${hub.clockOffsetMs} ms`}`,
    `${yes(directory !== undefined)} 名簿 directory: ${directory === undefined ? 'なし none' : `第${directory.version}版 version, ${directory.fetchedAt}`}`,
    `${yes(pins.unpinned.length === 0)} 鍵 keys: ${pins.agreed} 件一致 agreed`,
    ...pins.unpinned.map(
      ({ peer, use, thumbprint }) => `  未承認 not accepted: ${peer} ${use} ${thumbprint}`,
    ),
    ...pins.unlisted.map(
      ({ peer, thumbprint }) => `  名簿になし not in the directory: ${peer} ${thumbprint}`,
    ),
    `${yes(ehr.isReachable)} 地域のシステム local system: ${ehr.isReachable ? '接続可 reachable' : '接続不可 cannot be reached'}`,
    `${yes(promises.broken === 0)} 約束 promises: ${promises.open} 件確認待ち open, ${promises.broken} 件不履行 broken`,
    ...(wrong.length + unreachable.length === 0
      ? []
      : [`問題 faults: ${[...wrong, ...unreachable].join(', ')}`]),
  ]
}
