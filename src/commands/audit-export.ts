import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { exportLog, logSigner } from '../audit/index.ts'
import { readHubConfig } from '../config.ts'
import { readHubKeys } from '../hub.ts'
import { openMigratedDatabase } from '../open-database.ts'

/** Writes the hub's sealed log to a file, which `audit verify` checks anywhere. */
export async function exportAudit(file: string): Promise<number> {
  const config = readHubConfig()
  const publicUrl = config.PUBLIC_URL ?? `http://${config.HTTP_HOST}:${config.HTTP_PORT}`
  const { checkpoint } = await readHubKeys(config)
  await using database = await openMigratedDatabase(config, 'tsunagi_hub', ['shared', 'hub'])
  const out = createWriteStream(file, { flags: 'wx', mode: 0o600 })
  await once(out, 'open')
  const size = await exportLog(database.db, logSigner(new URL(publicUrl).host, checkpoint), async (line) => {
    if (!out.write(`${line}\n`)) await once(out, 'drain')
  })
  out.end()
  await once(out, 'close')
  process.stderr.write(`${size} 件を書き出しました。 ${size} entries written to ${file}.\n`)
  return 0
}
