import { openNumbering } from './numbering.ts'
import { columnsOf, readCsv } from './read-csv.ts'

/** What is only compared between records; 0 where nothing is told. */
const COMPARED = ['household', 'twin', 'reading', 'address', 'insured'] as const
/** What is read; few different texts. */
const READ = ['role', 'sound', 'name', 'causes'] as const

/** The records of the truth by number, and what is told of each; empty for sets that tell no more than the person. */
export interface Truth {
  records: number
  person: number[]
  persons: number
  compared: Record<(typeof COMPARED)[number], number[]>
  read: Record<(typeof READ)[number], string[]>
  /** Region and local id. */
  keyOf(record: number): string
  /** Undefined for a key that isn't in the truth, or that stands for two persons. */
  find(region: string, localId: string): number | undefined
  /** Records left out because their id was given to two persons. */
  reusedIds: number
}

/** Reads the truth; where the file has no column `region`, ids are taken to be unique in it. */
export function readTruth(file: string, idColumn: string, clusterColumn: string): Truth {
  const rows = readCsv(file)
  const header = rows.next().value ?? []
  const [id = 0, cluster = 0] = columnsOf(header, [idColumn, clusterColumn], file)
  const region = header.indexOf('region')
  const placeOf = (name: string) => (name === clusterColumn ? -1 : header.indexOf(name))
  const compared = COMPARED.map((name) => ({
    at: placeOf(name),
    of: openNumbering(),
    column: [] as number[],
  }))
  const read = READ.map((name) => ({
    at: placeOf(name),
    of: new Map<string, string>(),
    column: [] as string[],
  }))
  const joined = (inRegion: string, localId: string) => (region < 0 ? localId : `${inRegion} ${localId}`)
  const persons = openNumbering()
  const keys = openNumbering()
  const regions: string[] = []
  const localIds: string[] = []
  const person: number[] = []
  const reused = new Set<number>()
  const regionNames = new Map<string, string>()
  for (const row of rows) {
    const inRegion = once(regionNames, row[region] ?? '')
    const key = joined(inRegion, row[id] ?? '')
    const who = persons.numberOf(row[cluster] ?? '')
    const known = keys.find(key)
    if (known !== undefined) {
      if (person[known - 1] !== who) reused.add(known - 1)
      continue
    }
    keys.numberOf(key)
    regions.push(inRegion)
    localIds.push(row[id] ?? '')
    person.push(who)
    for (const { at, of, column } of compared) column.push(of.numberOf(row[at] ?? ''))
    for (const { at, of, column } of read) column.push(once(of, row[at] ?? ''))
  }
  for (const record of reused) person[record] = persons.numberOf(`left out ${record}`)
  return {
    records: person.length,
    person,
    persons: persons.count(),
    compared: Object.fromEntries(
      COMPARED.map((name, place) => [name, compared[place]?.column]),
    ) as Truth['compared'],
    read: Object.fromEntries(READ.map((name, place) => [name, read[place]?.column])) as Truth['read'],
    keyOf: (record) => joined(regions[record] ?? '', localIds[record] ?? ''),
    find(inRegion, localId) {
      const number = keys.find(joined(inRegion, localId))
      return number === undefined || reused.has(number - 1) ? undefined : number - 1
    },
    reusedIds: reused.size,
  }
}

/** One and the same string for equal texts, so that a piece of the file isn't kept for each. */
function once(known: Map<string, string>, text: string): string {
  const kept = known.get(text)
  if (kept !== undefined) return kept
  known.set(text, text)
  return text
}
