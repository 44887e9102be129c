import { recordAudit } from '../../audit/index.ts'
import type { Context } from '../../kernel/context.ts'
import { isKeyTaken, type Transaction } from '../../kernel/database.ts'
import { HubError } from '../../kernel/hub-error.ts'
import { feedRegistration } from '../feed-registration.ts'
import { readPatient } from '../read-patient.ts'
import { lockPatientIds } from '../store.ts'
import type { EncodedLines, RefusedLine, Sender } from './encode-records.ts'
import { localIdInRow, sourceInRow } from './registration-rows.ts'
import { copyNew, findKnown, insertRefusals, type LoadRow, putLoad } from './store.ts'

/** Some lines' records with the last line of all: what is behind the last record was left out. */
export interface Batch {
  encoded: EncodedLines
  last: number
}

/** Records by their places, and the last line that goes with them. */
interface Part {
  from: number
  to: number
  last: number
}

/** Feeding holds two locks a record until the end of its transaction. */
const FED_MAX = 1_000

/** Keeps what a batch says, in as few transactions as can be, and gives how far the load has come. */
export async function keepBatch(
  context: Context,
  sender: Sender,
  load: LoadRow,
  { encoded, last }: Batch,
): Promise<LoadRow> {
  const parts: Part[] = [{ from: 0, to: encoded.count, last }]
  let kept = load
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const next = await keepPart(context, sender, kept, encoded, part)
    if (next === undefined) parts.push(...halves(encoded, part).reverse())
    else kept = next
  }
  return kept
}

/** How much more storing a record takes than finding out whether it is new. */
const LOOKS = 10

/**
 * As long as a file has brought hardly anybody but new residents, many more are taken for new too: PostgreSQL refuses
 * them all if one is not, and looking each up takes as long as writing one of its keys.
 */
async function keepPart(...[context, sender, load, encoded, part]: Work): Promise<LoadRow | undefined> {
  const look = (tx: Transaction) => knownOf(tx, sender.region, encoded, part)
  const records = part.to - part.from
  if ((load.changed + load.unchanged) * records * LOOKS > load.created || records <= FED_MAX)
    return keepKnowing(look, context, sender, load, encoded, part)
  try {
    return await keepKnowing(noneOf(sender.region), context, sender, load, encoded, part)
  } catch (error) {
    if (!isKeyTaken(error)) throw error
    return keepKnowing(look, context, sender, load, encoded, part)
  }
}

function halves({ lines }: EncodedLines, { from, to, last }: Part): [Part, Part] {
  const middle = (from + to) >>> 1
  return [
    { from, to: middle, last: (lines[middle] as number) - 1 },
    { from: middle, to, last },
  ]
}

type Work = [context: Context, sender: Sender, load: LoadRow, encoded: EncodedLines, part: Part]

/**
 * What these records say, how far the load has come and its line in the log: one transaction. Undefined, and nothing
 * is kept, where too many of them have to be fed.
 */
function keepKnowing(
  known: (tx: Transaction) => Promise<Set<string>>,
  ...[context, sender, load, encoded, part]: Work
): Promise<LoadRow | undefined> {
  const at = context.now()
  return context.db.transaction(async (tx) => {
    const { fresh, others } = partedBy(await known(tx), encoded, part)
    if (others.length > FED_MAX) return undefined
    await copyNew(tx, encoded, fresh)
    const fed = await feedAll(tx, sender, encoded, others, at)
    const isOfPart = ({ line }: RefusedLine) => line > load.line && line <= part.last
    const left = [...encoded.refused.filter(isOfPart), ...fed.refused]
    await insertRefusals(tx, load, left)
    const next: LoadRow = {
      ...load,
      line: part.last,
      created: load.created + fresh.length + fed.created,
      changed: load.changed + fed.changed,
      unchanged: load.unchanged + fed.unchanged,
      refused: load.refused + left.length,
    }
    await putLoad(tx, next)
    await recordAudit(tx, {
      kind: 'registration.load',
      at,
      detail: {
        ...{ region: sender.region, file: load.digest, from: load.line + 1, to: part.last },
        ...{ created: fresh.length + fed.created, changed: fed.changed, refused: left.length },
      },
    })
    return next
  })
}

/** As if the region had none of the ids; until the transaction ends nobody else makes one. */
function noneOf(region: string) {
  return async (tx: Transaction): Promise<Set<string>> => {
    await lockPatientIds(tx, region)
    return new Set()
  }
}

/** Which of the ids the region has; unless it has them all, nobody else may make one until the transaction ends. */
async function knownOf(
  tx: Transaction,
  region: string,
  encoded: EncodedLines,
  { from, to }: Part,
): Promise<Set<string>> {
  const localIds = Array.from({ length: to - from }, (_, at) => localIdInRow(rowAt(encoded, from + at)))
  if (localIds.length <= FED_MAX) {
    const known = await findKnown(tx, region, localIds)
    if (localIds.every((localId) => known.has(localId))) return known
  }
  await lockPatientIds(tx, region)
  return findKnown(tx, region, localIds)
}

/** Of each new id the first record is `fresh`, unless it says that it was replaced. */
function partedBy(
  known: ReadonlySet<string>,
  encoded: EncodedLines,
  { from, to }: Part,
): { fresh: number[]; others: number[] } {
  const isFed = new Set(encoded.fed)
  const [fresh, others]: [number[], number[]] = [[], []]
  for (let place = from; place < to; place++) {
    const isOther = isFed.has(place) || (known.size > 0 && known.has(localIdInRow(rowAt(encoded, place))))
    ;(isOther ? others : fresh).push(place)
  }
  return { fresh, others }
}

function rowAt({ rows, ends }: EncodedLines, place: number): Uint8Array {
  return rows.subarray(place === 0 ? 0 : ends[place - 1], ends[place])
}

/** Those that are known already, stand twice in the file or were merged: as if fed one after another. */
async function feedAll(
  tx: Transaction,
  { region, patientSystem }: Sender,
  encoded: EncodedLines,
  places: readonly number[],
  at: Date,
): Promise<{ created: number; changed: number; unchanged: number; refused: RefusedLine[] }> {
  const outcome = { created: 0, changed: 0, unchanged: 0, refused: [] as RefusedLine[] }
  for (const place of places) {
    try {
      const row = rowAt(encoded, place)
      const read = readPatient(sourceInRow(row), at, patientSystem)
      const fed = await tx.transaction((inner) =>
        feedRegistration(inner, { region, patientSystem }, localIdInRow(row), read, at),
      )
      outcome[fed.outcome === 'updated' ? 'changed' : fed.outcome] += 1
    } catch (error) {
      if (!(error instanceof HubError) || error.kind === 'unavailable') throw error
      outcome.refused.push({ line: encoded.lines[place] as number, code: error.code, place: error.at })
    }
  }
  return outcome
}
