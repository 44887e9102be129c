import type { Database } from '../../kernel/database.ts'
import { HubError } from '../../kernel/hub-error.ts'
import { refuse } from '../../vocabulary/index.ts'
import {
  type Columns,
  columnsBuilder,
  columnsOfKind,
  estimateModel,
  type Kind,
  MODELS,
  type ModelFile,
  readModel,
} from '../linkage/index.ts'
import { readPatient } from '../read-patient.ts'
import type { Sender } from './encode-records.ts'
import type { FieldMap } from './field-map.ts'
import { readLines } from './read-lines.ts'
import { type Encoding, readRows } from './read-rows.ts'
import { readRegistered } from './registered.ts'

export interface EstimateOrder {
  /** Files of a region, of which nothing is kept; else everybody who is loaded and not synthetic. */
  from?: { files: string[]; sender: Sender; map: FieldMap | undefined; encoding: Encoding } | undefined
  /** Needed where both kinds are loaded. */
  kind?: Kind | undefined
  name: string
  /** Registrations that the model is for, where these are a sample. */
  registrations?: number | undefined
  randomPairs?: number | undefined
  seed?: number | undefined
  onStep?: (step: string, done: number) => void
}

export interface Estimated {
  id: string
  file: ModelFile
  records: number
}

const THREADS = 2

/** A model whose weights come from registrations without knowing who is who. Throws `estimate-empty`. */
export async function estimateFrom(db: Database, order: EstimateOrder, at: Date): Promise<Estimated> {
  const { name, registrations, randomPairs, seed, onStep = () => {} } = order
  const onRead = (done: number) => onStep('read', done)
  const all =
    order.from === undefined
      ? (
          await db.transaction((tx) =>
            readRegistered(tx, { target: db.target, threads: THREADS, onProgress: onRead }),
          )
        ).columns
      : await columnsOfFiles(order.from, at, onRead)
  const kind = order.kind ?? (all.hasGeneral ? 'general' : 'residents')
  const columns = columnsOfKind(all, kind, { isReal: order.from === undefined })
  if (columns.count < 2) throw refuse('estimate-empty')
  onStep('estimate', columns.count)
  const file = await estimateModel(columns, MODELS[kind].file, { name, registrations, randomPairs, seed })
  return { id: readModel(file).id, file, records: columns.count }
}

/** What is refused of a file is left out here as it is when the file is loaded. */
async function columnsOfFiles(
  { files, sender, map, encoding }: NonNullable<EstimateOrder['from']>,
  at: Date,
  onRead: (done: number) => void,
): Promise<Columns> {
  const builder = columnsBuilder(10_000)
  for (const file of files) {
    const lines = map === undefined ? readLines(file) : readRows(file, map, sender.patientSystem, encoding)
    for await (const { text } of lines) {
      if (text === undefined) continue
      try {
        const { features, isActive } = readPatient(text, at, sender.patientSystem)
        if (isActive) builder.add(features)
      } catch (error) {
        if (!(error instanceof HubError)) throw error
      }
      if (builder.count() % 10_000 === 0) onRead(builder.count())
    }
  }
  return builder.finish()
}
