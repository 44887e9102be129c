#!/usr/bin/env node
import '../kernel/quick-imports.ts'
import { Command, CommanderError } from 'commander'
import { indexCommands } from './index-commands.ts'
import { oversightCommands } from './oversight-commands.ts'

const program = new Command('tsunagi')
  .description('地域医療介護連携ネットワークの相互参照ハブ。 The hub between regional EHR networks.')
  .showHelpAfterError('(--help で使い方を表示します。 Add --help for usage.)')
  .showSuggestionAfterError()
  .exitOverride()
  .addHelpText(
    'after',
    `
例 Examples:
  $ npm run demo                                   ハブと3地域を起動 start the hub and three regions
  $ npm run tsunagi -- serve                       ハブを起動 start the hub
  $ npm run tsunagi -- audit verify log.ndjson     監査ログを検証 verify an exported log

終了コード Exit codes: 0 done, 1 failure found, 2 usage, 3 configuration, 4 cannot reach, 5 refused`,
  )

/** Loads the command's file only when it is called, so that help is quick. */
function run(load: () => Promise<number>) {
  return async () => {
    process.exitCode = await load()
  }
}

program
  .command('serve')
  .description('ハブを起動する Start the hub (configured by environment; see README)')
  .action(run(async () => (await import('./serve.ts')).serveHub()))

program
  .command('migrate')
  .description('データベースを最新の形にする Bring the hub’s database up to date')
  .option('--gateway', 'ゲートウェイのデータベース the gateway’s database')
  .action((options: { gateway?: boolean }) =>
    run(async () => (await import('./migrate.ts')).migrate({ isGateway: options.gateway === true }))(),
  )

const region = program.command('region').description('地域 Regions')
region
  .command('add')
  .argument('<id>', '地域ID 2–32 lower-case letters, digits, hyphens')
  .requiredOption('--patient-system <uri>', '患者IDの体系 identifier system of the region’s patient ids')
  .option('--name <name>', '名称 name shown to people')
  .option('--gateway-url <url>', '連携ゲートウェイのURL base URL of its gateway')
  .option('--stage <stage>', '接続段階 stage')
  .option('--key <file>', '公開鍵(JWK)のファイル public key, a JWK file')
  .option('--certificate <file>', 'クライアント証明書(PEM) client certificate')
  .option('--json', '機械可読な出力 machine-readable output')
  .description('地域を追加・変更する Add a region, or change it')
  .action((id: string, options) =>
    run(async () => (await import('./region-add.ts')).addRegion(id, options))(),
  )

indexCommands(program, run)

const audit = program.command('audit').description('監査ログ The audit log')
audit
  .command('verify')
  .argument('<file>', 'エクスポートしたログ exported log (NDJSON)')
  .option('--checkpoint <file>', '別に保管したチェックポイント a checkpoint kept elsewhere')
  .option('--public-key <key>', 'ログの公開鍵 (base64) the log’s public key')
  .option('--receipts <file>', '受領証の約束 promises held, one JSON a line')
  .option('--json', '機械可読な出力 machine-readable output')
  .description('ログを検証する（データベース不要） Verify an exported log; needs no database')
  .action((file: string, options) =>
    run(async () => (await import('./audit-verify.ts')).verifyAuditFile(file, options))(),
  )
audit
  .command('export')
  .argument('<file>', '書き出し先 file to write')
  .description('ログを書き出す Export the log')
  .action((file: string) => run(async () => (await import('./audit-export.ts')).exportAudit(file))())

const align = program.command('align').description('国の3文書6情報との整合 Alignment with the national set')
align
  .command('check')
  .argument('<path>', 'FHIR の JSON・NDJSON ファイル、またはフォルダ a JSON or NDJSON file, or a folder')
  .option('--json', '1行1リソースの機械可読な出力 one JSON object a line')
  .option(
    '--detail',
    '--json に、IGの版と、変換で足すものと、足りないものも with --json: version, additions, what is lacking',
  )
  .option(
    '--expect',
    '事例のファイルに書いた判定と比べる compare with the verdict that a case’s file expects',
  )
  .description('リソースが国の形式にどこまで合うかを調べる Say how far each resource fits the national set')
  .action((path: string, options: { json?: boolean; detail?: boolean; expect?: boolean }) =>
    run(async () => (await import('./align-check.ts')).checkAlignment(path, options))(),
  )

const consent = program.command('consent').description('同意 Consents')
consent
  .command('desk')
  .argument('<file>', '同意書などの一覧（CSV、UTF-8 または CP932） papers, a CSV file in UTF-8 or CP932')
  .option('--json', '機械可読な出力 machine-readable output')
  .description(
    '紙の同意書をまとめて入力する（地域のゲートウェイで） Enter paper forms, at the region’s gateway',
  )
  .action((file: string, options: { json?: boolean }) =>
    run(async () => (await import('./consent-desk.ts')).enterDeskFile(file, options))(),
  )

consent
  .command('coverage')
  .option('--json', '機械可読な出力 machine-readable output')
  .description(
    '同意を取り直す方を機関ごとに示す（地域のゲートウェイで） Whom to ask again, by institution, at the gateway',
  )
  .action((options: { json?: boolean }) =>
    run(async () => (await import('./consent-coverage.ts')).printCoverage(options))(),
  )

oversightCommands(program, run)

const gateway = program.command('gateway').description('連携ゲートウェイ The gateway at a region')
gateway
  .command('run')
  .description('ゲートウェイを起動する Start the gateway (configured by environment; see README)')
  .action(run(async () => (await import('./gateway-run.ts')).runGateway()))
gateway
  .command('accept')
  .argument('<peer>', '地域ID、または hub a region’s id, or hub')
  .argument('<thumbprint>', '鍵の指紋 RFC 7638 thumbprint of its key')
  .description('鍵を信頼する Pin a key, as the council decided')
  .action((peer: string, thumbprint: string) =>
    run(async () => (await import('./gateway-accept.ts')).acceptKey(peer, thumbprint))(),
  )
gateway
  .command('check')
  .option('--json', '機械可読な出力 machine-readable output')
  .description('接続と設定を確かめる Check connections, pins and clock')
  .action((options: { json?: boolean }) =>
    run(async () => (await import('./gateway-check.ts')).checkGatewayCommand(options))(),
  )

program
  .command('demo')
  .description('ハブと模擬3地域を起動する Start the hub with three simulated regions')
  .option('--check', '物語を自動で確認して終了する walk the story, say what each step showed, and exit')
  .option('--residents <n>', '模擬住民の数 synthetic residents', '1000')
  .option('--json', '機械可読な出力（--check） machine-readable output')
  .action((options) => run(async () => (await import('./demo.ts')).demo(options))())

// As other programs end when whoever reads them, `head` for one, has enough (128 + SIGPIPE).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(141)
})

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = await exitCodeOf(error)
}

/** Exit codes (all commands): 0 done, 1 a failure was found, 2 usage, 3 configuration, 4 cannot reach, 5 refused. */
async function exitCodeOf(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const { explainFault } = await import('./explain-fault.ts')
  return explainFault(error, (line) => process.stderr.write(`${line}\n`))
}
