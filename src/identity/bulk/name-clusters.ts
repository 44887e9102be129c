import { randomId } from '../../kernel/ids.ts'
import { present } from '../../kernel/must.ts'
import { type Holding, keepPersons } from '../keep-persons.ts'
import { connectedGroups } from '../linkage/connected-groups.ts'

/** Who every cluster goes on being. */
export interface NamedClusters {
  /** The person of each cluster, by its lowest place. */
  personOf: ReadonlyMap<number, string>
  /** Persons who are somebody new. */
  fresh: string[]
}

/**
 * Names clusters as the feed does (`keepPersons`), so that ids survive linking anew: clusters that share a person
 * are decided about together, all others by themselves. `cluster` gives each place its cluster's lowest place.
 */
export function nameClusters(
  cluster: Uint32Array,
  heldAt: ReadonlyMap<number, Holding>,
  refAt: (place: number) => string,
): NamedClusters {
  const personOf = new Map<number, string>()
  const membersOf = membersOfHeld(cluster, heldAt)
  const tops = [...membersOf.keys()]
  for (const group of groupsByPerson(tops, membersOf, heldAt)) {
    const clusters = group.map((at) => (membersOf.get(tops[at] as number) ?? []).map(refAt))
    const holdings = group.flatMap((at) =>
      (membersOf.get(tops[at] as number) ?? []).flatMap((place) => heldAt.get(place) ?? []),
    )
    for (const [index, person] of keepPersons(clusters, holdings, '').entries()) {
      if (person !== undefined) personOf.set(tops[group[index] as number] as number, person)
    }
  }
  const fresh: string[] = []
  for (let place = 0; place < cluster.length; place++) {
    if (cluster[place] !== place || personOf.has(place)) continue
    const person = randomId()
    personOf.set(place, person)
    fresh.push(person)
  }
  return { personOf, fresh }
}

/** The places of every cluster in which somebody is held to be a person already. */
function membersOfHeld(cluster: Uint32Array, heldAt: ReadonlyMap<number, Holding>): Map<number, number[]> {
  const membersOf = new Map<number, number[]>()
  for (const place of heldAt.keys()) membersOf.set(cluster[place] as number, [])
  if (membersOf.size === 0) return membersOf
  for (let place = 0; place < cluster.length; place++) membersOf.get(cluster[place] as number)?.push(place)
  return membersOf
}

/** Clusters that hang together by sharing a person, by their place among `tops`. */
function groupsByPerson(
  tops: readonly number[],
  membersOf: ReadonlyMap<number, readonly number[]>,
  heldAt: ReadonlyMap<number, Holding>,
): number[][] {
  const firstOf = new Map<string, number>()
  const shared: [number, number][] = []
  for (const [at, top] of tops.entries()) {
    for (const place of present(membersOf.get(top), 'every top has members')) {
      const person = heldAt.get(place)?.person
      if (person === undefined) continue
      const first = firstOf.get(person)
      if (first === undefined) firstOf.set(person, at)
      else shared.push([first, at])
    }
  }
  return connectedGroups(tops.length, shared)
}
