import type { Command } from 'commander'

/** Runs what it loads and keeps its exit code. */
type Run = (load: () => Promise<number>) => () => Promise<void>

export function oversightCommands(program: Command, run: Run): void {
  const oversight = program
    .command('oversight')
    .description('閲覧の点検 Looking into the audit for improper viewing')
  oversight
    .command('run')
    .option('--day <date>', '対象日（YYYY-MM-DD、日本時間。既定は前日） a day in Japan; yesterday by default')
    .option('--json', '機械可読な出力 machine-readable output')
    .description('一日分の監査記録を規則に照らす Hold one day of the audit against the rules')
    .action((options: { day?: string; json?: boolean }) =>
      run(async () => (await import('./oversight.ts')).runOversight(options))(),
    )
  oversight
    .command('list')
    .option('--region <id>', '照会元の地域 findings about one region’s users')
    .option('--all', '確認済みも含める settled ones too')
    .option('--json', '1行1件の機械可読な出力 one JSON object a line')
    .description('確認すべきことを一覧する List what somebody should look into, the most pressing first')
    .action((options: { region?: string; all?: boolean; json?: boolean }) =>
      run(async () => (await import('./oversight.ts')).listOversight(options))(),
    )
  oversight
    .command('settle')
    .argument('<finding>', '確認事項の番号 id of the finding')
    .requiredOption('--by <name>', '確認者 who looked into it')
    .requiredOption('--outcome <outcome>', '結果 proper, improper or unclear')
    .requiredOption('--follow-up <text>', '対応（10文字以上） what was done about it')
    .description('確認の結果と対応を記録する Put on record what came of a finding')
    .action((finding: string, options: { by: string; outcome: string; followUp: string }) =>
      run(async () => (await import('./oversight.ts')).settleOversight(finding, options))(),
    )

  const policy = program.command('policy').description('閲覧設定 Policies of the councils')
  policy
    .command('check')
    .argument('<file>', '閲覧設定のファイル (JSON) a policy, as JSON')
    .option('--json', '機械可読な出力 machine-readable output')
    .description(
      '閲覧設定の誤りをすべて示す（データベース不要） Name every fault of a policy; needs no database',
    )
    .action((file: string, options: { json?: boolean }) =>
      run(async () => (await import('./policy-check.ts')).checkPolicyFile(file, options))(),
    )
  policy
    .command('show')
    .argument('[region]', '地域ID、なければ初期値 a region’s id; the default policy without')
    .option('--json', '協議会が送る形のJSON the JSON that a council sends')
    .description('閲覧設定を表で示す Print a policy as tables')
    .action((region: string | undefined, options: { json?: boolean }) =>
      run(async () => (await import('./policy-show.ts')).showPolicy(region, options))(),
    )
}
