#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
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

const index = program.command('index').description('名寄せ The person index')
index
  .command('load')
  .argument('<file...>', '住民のファイル files of residents: FHIR Patient a line (NDJSON), or CSV with --map')
  .requiredOption('--region <id>', '地域ID the region they are registered in')
  .option('--map <file>', 'CSVの列の対応表(JSON) which column of a CSV file holds what')
  .option('--encoding <name>', 'CSVの文字コード encoding of a CSV file: utf-8, cp932, euc-jp', 'utf-8')
  .option('--restart', '途中からでなく最初から読む from the first line, whatever was loaded before')
  .option('--json', '機械可読な出力 machine-readable output')
  .description('住民をまとめて読み込む Load a region’s residents; `index link` then links them')
  .action((files: string[], options) =>
    run(async () => (await import('./index-load.ts')).loadIndex(files, options))(),
  )
index
  .command('link')
  .option('--threads <n>', '使うスレッドの数 threads to compare with', '2')
  .option('--json', '機械可読な出力 machine-readable output')
  .description('全員の名寄せをやり直す Link everybody anew; feeds wait meanwhile')
  .action((options) => run(async () => (await import('./index-link.ts')).linkIndex(options))())
index
  .command('export')
  .option('--links <file>', '名寄せの結果(CSV) region,local_id,person of every registration')
  .option('--possible <file>', '判断待ちの組(CSV) the pairs that wait for a person')
  .option('--json', '機械可読な出力 machine-readable output')
  .description('名寄せの結果を書き出す Export who is held to be one person')
  .action((options) => run(async () => (await import('./index-export.ts')).exportIndex(options))())
index
  .command('profile')
  .argument('<file...>', '住民のファイル files of residents, as for `index load`')
  .requiredOption('--region <id>', '地域ID the region they are registered in')
  .option('--map <file>', 'CSVの列の対応表(JSON) which column of a CSV file holds what')
  .option('--encoding <name>', 'CSVの文字コード encoding of a CSV file: utf-8, cp932, euc-jp', 'utf-8')
  .option('--json', '機械可読な出力 machine-readable output')
  .description('項目の充足率と自動連結の見込みを調べる（保存しない） What a file holds of what linking needs')
  .action((files: string[], options) =>
    run(async () => (await import('./index-profile.ts')).profileIndex(files, options))(),
  )

index
  .command('explain')
  .argument('<a>', '登録 a registration, REGION:ID')
  .argument('<b>', '登録 another one')
  .option('--json', '機械可読な出力 machine-readable output')
  .description('二つの登録を同一人物とする・しない理由 Why two registrations are one person, or are not')
  .action((a: string, b: string, options) =>
    run(async () => (await import('./index-explain.ts')).explainIndex(a, b, options))(),
  )
index
  .command('guard')
  .argument('<region>', '地域ID')
  .option('--allow <n>', '追加で許す変更の数 how many changes more to allow')
  .option('--hours <n>', '許す時間 for how many hours', '24')
  .option('--reason <text>', '許す理由 why')
  .option('--json', '機械可読な出力 machine-readable output')
  .description('24時間の変更の数と上限、その例外 How much a region changes in a day, and may')
  .action((region: string, options) =>
    run(async () => (await import('./index-guard.ts')).guardIndex(region, options))(),
  )

const review = index.command('review').description('名寄せの確認待ち What waits for index clerks')
review
  .command('list')
  .requiredOption('--region <id>', '地域ID')
  .option('--state <state>', 'open, unsure, asked, second')
  .option('--reason <reason>', '理由の記号 a reason, such as V6')
  .option('--limit <n>', '件数 how many', '20')
  .option('--json', '機械可読な出力 machine-readable output')
  .description('確認待ちの一覧 List what waits, who is needed most first')
  .action((options) => run(async () => (await import('./index-review.ts')).listIndexReview(options))())
review
  .command('counts')
  .option('--region <id>', '地域ID')
  .option('--json', '機械可読な出力 machine-readable output')
  .description('理由と経過日数ごとの件数 Count what waits by reason and age')
  .action((options) => run(async () => (await import('./index-review.ts')).countIndexReview(options))())
review
  .command('settle')
  .argument('<registration>', '登録 a registration, REGION:ID')
  .option('--same <registration...>', '同一人物 the same person as these')
  .option('--different <registration...>', '別人 none of these')
  .option('--split', '今の本人から外す not the person it is taken for')
  .requiredOption('--by <clerk>', '判断した担当者 who decided')
  .option('--second <clerk>', '確認した別の担当者 who confirmed it')
  .requiredOption('--reason <text>', '理由 why')
  .option('--json', '機械可読な出力 machine-readable output')
  .description('担当者の判断を記録する Put a clerk’s decision on record')
  .action((registration: string, options) =>
    run(async () => (await import('./index-review.ts')).settleIndexReview(registration, options))(),
  )
review
  .command('undo')
  .argument('<decision>', '判断の番号 the number of a decision')
  .requiredOption('--region <id>', '取り消す地域 the region that takes it back')
  .requiredOption('--by <clerk>', '担当者 who takes it back')
  .option('--second <clerk>', '確認した別の担当者 who confirmed it')
  .requiredOption('--reason <text>', '理由 why')
  .option('--json', '機械可読な出力 machine-readable output')
  .description('判断を取り消す Take a decision back')
  .action((decision: string, options) =>
    run(async () => (await import('./index-review.ts')).undoIndexReview(decision, options))(),
  )

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
  .description('リソースが国の形式にどこまで合うかを調べる Say how far each resource fits the national set')
  .action((path: string, options: { json?: boolean }) =>
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
