import { existsSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { readHubConfig } from '../config.ts'
import { estimateFrom, senderOf } from '../identity/index.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { regionIdSchema } from '../trust/index.ts'
import { BULK_ARGUMENTS, bulkArguments, readFieldMap } from './bulk-arguments.ts'
import { openProgress } from './progress.ts'
import { readArguments, UsageError, withNamedFile } from './usage-error.ts'

const inputSchema = z.strictObject({
  ...bulkArguments,
  files: z.array(z.string().min(1)).max(1_000),
  region: regionIdSchema.optional(),
  kind: z.enum(['residents', 'general']).optional(),
  name: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,40}$/)
    .default('estimated'),
  out: z.string().min(1).optional(),
  registrations: z.coerce.number().int().min(2).optional(),
  pairs: z.coerce.number().int().min(1_000).max(100_000_000).optional(),
  seed: z.coerce.number().int().min(1).optional(),
})

const ARGUMENTS = {
  ...BULK_ARGUMENTS,
  kind: { name: '--kind', ja: 'residents か general。', en: 'residents or general.' },
  name: {
    name: '--name',
    ja: '英数字と . _ - で40字まで。',
    en: 'Up to 40 letters, digits, dots, hyphens.',
  },
  registrations: {
    name: '--registrations',
    ja: '2以上の整数。',
    en: 'A whole number of 2 or more.',
  },
  pairs: { name: '--pairs', ja: '1,000以上の整数。', en: 'A whole number of 1,000 or more.' },
  seed: { name: '--seed', ja: '1以上の整数。', en: 'A whole number of 1 or more.' },
}

/** Estimates a model's weights from what is loaded, or from files of a region, and writes them to a file. */
export async function estimateIndex(files: string[], options: object): Promise<number> {
  const asked = readArguments(inputSchema, { files, ...options }, ARGUMENTS)
  const { out, region, json } = asked
  if (files.length > 0 && region === undefined) {
    throw new UsageError('ファイルには --region が要ります。 Files need --region.')
  }
  if (out !== undefined && existsSync(out)) {
    throw new UsageError(
      `${out}: すでにあります。別の名前を指定してください。 It exists; choose another name.`,
    )
  }
  const map = await readFieldMap(asked.map)
  await using database = await openMigratedDatabase(readHubConfig(), 'tsunagi_hub', ['shared', 'hub'])
  const sender = region === undefined ? undefined : await senderOf(database.db, region)
  using progress = openProgress('index estimate')
  const onStep = (step: string, done: number) => progress.say(done, step)
  const from = sender === undefined ? undefined : { files, sender, map, encoding: asked.encoding }
  const { kind, name, registrations, pairs, seed } = asked
  const estimated = await withNamedFile(() =>
    estimateFrom(
      database.db,
      { from, kind, name, registrations, randomPairs: pairs, seed, onStep },
      new Date(),
    ),
  )
  progress.end()
  const { file, id, records } = estimated
  const text = `${JSON.stringify(file, null, 2)}\n`
  if (out !== undefined) await withNamedFile(() => writeFileSync(out, text, { flag: 'wx', mode: 0o600 }))
  if (json) process.stdout.write(`${JSON.stringify({ id, records, file: out === undefined ? file : out })}\n`)
  else if (out === undefined) process.stdout.write(text)
  else process.stdout.write(`${id}: ${records} 件から推定 estimated from ${records} records\n`)
  return 0
}
