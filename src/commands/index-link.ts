import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { readHubConfig } from '../config.ts'
import { type AskedModel, type LinkedEverybody, linkEverybody, modelSchema } from '../identity/index.ts'
import { openLog } from '../kernel/events.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { parsedJson } from './bulk-arguments.ts'
import { openProgress } from './progress.ts'
import { readArguments, UsageError, withNamedFile } from './usage-error.ts'

const inputSchema = z.strictObject({
  threads: z.coerce.number().int().min(1).max(64),
  model: z.string().min(1).optional(),
  json: z.boolean().default(false),
})

const ARGUMENTS = { threads: { name: '--threads', ja: '1〜64の整数。', en: 'A whole number from 1 to 64.' } }

/** Links everybody anew and says what came of it. */
export async function linkIndex(options: object): Promise<number> {
  const { threads, json, model } = readArguments(inputSchema, options, ARGUMENTS)
  const asked = await readModelFile(model)
  const config = readHubConfig()
  await using database = await openMigratedDatabase(config, 'tsunagi_hub', ['shared', 'hub'])
  const context = { db: database.db, now: () => new Date(), log: openLog(config.LOG_LEVEL) }
  using progress = openProgress('index link')
  const started = performance.now()
  const linked = await linkEverybody(context, {
    threads,
    model: asked,
    onStep: (step, done) => progress.say(done, step),
  })
  const seconds = (performance.now() - started) / 1000
  progress.end()
  process.stdout.write(json ? `${JSON.stringify({ ...linked, seconds })}\n` : said(linked, seconds))
  return 0
}

/** A file that `index estimate` wrote, or the word `built-in`. Throws UsageError with the places that are wrong. */
async function readModelFile(file: string | undefined): Promise<AskedModel | undefined> {
  if (file === undefined || file === 'built-in') return file
  const text = await withNamedFile(() => readFileSync(file, 'utf8'), file)
  const parsed = modelSchema.safeParse(parsedJson(text))
  if (parsed.success) return parsed.data
  const places = [...new Set(parsed.error.issues.map(({ path }) => path.join('.') || '(root)'))].slice(0, 5)
  throw new UsageError(
    `${file}: モデルのファイルではありません。index estimate が書いたファイルか built-in を指定してください。 Not a model; give a file that index estimate wrote, or built-in. Look at: ${places.join(', ')}`,
  )
}

function said(linked: LinkedEverybody, seconds: number): string {
  const { registrations, clusters, linked: together, possible, crowded, moved, passes } = linked
  const capped = passes.filter(({ cappedBlocks }) => cappedBlocks > 0)
  return [
    `登録 registrations ${registrations}、人 persons ${clusters}、誰かと連結 linked with another ${together}、変更 moved ${moved}`,
    `判断待ち pairs that wait for a person ${possible}、多すぎて判断しない too many to decide about ${crowded}`,
    ...capped.map(
      ({ pass, cappedBlocks, cappedRegistrations }) =>
        `  ${pass}: 大きすぎて比べなかった組 blocks too large to compare ${cappedBlocks} (${cappedRegistrations})`,
    ),
    `${seconds.toFixed(1)} s`,
    '',
  ].join('\n')
}
