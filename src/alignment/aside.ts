import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Item } from '../vocabulary/index.ts'
import { alignAnswers } from './align-answers.ts'
import type { AlignedAnswers, AlignedEntry, AlignedSource } from './aligned.ts'
import { type AsideResult, entriesOf, type FromAside, portionsOf, type ToAside } from './aside-messages.ts'
import type { CodeMap } from './mapping/code-maps.ts'
import type { Tally } from './tally.ts'

/** Sorting that many takes a few milliseconds; more would hold up every other call of the process. */
const RECORDS_HERE_MAX = 300
const CHARACTERS_HERE_MAX = 1024 * 1024
const ASIDE_TIMEOUT_MS = 60_000
const HEAP_MB_MAX = 512

/**
 * Sorts an answer here, or where it is large in a thread of its own, so that nobody else waits for it. With
 * `isJudged` each record says how far it fits the national set: that takes ten times as long, always in the thread.
 */
export async function alignAnswersAside(
  sources: readonly AlignedSource[],
  asked: readonly Item[],
  { isJudged = false } = {},
): Promise<AlignedAnswers> {
  if (!isJudged && isSmall(sources)) return alignAnswers(sources, asked)
  const { result, entries } = await runAside(
    sources.map(({ resources }) => resources.map(({ text }) => text)),
    { kind: 'align', sources: sources.map((source) => ({ ...source, resources: [] })), asked, isJudged },
  )
  if (result.kind !== 'align') throw new Error('The thread answered something else.')
  const { items, undisplayed } = result
  const byItem = Map.groupBy(entries, ({ item }) => item)
  return {
    items: items.map(({ absence, ...item }) => ({
      ...item,
      entries: byItem.get(item.item) ?? [],
      absence: entries[absence],
    })),
    timeline: entries,
    undisplayed,
  }
}

function isSmall(sources: readonly AlignedSource[]): boolean {
  const texts = sources.flatMap(({ resources }) => resources)
  if (texts.length > RECORDS_HERE_MAX) return false
  return texts.reduce((sum, { text }) => sum + (text?.length ?? 0), 0) <= CHARACTERS_HERE_MAX
}

/** Judges and counts records in a thread of its own. */
export async function tallyAside(texts: readonly string[], maps: readonly CodeMap[]): Promise<Tally> {
  const { result } = await runAside([texts], { kind: 'tally', maps })
  if (result.kind !== 'tally') throw new Error('The thread answered something else.')
  return result.tally
}

/**
 * One job, one thread: it starts in about a tenth of a second and leaves nothing behind. Texts go over and entries
 * come back in portions, each asked for by whoever takes it: to hand over thousands at once would take longer here
 * than to let them be sorted.
 */
async function runAside(
  lists: readonly (readonly string[])[],
  job: Extract<ToAside, { kind: 'align' | 'tally' }>,
): Promise<{ result: AsideResult; entries: AlignedEntry[] }> {
  const worker = new Worker(new URL('./aside-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
  })
  const signal = AbortSignal.timeout(ASIDE_TIMEOUT_MS)
  const ask = async (message: ToAside): Promise<FromAside> => {
    worker.postMessage(message)
    const [answer] = (await once(worker, 'message', { signal })) as [FromAside]
    return answer
  }
  try {
    for (const [list, texts] of lists.entries())
      for (const portion of portionsOf(texts)) await ask({ kind: 'texts', list, texts: portion })
    const entries: AlignedEntry[] = []
    for (let answer = await ask(job); ; answer = await ask({ kind: 'next' })) {
      if (answer.kind === 'done') return { result: answer.result, entries }
      for (const entry of entriesOf(answer)) entries.push(entry)
    }
  } finally {
    await worker.terminate()
  }
}
