import { openNumbering } from './numbering.ts'
import { columnsOf, readCsv } from './read-csv.ts'
import type { Truth } from './truth.ts'

/** Which cluster each record is in, 0 for none; and how many rows named no record of the truth. */
export function readLinks(
  file: string,
  truth: Truth,
): { cluster: Int32Array; clusters: number; unknown: number } {
  const rows = readCsv(file)
  const header = rows.next().value ?? []
  const [id = 0, person = 0] = columnsOf(header, ['local_id', 'person'], file)
  const region = header.indexOf('region')
  const cluster = new Int32Array(truth.records)
  const clusters = openNumbering()
  let unknown = 0
  for (const row of rows) {
    const record = truth.find(row[region] ?? '', row[id] ?? '')
    if (record === undefined) unknown++
    else cluster[record] = clusters.numberOf(row[person] ?? '')
  }
  return { cluster, clusters: clusters.count(), unknown }
}

/** The pairs put before a person; an item is one record with all it may belong to. */
export function readReview(
  file: string,
  truth: Truth,
): { pairs: [number, number][]; items: number; unknown: number } {
  const rows = readCsv(file)
  const header = rows.next().value ?? []
  const wanted = ['region_a', 'local_id_a', 'region_b', 'local_id_b']
  const [regionA = 0, idA = 0, regionB = 0, idB = 0] = columnsOf(header, wanted, file)
  const pairs: [number, number][] = []
  const items = new Set<string>()
  let unknown = 0
  for (const row of rows) {
    items.add(`${row[regionA]} ${row[idA]}`)
    const one = truth.find(row[regionA] ?? '', row[idA] ?? '')
    const other = truth.find(row[regionB] ?? '', row[idB] ?? '')
    if (one === undefined || other === undefined) unknown++
    else pairs.push([one, other])
  }
  return { pairs, items: items.size, unknown }
}
