import type { Queryable } from '../kernel/database.ts'
import { findHoldings, findWaiting, type Held, type WaitingRow } from './link-store.ts'
import type { Member, Models } from './linkage/index.ts'
import { findModels } from './model-store.ts'
import { refOf } from './patient-id.ts'
import { findDeclared, type PairHeld } from './review/decision-store.ts'
import { type Candidate, findActive, findCandidates } from './store.ts'

/** More people of one birth date at one lot, number or telephone than there are: filler. */
export const CANDIDATES_MAX = 128

/**
 * What decisions read of the index. All that is asked in one turn, by however many decisions side by side, goes to the
 * database as one statement of each kind. Good for as long as nobody else may change what was read.
 */
export interface IndexReader {
  /** Active registrations by their names. */
  members(refs: readonly string[]): Promise<Member[]>
  /** Registrations that have one of the keys; more than `CANDIDATES_MAX` of them say that there are too many. */
  candidates(keys: readonly bigint[]): Promise<Candidate[]>
  /** Every link of the persons whom the registrations belong to. */
  holdings(refs: readonly string[]): Promise<Held[]>
  /** Pairs with one of these that wait for a person. */
  waiting(refs: readonly string[]): Promise<WaitingRow[]>
  /** What people decided about these, among themselves and with others. */
  declared(refs: readonly string[]): Promise<PairHeld[]>
  models(): Promise<Models>
}

export function openReader(db: Queryable): IndexReader {
  const members = sharedRead((refs: readonly string[]) => findActive(db, refs))
  let models: Promise<Models> | undefined
  return {
    async members(refs) {
      const asked = new Set(refs)
      const rows = (await members(refs)).map((row) => ({ ref: refOf(row), features: row.features }))
      return rows.filter(({ ref }) => asked.has(ref))
    },
    candidates: candidatesOf(db),
    holdings: holdingsOf(db),
    waiting: pairsOf((refs) => findWaiting(db, refs)),
    declared: pairsOf((refs) => findDeclared(db, refs)),
    models: () => (models ??= findModels(db)),
  }
}

/** Whoever was met among a person's links is not asked about again. */
function holdingsOf(db: Queryable): IndexReader['holdings'] {
  const met = new Set<string>()
  const held = new Map<string, Held>()
  const read = sharedRead(async (refs: readonly string[]) => {
    const rows = await findHoldings(db, refs)
    for (const ref of [...refs, ...rows.map((row) => row.ref)]) met.add(ref)
    for (const row of rows) held.set(row.ref, row)
    return rows
  })
  return async (refs) => {
    await read(refs.filter((ref) => !met.has(ref)))
    const persons = new Set(refs.flatMap((ref) => held.get(ref)?.person ?? []))
    return [...held.values()].filter(({ person }) => persons.has(person))
  }
}

/** What was read of a key is not read again. */
function candidatesOf(db: Queryable): IndexReader['candidates'] {
  const known = new Map<string, Candidate[]>()
  const read = sharedRead(async (keys: readonly bigint[]) => {
    const rows = await findCandidates(db, keys, CANDIDATES_MAX)
    for (const key of keys) known.set(String(key), [])
    for (const row of rows) for (const key of row.keys) known.get(key)?.push(row)
    return rows
  })
  return async (keys) => {
    await read(keys.filter((key) => !known.has(String(key))))
    const found = keys.flatMap((key) => known.get(String(key)) ?? [])
    return [...new Map(found.map((row) => [refOf(row), row])).values()].slice(0, CANDIDATES_MAX + 1)
  }
}

/** Pairs with one of the registrations at an end. What was read of a registration is not read again. */
function pairsOf<Pair extends WaitingRow>(
  load: (refs: readonly string[]) => Promise<Pair[]>,
): (refs: readonly string[]) => Promise<Pair[]> {
  const known = new Map<string, Pair[]>()
  const read = sharedRead(async (refs: readonly string[]) => {
    const pairs = await load(refs)
    const fresh = new Map(refs.map((ref): [string, Pair[]] => [ref, []]))
    for (const pair of pairs) for (const end of [pair.a, pair.b]) fresh.get(end)?.push(pair)
    for (const [ref, held] of fresh) known.set(ref, held)
    return pairs
  })
  return async (refs) => {
    await read(refs.filter((ref) => !known.has(ref)))
    const found = refs.flatMap((ref) => known.get(ref) ?? [])
    return [...new Map(found.map((pair) => [`${pair.a}\n${pair.b}`, pair])).values()]
  }
}

/** Gathers what is asked for until nobody has anything more to ask, then reads it all at once. */
function sharedRead<Key, Row>(
  load: (keys: readonly Key[]) => Promise<Row[]>,
): (keys: readonly Key[]) => Promise<Row[]> {
  let turn: { keys: Set<Key>; rows: Promise<Row[]> } | undefined
  function openTurn() {
    const keys = new Set<Key>()
    const rows = new Promise<Row[]>((resolve, reject) => {
      process.nextTick(() => {
        turn = undefined
        load([...keys]).then(resolve, reject)
      })
    })
    return { keys, rows }
  }
  return (keys) => {
    if (keys.length === 0) return Promise.resolve([])
    turn ??= openTurn()
    for (const key of keys) turn.keys.add(key)
    return turn.rows
  }
}
