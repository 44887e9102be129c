import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { gatewayUrlOf, readGatewayServerConfig } from '../config.ts'
import { enterBatch, type LineEntered } from '../gateway/index.ts'
import { openGateway } from '../gateway-process.ts'
import { withNamedFile } from './usage-error.ts'

/** Enters a file of paper forms at the region's gateway. 0 all in, 1 lines left out, to look at, or the hub not told. */
export async function enterDeskFile(file: string, options: { json?: boolean }): Promise<number> {
  const bytes = await withNamedFile(() => readFileSync(file), file)
  const config = readGatewayServerConfig()
  await using gateway = await openGateway(config, gatewayUrlOf(config))
  const user = userInfo().username
  const lines = await enterBatch(gateway, { role: 'council', user, userName: user }, bytes)
  if (options.json === true) process.stdout.write(`${JSON.stringify(lines)}\n`)
  else for (const line of lines) process.stdout.write(`${sentenceOf(line)}\n`)
  return lines.some((line) => 'faults' in line || isLate(line)) ? 1 : 0
}

const STATES = {
  counted: '有効になりました counts',
  waiting: '別の方の確認を待っています waits for a second person',
  refused: '確認で差し戻されました refused at the second check',
} as const

function sentenceOf(line: LineEntered): string {
  const faults = 'faults' in line ? line.faults : undefined
  const said = faults?.map(({ at, ja, en }) => `${at === '' ? '' : `${at}: `}${ja} ${en}`).join(' / ')
  const place = `${line.line} 行目 line ${line.line}:`
  if (!('state' in line)) return `× ${place} ${said}`
  const late = isLate(line) ? `（ハブ未送信 the hub has not taken it: ${line.hub}）` : ''
  const mark = late === '' && said === undefined ? '○' : '△'
  return `${mark} ${place} ${line.receipt} ${STATES[line.state]}${late}${said === undefined ? '' : ` ${said}`}`
}

function isLate(line: LineEntered): boolean {
  return 'hub' in line && line.hub !== undefined && line.hub !== 'taken'
}
