import { tallyAside } from '../alignment/index.ts'
import type { Context } from '../kernel/context.ts'
import { repeatEvery } from '../kernel/repeat-every.ts'
import { readMaps } from './concept-map-store.ts'
import { addTally, dropTalliesBefore } from './tally-store.ts'

const FLUSH_MS = 30_000
/** Held between two flushes; beyond that records go uncounted, and how many is logged. */
const TEXTS_MAX = 5_000
const CHARACTERS_MAX = 16 * 1024 * 1024
const KEPT_DAYS = 400
const DAY_MS = 86_400_000

export interface Tallies extends AsyncDisposable {
  /** Notes records that a region gave. They are judged later, in another thread; only figures are kept. */
  recordsGiven(region: string, texts: readonly string[]): void
  /** Counts what was noted so far. */
  flush(): Promise<void>
}

/** Counts how far regions' records fit the national set, without any query waiting for it. */
export function keepTallies(context: Context): Tallies {
  let waiting = new Map<string, string[]>()
  let held = { texts: 0, characters: 0, dropped: 0 }
  let running: Promise<void> = Promise.resolve()

  async function count(): Promise<void> {
    const [given, { dropped }] = [waiting, held]
    waiting = new Map()
    held = { texts: 0, characters: 0, dropped: 0 }
    if (dropped > 0) context.log.warn({ event: 'alignment.not-counted', records: dropped })
    for (const [region, texts] of [...given].sort(([one], [other]) => (one < other ? -1 : 1))) {
      try {
        const tally = await tallyAside(texts, await readMaps(context.db, region))
        const now = context.now().getTime()
        await context.db.transaction((tx) => addTally(tx, tokyoDay(now), region, tally))
        await dropTalliesBefore(context.db, tokyoDay(now - KEPT_DAYS * DAY_MS))
      } catch (error) {
        context.log.warn({ event: 'alignment.not-kept', region, records: texts.length, err: error })
      }
    }
  }

  function flush(): Promise<void> {
    running = running.then(count)
    return running
  }

  const flushing = repeatEvery(FLUSH_MS, flush, (err) =>
    context.log.warn({ event: 'alignment.not-kept', err }),
  )
  return {
    recordsGiven(region, texts) {
      const list = waiting.get(region) ?? []
      for (const text of texts) {
        if (held.texts >= TEXTS_MAX || held.characters + text.length > CHARACTERS_MAX) {
          held.dropped += 1
          continue
        }
        held.texts += 1
        held.characters += text.length
        list.push(text)
      }
      if (list.length > 0) waiting.set(region, list)
    },
    flush,
    async [Symbol.asyncDispose]() {
      await flushing[Symbol.asyncDispose]()
      await flush()
    },
  }
}

/** The day in Japan. */
export function tokyoDay(at: number): string {
  return new Date(at + 9 * 3_600_000).toISOString().slice(0, 10)
}
