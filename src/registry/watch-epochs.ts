import type { Database } from '../kernel/database.ts'
import { listenTo } from '../kernel/notifications.ts'
import type { EpochName } from './epochs.ts'

/** The database says on this channel which epoch moved (see the trigger on `epoch`). */
const CHANNEL = 'epoch'

/**
 * Tells, soon and without a promise, that an epoch moved, whichever process moved it. Who releases still locks and
 * compares: a notice that is lost costs waiting for an answer nobody may have, and nothing else.
 */
export interface EpochWatch extends AsyncDisposable {
  /** Calls back whenever one of the names moves, until disposed. */
  watch(names: Iterable<EpochName>, moved: (name: EpochName) => void): Disposable
}

export function openEpochWatch(db: Database): EpochWatch {
  const watchers = new Map<string, Set<(name: EpochName) => void>>()
  const listening = listenTo(db.target, CHANNEL, (name) => {
    for (const moved of [...(watchers.get(name) ?? [])]) moved(name as EpochName)
  })
  return {
    watch(names, moved) {
      const watched = [...names]
      for (const name of watched) {
        const known = watchers.get(name) ?? new Set()
        watchers.set(name, known.add(moved))
      }
      return {
        [Symbol.dispose]() {
          for (const name of watched) {
            const known = watchers.get(name)
            known?.delete(moved)
            if (known?.size === 0) watchers.delete(name)
          }
        },
      }
    },
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  }
}
