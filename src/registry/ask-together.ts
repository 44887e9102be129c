import type { AuditEntry } from '../audit/index.ts'
import type { Context } from '../kernel/context.ts'
import { isOutcomeUnknown } from '../kernel/database.ts'
import { takeTurns } from '../kernel/take-turns.ts'
import type { RequestClaims } from '../trust/index.ts'
import { type AskedRow, type Asking, askUsingUp, type Question } from './ask-store.ts'

/** Of one statement: each more takes it a twentieth of a millisecond longer. */
const TOGETHER_MAX = 64
/** Of one region: what waits there for another process holds up nobody else's. */
const STATEMENTS_MAX = 1
/** A fraction of what one takes. */
const GATHER_MS = 2

/** Undefined where the request was used before. */
type Ask<Key, Row> = (asking: Asking<Key>) => Promise<{ rows: Row[] | undefined }>

/** Questions of one kind and region that come while others are asked go to the database together, in one statement and one commit. */
export function askTogether({ db }: Context) {
  // biome-ignore lint/suspicious/noExplicitAny: Each question keeps its own types, which a map of them cannot say.
  const asks = new Map<Question<any, any>, Map<string, Ask<any, any>>>()
  return async <Key, Row extends AskedRow>(
    claims: RequestClaims,
    { question, key, entry }: { question: Question<Key, Row>; key: Key; entry: AuditEntry },
  ): Promise<Row[] | undefined> => {
    const byRegion = asks.get(question) ?? new Map<string, Ask<Key, Row>>()
    asks.set(question, byRegion)
    const ask: Ask<Key, Row> = byRegion.get(claims.iss) ?? openAsk(db, question)
    byRegion.set(claims.iss, ask)
    return (await ask({ claims, key, entry })).rows
  }
}

function openAsk<Key, Row extends AskedRow>(db: Context['db'], question: Question<Key, Row>): Ask<Key, Row> {
  const ask = async (asking: readonly Asking<Key>[]) => {
    const rows = await askUsingUp(db, question, asking)
    return new Map(asking.map((each, at) => [each, { rows: rows[at] }]))
  }
  return takeTurns<Asking<Key>, { rows: Row[] | undefined }>({
    jobsMax: TOGETHER_MAX,
    turnsMax: STATEMENTS_MAX,
    gatherMs: GATHER_MS,
    keyOf: ({ claims }) => claims.jti,
    alone: async (asking) => ({ rows: (await askUsingUp(db, question, [asking]))[0] }),
    together: (asking) =>
      ask(asking).catch((error) => {
        if (isOutcomeUnknown(error)) throw error
        return new Map()
      }),
  })
}
