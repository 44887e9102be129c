import { z } from 'zod'
import { readHubConfig } from '../config.ts'
import {
  countReview,
  type Deciding,
  explainWaiting,
  keepApart,
  listReview,
  mergePersons,
  type PatientId,
  splitPerson,
  undoDecision,
  VETO_WORDS,
} from '../identity/index.ts'
import type { Database, Transaction } from '../kernel/database.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { regionIdSchema } from '../trust/index.ts'
import { nameOf, readRegistration } from './index-arguments.ts'
import { explanationLines } from './index-explain.ts'
import { readArguments, UsageError } from './usage-error.ts'

async function withDatabase<T>(work: (db: Database) => Promise<T>): Promise<T> {
  await using database = await openMigratedDatabase(readHubConfig(), 'tsunagi_hub', ['shared', 'hub'])
  return await work(database.db)
}

const listSchema = z.strictObject({
  region: regionIdSchema,
  state: z.enum(['open', 'unsure', 'asked', 'second']).optional(),
  reason: z.string().max(20).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(20),
  json: z.boolean().optional(),
})

const ARGUMENTS = {
  region: { name: '--region', ja: '地域ID。', en: 'A region’s id.' },
  state: {
    name: '--state',
    ja: 'open、unsure、asked、second のどれか。',
    en: 'One of open, unsure, asked, second.',
  },
  reason: { name: '--reason', ja: '理由の記号（例 V6）。', en: 'A reason, such as V6.' },
  limit: { name: '--limit', ja: '1〜1000。', en: '1–1000.' },
  by: { name: '--by', ja: '判断した担当者。', en: 'Who decided.' },
  second: { name: '--second', ja: '確認した別の担当者。', en: 'Who confirmed it, somebody else.' },
}

/** What waits for a region's clerks: ids, reasons and needs, never a value. */
export function listIndexReview(options: object): Promise<number> {
  const { region, state, reason, limit, json } = readArguments(listSchema, options, ARGUMENTS)
  return withDatabase(async (db) => {
    const items = await listReview(db, region, { state, reason, limit })
    for (const item of items) {
      const { localId, candidates, reasons, queries, consents, since } = item
      const line =
        json === true
          ? JSON.stringify({ patient: nameOf({ region, localId }), ...item })
          : `${nameOf({ region, localId })}  候補 ${candidates}  ${reasons.join(' ')}  照会 ${queries}・同意 ${consents}  ${since.toISOString().slice(0, 10)} ${item.state}`
      process.stdout.write(`${line}\n`)
    }
    process.stderr.write(`${items.length} 件。 ${items.length} items.\n`)
    return 0
  })
}

/** Whom a registration may be the same as, and why it waits: ids, levels and bits, never a value. */
export function showIndexReview(registration: string, options: { json?: boolean }): Promise<number> {
  const id = readRegistration(registration)
  return withDatabase(async (db) => {
    for (const candidate of await explainWaiting(db, id)) {
      const { since, explained } = candidate
      const names = { patient: nameOf(id), candidate: nameOf(candidate.registration) }
      const lines =
        options.json === true
          ? [JSON.stringify({ ...names, since, ...explained })]
          : [
              `${names.patient} – ${names.candidate}  ${since.toISOString().slice(0, 10)}`,
              ...explanationLines(explained),
            ]
      process.stdout.write(`${lines.join('\n')}\n`)
    }
    return 0
  })
}

/** How much waits, for each reason, by how long. */
export function countIndexReview(options: { region?: string; json?: boolean }): Promise<number> {
  return withDatabase(async (db) => {
    const counts = await countReview(db, options.region ?? null, new Date())
    if (options.json === true) process.stdout.write(`${JSON.stringify(counts)}\n`)
    else {
      if (counts.length === 0) process.stdout.write('確認待ちはありません。 Nothing waits.\n')
      for (const { reason, day, week, month, older } of counts) {
        const word = VETO_WORDS[reason as keyof typeof VETO_WORDS] ?? ''
        process.stdout.write(
          `${reason.padEnd(8)} 1日以内 ${day}  7日以内 ${week}  30日以内 ${month}  それ以上 ${older}  ${word}\n`,
        )
      }
    }
    return 0
  })
}

const settleSchema = z.strictObject({
  same: z.array(z.string()).optional(),
  different: z.array(z.string()).optional(),
  split: z.boolean().optional(),
  by: z.string().min(1).max(100),
  second: z.string().min(1).max(100).optional(),
  reason: z.string().min(1).max(200),
  json: z.boolean().optional(),
})

const SETTLE_ARGUMENTS = {
  ...ARGUMENTS,
  reason: { name: '--reason', ja: '判断の理由、200文字まで。', en: 'Why, in at most 200 characters.' },
}

/** Decides about a registration in a clerk's name: the same as others, different from them, or not its person. */
export function settleIndexReview(registration: string, options: object): Promise<number> {
  const asked = readArguments(settleSchema, options, SETTLE_ARGUMENTS)
  const id = readRegistration(registration)
  const [same, different] = [asked.same ?? [], asked.different ?? []].map((each) =>
    each.map(readRegistration),
  ) as [PatientId[], PatientId[]]
  const kinds = [same.length > 0, different.length > 0, asked.split === true].filter(Boolean)
  if (kinds.length !== 1) {
    throw new UsageError(
      '--same、--different、--split のどれか一つを指定してください。 Give one of --same, --different and --split.',
    )
  }
  return decide(id.region, asked, (tx, deciding) => {
    if (same.length > 0) return mergePersons(tx, [id, ...same], deciding)
    return different.length > 0 ? keepApart(tx, id, different, deciding) : splitPerson(tx, [id], deciding)
  })
}

const undoSchema = settleSchema
  .omit({ same: true, different: true, split: true })
  .extend({ region: regionIdSchema })

/** Takes a decision back. */
export function undoIndexReview(decision: string, options: object): Promise<number> {
  const asked = readArguments(undoSchema, options, SETTLE_ARGUMENTS)
  if (!/^[1-9]\d{0,14}$/.test(decision)) {
    throw new UsageError('判断の番号を指定してください。 Give the number of a decision.')
  }
  return decide(asked.region, asked, (tx, deciding) => undoDecision(tx, Number(decision), deciding))
}

async function decide(
  region: string,
  asked: { by: string; second?: string | undefined; reason: string; json?: boolean | undefined },
  work: (tx: Transaction, deciding: Deciding) => Promise<{ id: number; persons: string[] }>,
): Promise<number> {
  const { by, second, reason, json } = asked
  const at = new Date()
  const deciding = {
    ...{ by: { region, clerk: by }, reason, at },
    second: second === undefined ? undefined : { region, clerk: second },
  }
  const { id, persons } = await withDatabase((db) => db.transaction((tx) => work(tx, deciding)))
  if (json === true) process.stdout.write(`${JSON.stringify({ decision: id, persons: persons.length })}\n`)
  else {
    process.stderr.write(
      `判断 ${id} を記録しました。本人 ${persons.length} 名に関わります。 Decision ${id} is on record; it concerns ${persons.length} persons.\n`,
    )
  }
  return 0
}
