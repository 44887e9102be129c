import { present } from '../../kernel/must.ts'
import type { Held } from '../link-store.ts'
import type { BulkLinkage } from '../linkage/index.ts'
import { ruleAt } from './event-rows.ts'
import type { Explainers } from './explainer-threads.ts'
import type { LinkChange } from './link-store.ts'
import type { NamedClusters } from './name-clusters.ts'
import type { Registered } from './registered.ts'

export interface Decided {
  registered: Registered
  linkage: BulkLinkage
  held: ReadonlyMap<number, Held>
  named: NamedClusters
}

/** Some of what is to be written, up to a place. */
export interface Written {
  changes: LinkChange[]
  events: Uint8Array
  place: number
}

const CHANGES = 50_000
const AHEAD = 4

/**
 * What differs from what is held, place by place. Some is explained from now on before it is asked for, so that the
 * threads work while the database is busy with something else.
 */
export function changesAhead(decided: Decided, explainers: Explainers): AsyncIterable<Written> {
  const { count } = decided.registered
  const ahead: (Omit<Written, 'events'> & { events: Promise<Uint8Array> })[] = []
  let place = 0
  const fill = () => {
    while (ahead.length < AHEAD && place < count) {
      const places: number[] = []
      const changes: LinkChange[] = []
      for (; place < count && changes.length < CHANGES; place++) {
        const change = changeAt(place, decided)
        if (change === undefined) continue
        places.push(place)
        changes.push(change)
      }
      const events = explainers.events({
        places: Uint32Array.from(places),
        before: changes.map(({ before }) => before),
        persons: changes.map(({ person }) => person),
      })
      events.catch(() => {})
      ahead.push({ changes, events, place })
    }
  }
  fill()
  return {
    async *[Symbol.asyncIterator]() {
      for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
        fill()
        yield { ...next, events: await next.events }
      }
    },
  }
}

/** Undefined where nothing differs. */
function changeAt(place: number, { registered, linkage, held, named }: Decided): LinkChange | undefined {
  const top = linkage.cluster[place] as number
  const person = present(named.personOf.get(top), 'every cluster is somebody')
  const rule = ruleAt(linkage, place)
  const before = held.get(place)
  if (before?.person === person && before.rule === rule) return undefined
  return { ...registered.idOf(place), before: before?.person ?? null, person, rule }
}
