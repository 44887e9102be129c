import { z } from 'zod'
import { readHubConfig } from '../config.ts'
import { tokyoDate } from '../consent/index.ts'
import type { Context } from '../kernel/context.ts'
import { openLog } from '../kernel/events.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { listFindings, runRules, settleFinding, settlementSchema } from '../oversight/index.ts'
import { VIEWING_RULES, type ViewingRule } from '../vocabulary/index.ts'
import { UsageError } from './usage-error.ts'

const DAY_MS = 86_400_000

async function withHub<T>(act: (context: Context) => Promise<T>): Promise<T> {
  const config = readHubConfig()
  await using database = await openMigratedDatabase(config, 'tsunagi_hub', ['shared', 'hub'])
  return await act({ db: database.db, now: () => new Date(), log: openLog('silent') })
}

/** Looks through one day of the audit, yesterday unless told otherwise. */
export function runOversight(options: { day?: string; json?: boolean }): Promise<number> {
  const day = options.day ?? tokyoDate(new Date(Date.now() - DAY_MS))
  if (!z.iso.date().safeParse(day).success) {
    throw new UsageError(
      '日付は実在する日を YYYY-MM-DD で指定してください。 Give a day that exists, as YYYY-MM-DD.',
    )
  }
  return withHub(async (context) => {
    const run = await runRules(context, day)
    if (options.json === true) process.stdout.write(`${JSON.stringify(run)}\n`)
    else
      process.stdout.write(
        `${day}：照会 ${run.attempts} 件、利用者 ${run.viewers} 人、新たな確認事項 ${run.findings} 件。緊急時閲覧の報告の遅れ ${run.overdue.reports} 件、確認の遅れ ${run.overdue.reviews} 件。 ${run.attempts} attempts by ${run.viewers} viewers, ${run.findings} new findings; ${run.overdue.reports} reports and ${run.overdue.reviews} reviews of emergencies are late.\n`,
      )
    return 0
  })
}

export function listOversight(options: { region?: string; all?: boolean; json?: boolean }): Promise<number> {
  return withHub(async ({ db }) => {
    const rows = await listFindings(db, { region: options.region, isOpenOnly: options.all !== true })
    if (options.json === true) {
      for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`)
      return 0
    }
    for (const { id, score, day, rule, region, institution, userId, evidence, outcome } of rows) {
      const name = VIEWING_RULES[rule as ViewingRule]?.ja ?? rule
      process.stdout.write(
        `${id}  ${String(score).padStart(3)}  ${day}  ${region}/${institution}/${userId}  ${name}  ${JSON.stringify(evidence)}  ${outcome ?? '未確認'}\n`,
      )
    }
    process.stderr.write(`${rows.length} 件。 ${rows.length} findings.\n`)
    return 0
  })
}

export function settleOversight(
  finding: string,
  options: { by: string; outcome: string; followUp: string },
): Promise<number> {
  const read = settlementSchema.safeParse({ finding, ...options })
  if (!read.success) {
    throw new UsageError(
      '確認者、結果（proper・improper・unclear）、対応（10文字以上）を指定してください。 Give --by, --outcome (proper, improper, unclear) and --follow-up of ten letters or more.',
    )
  }
  return withHub(async ({ db, now }) => {
    await db.transaction((tx) => settleFinding(tx, undefined, read.data, now()))
    process.stderr.write('記録しました。 Settled.\n')
    return 0
  })
}
