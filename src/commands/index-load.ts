import { z } from 'zod'
import { readHubConfig } from '../config.ts'
import { tokyoDate } from '../consent/index.ts'
import { type LoadRow, listRefusals, loadFile, senderOf } from '../identity/index.ts'
import type { Database } from '../kernel/database.ts'
import { openLog } from '../kernel/events.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { BULK_ARGUMENTS, bulkArguments, readFieldMap } from './bulk-arguments.ts'
import { openProgress } from './progress.ts'
import { readArguments, withNamedFile } from './usage-error.ts'

const inputSchema = z.strictObject({ ...bulkArguments, restart: z.boolean().default(false) })

const REFUSALS_SHOWN = 20
const REFUSALS_MAX = 1_000_000

/** Loads a region's residents from files; exit code 1 where lines were left out. */
export async function loadIndex(files: string[], options: object): Promise<number> {
  const asked = readArguments(inputSchema, { files, ...options }, BULK_ARGUMENTS)
  const map = await readFieldMap(asked.map)
  const config = readHubConfig()
  await using database = await openMigratedDatabase(config, 'tsunagi_hub', ['shared', 'hub'])
  const context = { db: database.db, now: () => new Date(), log: openLog(config.LOG_LEVEL) }
  const sender = await senderOf(database.db, asked.region)
  let refused = 0
  for (const file of asked.files) {
    using progress = openProgress(file)
    const onProgress = (load: LoadRow) => progress.say(load.line, `除外 left out ${load.refused}`)
    const { encoding, restart } = asked
    const startedAt = context.now()
    const load = await withNamedFile(() =>
      loadFile(context, { file, sender, map, encoding, restart, onProgress }),
    )
    progress.end()
    refused += load.refused
    const loadedBefore = load.endedAt !== null && load.endedAt < startedAt ? load.endedAt : undefined
    await report(database.db, load, { loadedBefore, isJson: asked.json })
  }
  return refused === 0 ? 0 : 1
}

/** What came of the file: now, or when it was loaded whole before, in which case nothing was read of it. */
async function report(
  db: Database,
  load: LoadRow,
  { loadedBefore, isJson }: { loadedBefore: Date | undefined; isJson: boolean },
): Promise<void> {
  const { region, file, digest, line, created, changed, unchanged } = load
  const refused = await listRefusals(db, load, isJson ? REFUSALS_MAX : REFUSALS_SHOWN)
  if (isJson) {
    const counts = { lines: line, created, changed, unchanged, refused }
    const summary = { region, file, digest, ...counts, loadedBefore: loadedBefore?.toISOString() }
    process.stdout.write(`${JSON.stringify(summary)}\n`)
    return
  }
  if (loadedBefore !== undefined) {
    process.stdout.write(
      `${file}: ${tokyoDate(loadedBefore)} に読み込み済みで、今回は読んでいません（もう一度読むには --restart）。以下はそのときの結果です。 Loaded already on that day and not read again (--restart reads it); what follows is what came of it then.\n`,
    )
  }
  process.stdout.write(
    `${file}: 新規 new ${created}、変更 changed ${changed}、変更なし unchanged ${unchanged}、除外 left out ${load.refused}\n`,
  )
  for (const { line, code, place } of refused)
    process.stdout.write(`  ${line}行目 line ${line}: ${code}${place === undefined ? '' : ` (${place})`}\n`)
  if (load.refused > refused.length) process.stdout.write('  … --json で全件 all of them with --json\n')
}
