import { readGatewayConfig, readHubConfig } from '../config.ts'
import { openMigratedDatabase } from '../open-database.ts'

/** Applies what is missing; `serve` and `gateway run` do the same at their start. */
export async function migrate({ isGateway }: { isGateway: boolean }): Promise<number> {
  if (isGateway) {
    const config = readGatewayConfig()
    await using _database = await openMigratedDatabase(
      config,
      `tsunagi_gateway_${config.REGION.replaceAll('-', '_')}`,
      ['shared', 'gateway'],
    )
  } else {
    await using _database = await openMigratedDatabase(readHubConfig(), 'tsunagi_hub', ['shared', 'hub'])
  }
  process.stderr.write('データベースは最新です。 The database is up to date.\n')
  return 0
}
