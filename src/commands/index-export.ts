import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { z } from 'zod'
import { readHubConfig } from '../config.ts'
import { exportLinks, exportPossible } from '../identity/index.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { openProgress } from './progress.ts'
import { UsageError, withNamedFile } from './usage-error.ts'

const inputSchema = z.strictObject({
  links: z.string().min(1).optional(),
  possible: z.string().min(1).optional(),
  json: z.boolean().default(false),
})

/** Writes who is held to be one person, and the pairs that wait for a decision, as CSV. Existing files are kept. */
export async function exportIndex(options: object): Promise<number> {
  const { links, possible, json } = inputSchema.parse(options)
  if (links === undefined && possible === undefined)
    throw new UsageError('--links か --possible を指定してください。 Give --links FILE or --possible FILE.')
  await using database = await openMigratedDatabase(readHubConfig(), 'tsunagi_hub', ['shared', 'hub'])
  const { db } = database
  const linked = links && (await written(links, (write) => exportLinks(db, write)))
  const waiting = possible && (await written(possible, (write) => exportPossible(db, write)))
  if (json) process.stdout.write(`${JSON.stringify({ links: linked ?? null, possible: waiting ?? null })}\n`)
  return 0
}

async function written(
  file: string,
  work: (write: (line: string) => Promise<void>) => Promise<number>,
): Promise<number> {
  const out = createWriteStream(file, { flags: 'wx', mode: 0o600, highWaterMark: 1 << 20 })
  await withNamedFile(() => once(out, 'open'))
  using progress = openProgress(file)
  let lines = 0
  const count = await work(async (line) => {
    lines += 1
    if (lines % 10_000 === 0) progress.say(lines)
    if (!out.write(`${line}\n`)) await once(out, 'drain')
  })
  out.end()
  await once(out, 'close')
  progress.say(count)
  progress.end()
  return count
}
