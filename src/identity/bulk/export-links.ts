import type { Database } from '../../kernel/database.ts'
import { type LinkPlace, listLinks, listPossibleLinks } from './store.ts'

const ROWS = 20_000

/** Who is held to be one person: a line per registration, in the order of region and id, all of one moment. */
export function exportLinks(db: Database, write: (line: string) => Promise<void>): Promise<number> {
  return db.transaction(
    async (tx) => {
      await write('region,local_id,person')
      let count = 0
      let after: LinkPlace | undefined
      for (;;) {
        const rows = await listLinks(tx, after, ROWS)
        for (const { region, localId, person } of rows) await write(csvLine([region, localId, person]))
        count += rows.length
        after = rows.at(-1)
        if (rows.length < ROWS) return count
      }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}

/**
 * The pairs that wait for a person: a line each, first the registration in whose item of the review queue the pair
 * stands, with the rule that would join them and what keeps them apart.
 */
export async function exportPossible(db: Database, write: (line: string) => Promise<void>): Promise<number> {
  const rows = await listPossibleLinks(db)
  await write('region_a,local_id_a,region_b,local_id_b,rule,vetoes')
  for (const row of rows) {
    const [a, b] = [
      [row.regionA, row.localIdA],
      [row.regionB, row.localIdB],
    ] as const
    const ends = row.item === 'a' ? [a, b] : [b, a]
    await write(csvLine([...ends.flat(), row.rule ?? '', row.vetoes.join(' ')]))
  }
  return rows.length
}

/** RFC 4180. */
function csvLine(fields: readonly string[]): string {
  return fields
    .map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',')
}
