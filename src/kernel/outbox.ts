import { inArray, lte, sql } from 'drizzle-orm'
import type { Context } from './context.ts'
import { openDatabase, type Queryable, type Transaction } from './database.ts'
import { outbox } from './outbox-tables.ts'
import { repeatEvery } from './repeat-every.ts'

/** One round's letters, and how long nobody else tries them. */
const ROUND_MAX = 50
const LEASE_MS = 30_000
/** Waits double from a second to five minutes: a recipient that was down for a day is told within minutes. */
const RETRY_MS_MIN = 1_000
const RETRY_MS_MAX = 300_000
const DOUBLINGS_MAX = 20
const KEPT_MS = 7 * 86_400_000

/** What somebody outside is owed. Those of one topic, destination and subject arrive in the order they were posted. */
export interface Letter {
  topic: string
  destination: string
  subject: string
  body: string
}

export interface DueLetter extends Letter {
  id: number
  attempts: number
}

/** Says whether it arrived; false or a throw has it tried again later. */
export type Deliver = (letter: DueLetter) => Promise<boolean>

/** Reads what a round's letters are delivered by, once for all of them. */
export type OpenRound = () => Promise<Deliver>

/** Owes them from the moment the transaction commits. */
export async function postLetters(tx: Transaction, letters: readonly Letter[], at: Date): Promise<void> {
  if (letters.length === 0) return
  await tx.insert(outbox).values(letters.map((letter) => ({ ...letter, createdAt: at, dueAt: at })))
}

/** The oldest letters due, none before an older one of its subject, taken so that no other process tries them. */
async function takeDue(db: Queryable, topic: string, at: Date): Promise<DueLetter[]> {
  const rows = await db.execute<Omit<DueLetter, 'id'> & { id: string }>(sql`
    with due as (
      select id from outbox mine
       where topic = ${topic} and delivered_at is null and due_at <= ${at.toISOString()}::timestamptz
         and not exists (
           select from outbox older
            where older.topic = mine.topic and older.destination = mine.destination
              and older.subject = mine.subject and older.delivered_at is null and older.id < mine.id)
       order by due_at, id limit ${ROUND_MAX} for update skip locked)
    update outbox set due_at = ${new Date(at.getTime() + LEASE_MS).toISOString()}::timestamptz,
           attempts = attempts + 1
      from due where outbox.id = due.id
    returning outbox.id, topic, destination, subject, body, attempts`)
  return rows.map((row) => ({ ...row, id: Number(row.id) })).sort((a, b) => a.id - b.id)
}

/**
 * One round; gives how many letters were tried. What is not delivered waits longer each time. All of them together
 * take a few statements, however many there are, and none while they are on their way.
 */
export async function deliverDue(context: Context, topic: string, open: OpenRound): Promise<number> {
  const letters = await takeDue(context.db, topic, context.now())
  if (letters.length === 0) return 0
  const deliver = await open()
  const arrived = new Set<number>()
  await Promise.all(
    letters.map(async (letter) => {
      if (await tryOne(context, letter, deliver)) arrived.add(letter.id)
    }),
  )
  const left = letters.flatMap(({ id }) => (arrived.has(id) ? [] : [id]))
  if (arrived.size > 0) await markDelivered(context.db, [...arrived], context.now())
  if (left.length > 0) await putOff(context.db, left, context.now())
  return letters.length
}

async function tryOne(context: Context, letter: DueLetter, deliver: Deliver): Promise<boolean> {
  try {
    return await deliver(letter)
  } catch (err) {
    const { topic, destination, attempts } = letter
    context.log.error({ event: 'outbox.not-delivered', topic, destination, attempts, err })
    return false
  }
}

async function markDelivered(db: Queryable, ids: readonly number[], at: Date): Promise<void> {
  await db.update(outbox).set({ deliveredAt: at }).where(inArray(outbox.id, ids))
}

async function putOff(db: Queryable, ids: readonly number[], at: Date): Promise<void> {
  const delayMs = sql`least(${RETRY_MS_MIN}::float8 * power(2, least(attempts - 1, ${DOUBLINGS_MAX}::int)), ${RETRY_MS_MAX}::float8)`
  const dueAt = sql`${at.toISOString()}::timestamptz + ${delayMs} * interval '1 millisecond'`
  await db.update(outbox).set({ dueAt }).where(inArray(outbox.id, ids))
}

/** Forgets what was delivered a week ago. */
export async function forgetDelivered({ db, now }: Pick<Context, 'db' | 'now'>): Promise<void> {
  await db.delete(outbox).where(lte(outbox.deliveredAt, new Date(now().getTime() - KEPT_MS)))
}

/**
 * Delivers for as long as it lives. Nothing it meets stops it: what fails is logged and tried again. It has a
 * connection of its own: letters that nobody takes must not keep queries waiting for one.
 */
export function startDelivering(
  context: Context,
  topic: string,
  open: OpenRound,
  everyMs: number,
): AsyncDisposable {
  const own: Context = { ...context, db: openDatabase(context.db.target, { connectionsMax: 1 }) }
  const rounds = repeatEvery(
    everyMs,
    async () => (await deliverDue(own, topic, open)) === ROUND_MAX,
    (err) => own.log.error({ event: 'outbox.round-failed', topic, err }),
  )
  return {
    async [Symbol.asyncDispose]() {
      await rounds[Symbol.asyncDispose]()
      await own.db[Symbol.asyncDispose]()
    },
  }
}
