import { spawnSync } from 'node:child_process'
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse'
import { readFieldMap } from '../../src/commands/bulk-arguments.ts'
import { textColumns } from '../../src/identity/bulk/field-map.ts'
import { readRows } from '../../src/identity/bulk/read-rows.ts'
import { type FieldMap, readPatient } from '../../src/identity/index.ts'
import {
  bulkLink,
  columnsBuilder,
  estimateModel,
  GENERAL,
  MODELS,
  readModel,
} from '../../src/identity/linkage/index.ts'
import { machine } from './measure.ts'

export interface Comparison {
  file: string
  map: string
  /** The column that says who is who; only scoring reads it. */
  truth: string
  python: string
}

/** By id, the cluster it was put in. */
type Clusters = ReadonlyMap<string, string>

interface Linked {
  clusters: Clusters
  seconds: number
}

const SYSTEM = 'https://region.example/patient-id'
const SCRIPT = new URL('./link-with-splink.py', import.meta.url).pathname
const RANDOM_PAIRS = 1_000_000

/** The same CSV file linked here and by Splink, each with weights that it estimates from the file: seconds from reading it. */
export async function compareWithSplink({ file, map: mapFile, truth, python }: Comparison): Promise<void> {
  const map = await readFieldMap(mapFile)
  if (map === undefined) throw new Error('Give --map.')
  const people = await truthOf(file, map.id, truth)
  console.log(machine())
  console.log(said('tsunagi', await linkHere(file, map), people))
  const other = linkThere(file, map, python)
  console.log(other === undefined ? 'splink: not installed' : said('splink', other, people))
}

async function linkHere(file: string, map: FieldMap): Promise<Linked> {
  const started = performance.now()
  const builder = columnsBuilder(10_000)
  const ids: string[] = []
  for await (const { text = '' } of readRows(file, map, SYSTEM, 'utf-8')) {
    const { features, patient } = readPatient(text, new Date(), SYSTEM)
    builder.add(features)
    ids.push(patient.identifier?.[0]?.value ?? '')
  }
  const columns = builder.finish()
  const model = await estimateModel(columns, GENERAL.file, { name: 'bench', randomPairs: RANDOM_PAIRS })
  const { cluster } = await bulkLink(columns, { ...MODELS, general: readModel(model) })
  const clusters = new Map(ids.map((id, place) => [id, String(cluster[place])]))
  return { clusters, seconds: (performance.now() - started) / 1000 }
}

/** Undefined where Python or Splink is not installed. */
function linkThere(file: string, map: FieldMap, python: string): Linked | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-splink-'))
  const out = join(folder, 'clusters.csv')
  const { latin, birthDate } = map
  const names = typeof latin === 'string' ? [latin] : [latin?.given, latin?.family]
  const born = typeof birthDate === 'string' ? birthDate : (birthDate?.column ?? '')
  const columns = [names.filter((name) => name !== undefined).join(), born, textColumns(map).join()]
  const run = spawnSync(python, [SCRIPT, file, map.id, ...columns, out], { encoding: 'utf8' })
  try {
    if (run.error !== undefined) return undefined
    if (run.status !== 0) throw new Error(run.stderr)
    const said = JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '') as {
      installed: boolean
      seconds: number
    }
    if (!said.installed) return undefined
    const lines = readFileSync(out, 'utf8').trim().split(/\r?\n/).slice(1)
    const clusters = new Map(lines.map((line) => line.split(',') as [string, string]))
    return { clusters, seconds: said.seconds }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function truthOf(file: string, id: string, truth: string): Promise<Clusters> {
  const people = new Map<string, string>()
  for await (const row of createReadStream(file).pipe(parse({ columns: true, bom: true, trim: true }))) {
    people.set(row[id], row[truth])
  }
  return people
}

function said(name: string, { clusters, seconds }: Linked, people: Clusters): string {
  const pairsIn = (keyOf: (id: string) => string | undefined) => {
    const sizes = new Map<string | undefined, number>()
    for (const id of people.keys()) sizes.set(keyOf(id), (sizes.get(keyOf(id)) ?? 0) + 1)
    return [...sizes.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0)
  }
  const right = pairsIn((id) => `${clusters.get(id)} ${people.get(id)}`)
  const precision = right / pairsIn((id) => clusters.get(id))
  const recall = right / pairsIn((id) => people.get(id))
  const f1 = (2 * precision * recall) / (precision + recall)
  const rate = Math.round(people.size / seconds)
  return `${name}: precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}, F1 ${f1.toFixed(4)}, ${rate} records/s`
}
