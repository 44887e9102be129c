import { readGatewayConfig, readHubConfig } from '../config.ts'
import { gatewayDatabaseName } from '../gateway-process.ts'
import { openMigratedDatabase } from '../open-database.ts'

/** Applies what is missing; `serve` and `gateway run` do the same at their start. */
export async function migrate({ isGateway }: { isGateway: boolean }): Promise<number> {
  if (isGateway) {
    const config = readGatewayConfig()
    const name = gatewayDatabaseName(config.REGION)
    await using _database = await openMigratedDatabase(config, name, ['shared', 'gateway'])
  } else {
    await using _database = await openMigratedDatabase(readHubConfig(), 'tsunagi_hub', ['shared', 'hub'])
  }
  process.stderr.write('データベースは最新です。 The database is up to date.\n')
  return 0
}
