import { createHash } from 'node:crypto'
import { recordAudit } from '../../audit/index.ts'
import type { Context } from '../../kernel/context.ts'
import { openDatabase, type Transaction } from '../../kernel/database.ts'
import { deleteHandles } from '../handle-store.ts'
import type { Held } from '../link-store.ts'
import { type BulkCounts, bulkLink, judgeOf } from '../linkage/index.ts'
import { lockEverybody } from '../store.ts'
import { link, linkEvent, person, possibleLink } from '../tables.ts'
import { changesAhead, type Written } from './changes-ahead.ts'
import { type AskedModel, chooseModels } from './choose-models.ts'
import { possibleRows } from './explain-places.ts'
import { startExplainers } from './explainer-threads.ts'
import { withIndexesMadeAfter } from './index-store.ts'
import {
  insertEvents,
  insertLinks,
  insertPersons,
  type LinkChange,
  listHeld,
  raiseAllEpochs,
  replaceAllPossible,
  updateLinks,
  withLinksCheckedAtOnce,
} from './link-store.ts'
import { type NamedClusters, nameClusters } from './name-clusters.ts'
import { type Registered, readRegistered } from './registered.ts'
import { analyze, keepRowsInMemory } from './store.ts'

export interface LinkedEverybody extends BulkCounts {
  /** Registrations that came to a person, or to another than before. */
  moved: number
  /** Persons who are new. */
  persons: number
}

export interface LinkOptions {
  threads?: number | undefined
  model?: AskedModel | undefined
  /** Told of each step, and how far it is. */
  onStep?: (step: string, done: number) => void
}

const STATEMENT_MS = 3_600_000

/** Up to which part of all registrations links may be held for their indexes to be made anew. */
const HELD_AT_FIRST = 0.01

/**
 * Links everybody anew: the outcome is that of feeding all registrations one by one, in any order. All of it or
 * nothing; meanwhile feeds and decisions wait, and are told to come back when it takes long.
 */
export async function linkEverybody(
  context: Context,
  { threads = 2, model, onStep = () => {} }: LinkOptions = {},
): Promise<LinkedEverybody> {
  await using own = openDatabase(context.db.target, { connectionsMax: 1, statementMs: STATEMENT_MS })
  const linked = await own.transaction(async (tx) => {
    await lockEverybody(tx)
    await keepRowsInMemory(tx)
    const registered = await readRegistered(tx, {
      target: own.target,
      threads,
      onProgress: (done) => onStep('read', done),
    })
    const { columns, manual, count } = registered
    const at = context.now()
    const models = await chooseModels(tx, columns, model, at)
    const linkage = await bulkLink(columns, models, { manual, threads, onStep: (step) => onStep(step, 0) })
    const held = await placesHeld(tx, registered)
    const named = nameClusters(linkage.cluster, held, registered.refOf)
    const { cluster, rule } = linkage
    const toExplain = { columns, models, manual, linkage: { cluster, rule }, refs: registered.refs, at }
    await using explainers = startExplainers(toExplain, threads)
    const coming = changesAhead({ registered, linkage, held, named }, explainers)
    await insertPersons(tx, named.fresh, at)
    const tally = newTally(named)
    const told = { at, tally, onStep }
    await (held.size <= count * HELD_AT_FIRST
      ? writeMostlyNew(tx, coming, told)
      : writeLinks(tx, coming, told, (changed) => updateLinks(tx, changed, at)))
    const judge = judgeOf(columns, models, manual)
    await replaceAllPossible(tx, possibleRows(judge, linkage.possible, registered.refOf, at))
    await raiseAllEpochs(tx, tally.touched())
    await deleteHandles(tx, tally.left())
    await recordAudit(tx, {
      kind: 'index.linked',
      at,
      detail: {
        ...{
          models: [models.residents.id, models.general.id],
          registrations: count,
          persons: named.fresh.length,
          moved: tally.moved(),
        },
        ...{ possible: linkage.possible.count, changes: tally.digest() },
      },
    })
    return { ...linkage.counts, moved: tally.moved(), persons: named.fresh.length }
  })
  await analyze(own, [person, link, linkEvent, possibleLink])
  return linked
}

/**
 * For where hardly anybody is linked yet, which a load that merges two ids is enough for. The few links that change wait
 * until the index by which they are found is there again.
 */
async function writeMostlyNew(tx: Transaction, coming: AsyncIterable<Written>, told: Told): Promise<void> {
  const changed: LinkChange[] = []
  const write = () =>
    writeLinks(tx, coming, told, async (some) => {
      changed.push(...some)
    })
  await withIndexesMadeAfter(tx, [link, linkEvent], () => withLinksCheckedAtOnce(tx, write))
  await updateLinks(tx, changed, told.at)
}

/** Who is told of what is written, and of when. */
type Told = { at: Date; tally: Tally } & Required<Pick<LinkOptions, 'onStep'>>

async function writeLinks(
  tx: Transaction,
  coming: AsyncIterable<Written>,
  { at, tally, onStep }: Told,
  update: (changed: LinkChange[]) => Promise<void>,
): Promise<void> {
  for await (const { changes, events, place } of coming) {
    for (const change of changes) tally.add(change)
    await insertLinks(
      tx,
      changes.filter(({ before }) => before === null),
      at,
    )
    await update(changes.filter(({ before }) => before !== null))
    if (changes.length > 0) await insertEvents(tx, events)
    onStep('write', place)
  }
}

/** What is held now, by place. */
async function placesHeld(tx: Transaction, { count, refOf }: Registered): Promise<Map<number, Held>> {
  const held = new Map((await listHeld(tx)).map((each) => [each.ref, each]))
  const places = new Map<number, Held>()
  if (held.size === 0) return places
  for (let place = 0; place < count; place++) {
    const found = held.get(refOf(place))
    if (found !== undefined) places.set(place, found)
  }
  return places
}

type Tally = ReturnType<typeof newTally>

/** Counts what is written, and whom it touches. */
function newTally({ fresh }: NamedClusters) {
  const isFresh = new Set(fresh)
  const hash = createHash('sha256')
  const [left, came] = [new Set<string>(), new Set<string>()]
  let moved = 0
  return {
    add({ region, localId, before, person, rule }: LinkChange) {
      hash.update(`${region} ${localId} ${before ?? ''} ${person} ${rule ?? ''}\n`)
      if (before === person) return
      moved += 1
      if (before !== null) left.add(before)
      if (!isFresh.has(person)) came.add(person)
    },
    moved: () => moved,
    left: () => [...left],
    /** Whoever was known before; nobody has asked about the new yet. */
    touched: () => [...new Set([...left, ...came])],
    /** SHA-256 over a line for each change: proves later what was written by this run. */
    digest: () => hash.digest('base64url'),
  }
}
