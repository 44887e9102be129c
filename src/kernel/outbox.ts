import { setTimeout as wait } from 'node:timers/promises'
import { and, eq, lte, sql } from 'drizzle-orm'
import type { Context } from './context.ts'
import type { Queryable, Transaction } from './database.ts'
import { outbox } from './outbox-tables.ts'

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

/** One round; gives how many letters were tried. What is not delivered waits longer each time. */
export async function deliverDue(context: Context, topic: string, deliver: Deliver): Promise<number> {
  const letters = await takeDue(context.db, topic, context.now())
  await Promise.all(letters.map((letter) => deliverOne(context, letter, deliver)))
  return letters.length
}

async function deliverOne(context: Context, letter: DueLetter, deliver: Deliver): Promise<void> {
  const { id, attempts, topic, destination } = letter
  let hasArrived = false
  try {
    hasArrived = await deliver(letter)
  } catch (err) {
    context.log.error({ event: 'outbox.not-delivered', topic, destination, attempts, err })
  }
  const now = context.now()
  const delay = Math.min(RETRY_MS_MIN * 2 ** Math.min(attempts - 1, DOUBLINGS_MAX), RETRY_MS_MAX)
  const change = hasArrived ? { deliveredAt: now } : { dueAt: new Date(now.getTime() + delay) }
  await context.db.update(outbox).set(change).where(eq(outbox.id, id))
}

async function forgetDelivered(context: Context, topic: string): Promise<void> {
  const before = new Date(context.now().getTime() - KEPT_MS)
  await context.db.delete(outbox).where(and(eq(outbox.topic, topic), lte(outbox.deliveredAt, before)))
}

/** Delivers for as long as it lives. Nothing it meets stops it: what fails is logged and tried again. */
export function startDelivering(
  context: Context,
  topic: string,
  deliver: Deliver,
  everyMs: number,
): AsyncDisposable {
  const stop = new AbortController()
  const running = run(context, topic, deliver, everyMs, stop.signal)
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}

async function run(
  context: Context,
  topic: string,
  deliver: Deliver,
  everyMs: number,
  stop: AbortSignal,
): Promise<void> {
  await forgetDelivered(context, topic).catch((err: unknown) =>
    context.log.warn({ event: 'outbox.not-tidied', topic, err }),
  )
  while (!stop.aborted) {
    let tried = 0
    try {
      tried = await deliverDue(context, topic, deliver)
    } catch (err) {
      context.log.error({ event: 'outbox.round-failed', topic, err })
    }
    if (tried < ROUND_MAX) await wait(everyMs, undefined, { signal: stop, ref: false }).catch(() => {})
  }
}
