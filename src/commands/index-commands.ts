import type { Command } from 'commander'

/** Runs what it loads and keeps its exit code. */
type Run = (load: () => Promise<number>) => () => Promise<void>

/** `index`: who is who, and what clerks decide about it. */
export function indexCommands(program: Command, run: Run): void {
  const index = program.command('index').description('名寄せ The person index')
  index
    .command('load')
    .argument(
      '<file...>',
      '住民のファイル files of residents: FHIR Patient a line (NDJSON), or CSV with --map',
    )
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
    .option(
      '--model <file>',
      '重み（index estimate の出力、または built-in） weights that index estimate wrote, or built-in',
    )
    .option('--json', '機械可読な出力 machine-readable output')
    .description('全員の名寄せをやり直す Link everybody anew; feeds wait meanwhile')
    .action((options) => run(async () => (await import('./index-link.ts')).linkIndex(options))())
  index
    .command('estimate')
    .argument(
      '[file...]',
      '住民のファイル、なければ読み込み済みの全員 files of residents; without any, everybody who is loaded',
    )
    .option('--region <id>', '地域ID the region whose files they are')
    .option('--map <file>', 'CSVの列の対応表(JSON) which column of a CSV file holds what')
    .option('--encoding <name>', 'CSVの文字コード encoding of a CSV file: utf-8, cp932, euc-jp', 'utf-8')
    .option('--kind <kind>', 'residents か general which kind, where both are loaded')
    .option(
      '--registrations <n>',
      '標本のとき、全体の件数 how many the model is for, where these are a sample',
    )
    .option('--pairs <n>', '無作為に比べる組の数 pairs drawn at random')
    .option('--seed <n>', '乱数の種 seed of the draw')
    .option('--name <name>', 'モデルの名前 a name for the model', 'estimated')
    .option('--out <file>', '書き出し先 file to write')
    .option('--json', '機械可読な出力 machine-readable output')
    .description(
      '重みを登録から推定する（正解は要らない） Estimate weights from registrations, without knowing who is who',
    )
    .action((files: string[], options) =>
      run(async () => (await import('./index-estimate.ts')).estimateIndex(files, options))(),
    )
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
    .description(
      '項目の充足率と自動連結の見込みを調べる（保存しない） What a file holds of what linking needs',
    )
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
    .command('show')
    .argument('<registration>', '登録 a registration, REGION:ID')
    .option('--json', '機械可読な出力 machine-readable output')
    .description('候補ごとの理由 Whom a registration may be the same as, and why it waits')
    .action((registration: string, options) =>
      run(async () => (await import('./index-review.ts')).showIndexReview(registration, options))(),
    )
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
}
