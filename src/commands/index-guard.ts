import { z } from 'zod'
import { readHubConfig } from '../config.ts'
import { allowChanges, feedRate } from '../identity/index.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { regionIdSchema } from '../trust/index.ts'
import { readArguments } from './usage-error.ts'

const HOUR_MS = 3_600_000

const inputSchema = z.strictObject({
  region: regionIdSchema,
  allow: z.coerce.number().int().min(1).max(100_000_000).optional(),
  hours: z.coerce.number().int().min(1).max(168).default(24),
  reason: z.string().min(1).max(200).optional(),
  json: z.boolean().optional(),
})

const ARGUMENTS = {
  region: { name: '<region>', ja: '地域ID。', en: 'A region’s id.' },
  allow: { name: '--allow', ja: '追加で許す変更の数。', en: 'How many changes more to allow.' },
  hours: { name: '--hours', ja: '1〜168時間。', en: '1–168 hours.' },
  reason: {
    name: '--reason',
    ja: '許す理由、200文字まで。--allow に必要です。',
    en: 'Why, in at most 200 characters; --allow needs it.',
  },
}

/** What a region changed in the last day and may; with `--allow` it may more, for a reason. */
export async function guardIndex(region: string, options: object): Promise<number> {
  const given = { region, ...options } as { allow?: unknown; reason?: unknown }
  const schema = given.allow === undefined ? inputSchema : inputSchema.required({ reason: true })
  const { allow, hours, reason = '', json } = readArguments(schema, given, ARGUMENTS)
  await using database = await openMigratedDatabase(readHubConfig(), 'tsunagi_hub', ['shared', 'hub'])
  const at = new Date()
  if (allow !== undefined) {
    const until = new Date(at.getTime() + hours * HOUR_MS)
    await database.db.transaction((tx) => allowChanges(tx, { region, changes: allow, until, reason }, at))
  }
  const rate = await feedRate(database.db, region, at)
  if (json === true) process.stdout.write(`${JSON.stringify({ region, ...rate })}\n`)
  else {
    process.stdout.write(
      `${region}: 24時間の変更 ${rate.changes}、上限 ${rate.limit}、許可済み ${rate.allowed}、登録 ${rate.registrations}。 ${rate.changes} changes in 24 h of ${rate.limit} and ${rate.allowed} allowed, ${rate.registrations} registrations.\n`,
    )
  }
  return 0
}
