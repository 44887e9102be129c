import type { Queryable } from '../kernel/database.ts'
import { openCheckpoint } from './checkpoint.ts'
import { writeExportLine } from './export-format.ts'
import type { LogIdentity } from './signed-note.ts'
import { findCheckpointWithin, findEntries, findLatestCheckpoint } from './store.ts'

const PAGE = 1_000

/**
 * Writes the whole log as lines, up to the checkpoint that is the latest when it begins; rows written meanwhile
 * are not waited for. In each page stands the last checkpoint signed within it: a change is narrowed down to
 * a page even where it hides from the leaves. Says how many entries were written.
 */
export async function exportLog(
  db: Queryable,
  log: LogIdentity,
  write: (line: string) => Promise<void> | void,
): Promise<number> {
  const publicKey = Buffer.from(log.publicKey).toString('base64url')
  const header = { format: 'tsunagi-audit@v1' as const, origin: log.origin, publicKey }
  await write(writeExportLine(header))
  const latest = await findLatestCheckpoint(db)
  if (latest === undefined) return 0
  for (let start = 0; start < latest.size; start += PAGE) {
    const page = { start, end: Math.min(start + PAGE, latest.size) }
    const note = await findCheckpointWithin(db, page)
    const signed = note === undefined ? undefined : openCheckpoint(note, log)?.size
    for (const entry of await findEntries(db, page)) {
      await write(writeExportLine(entry))
      if (note !== undefined && signed === entry.index + 1 && signed < latest.size) {
        await write(writeExportLine({ checkpoint: note }))
      }
    }
  }
  await write(writeExportLine({ checkpoint: latest.note }))
  return latest.size
}
