import { gatewayUrlOf, readGatewayServerConfig } from '../config.ts'
import { ASK_AGAIN_REASONS } from '../consent/index.ts'
import { readCoverage } from '../gateway/index.ts'
import { openGateway } from '../gateway-process.ts'

/** Prints, at the region's gateway, the residents to ask again by institution: one line each, tabs between. */
export async function printCoverage(options: { json?: boolean }): Promise<number> {
  const config = readGatewayServerConfig()
  await using gateway = await openGateway(config, gatewayUrlOf(config))
  for await (const each of readCoverage(gateway)) {
    const { ja, en } = ASK_AGAIN_REASONS[each.reason]
    const line =
      options.json === true
        ? JSON.stringify(each)
        : [each.institution ?? '受診なし no visit', each.patient, each.form, `${ja} ${en}`].join('\t')
    process.stdout.write(`${line}\n`)
  }
  return 0
}
