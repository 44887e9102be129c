import { once } from 'node:events'
import { createWriteStream, rmSync } from 'node:fs'
import { exportLog, logSigner } from '../audit/index.ts'
import { hubUrlOf, readHubConfig } from '../config.ts'
import { readHubKeys } from '../hub.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { withNamedFile } from './usage-error.ts'

/** The header and a checkpoint: the log of a hub that never ran has none, and would read as cut off. */
const LINES_MIN = 2

/** Writes the hub's sealed log to a file, which `audit verify` checks anywhere. */
export async function exportAudit(file: string): Promise<number> {
  const config = readHubConfig()
  const { checkpoint } = await readHubKeys(config)
  await using database = await openMigratedDatabase(config, 'tsunagi_hub', ['shared', 'hub'])
  const out = createWriteStream(file, { flags: 'wx', mode: 0o600 })
  await withNamedFile(() => once(out, 'open'))
  let lines = 0
  const size = await exportLog(
    database.db,
    logSigner(new URL(hubUrlOf(config)).host, checkpoint),
    async (line) => {
      lines += 1
      if (!out.write(`${line}\n`)) await once(out, 'drain')
    },
  )
  out.end()
  await once(out, 'close')
  if (lines < LINES_MIN) {
    rmSync(file)
    process.stderr.write(
      'まだ何も封印されていません。ハブを一度起動してください。 Nothing is sealed yet: start the hub once.\n',
    )
    return 5
  }
  process.stderr.write(`${size} 件を書き出しました。 ${size} entries written to ${file}.\n`)
  return 0
}
