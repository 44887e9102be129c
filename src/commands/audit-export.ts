import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { exportLog, latestCheckpoint, logSigner, openCheckpoint } from '../audit/index.ts'
import { hubUrlOf, readHubConfig } from '../config.ts'
import { ConfigError } from '../config-faults.ts'
import { readHubKeys } from '../hub.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { withNamedFile } from './usage-error.ts'

/** Writes the hub's sealed log to a file, which `audit verify` checks anywhere. */
export async function exportAudit(file: string): Promise<number> {
  const config = readHubConfig()
  const { checkpoint } = await readHubKeys(config)
  await using database = await openMigratedDatabase(config, 'tsunagi_hub', ['shared', 'hub'])
  const log = logSigner(new URL(hubUrlOf(config)).host, checkpoint)
  const latest = await latestCheckpoint(database.db)
  if (latest === undefined) {
    process.stderr.write(
      'まだ何も封印されていません。ハブを一度起動してください。 Nothing is sealed yet: start the hub once.\n',
    )
    return 5
  }
  if (openCheckpoint(latest.note, log) === undefined) throw new ConfigError(sealedByAnother(latest.note))
  const out = createWriteStream(file, { flags: 'wx', mode: 0o600 })
  await withNamedFile(() => once(out, 'open'))
  const size = await exportLog(database.db, log, async (line) => {
    if (!out.write(`${line}\n`)) await once(out, 'drain')
  })
  out.end()
  await once(out, 'close')
  process.stderr.write(`${size} 件を書き出しました。 ${size} entries written to ${file}.\n`)
  return 0
}

/** Written all the same, the export would read as forged. */
function sealedByAnother(note: string): string {
  const [name] = note.split('\n', 1)
  return `監査ログは別の名前か鍵で封印されています（名前：${name}）。TSUNAGI_DATA と PUBLIC_URL をハブと同じにしてください。 The log is sealed under another name or key (the name is ${name}): set TSUNAGI_DATA and PUBLIC_URL as the hub has them.`
}
