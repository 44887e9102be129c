import { inCanonicalOrder } from './canonical-order.ts'
import { clusterPairs, type Grouping, REGISTRATIONS_MAX } from './cluster.ts'
import { clusterByStrength, strengthsOf } from './cluster-by-strength.ts'
import type { Judge } from './judge.ts'
import { type Doubt, type JudgedPairs, judgedPairs } from './judged-pairs.ts'
import { kindAt } from './models.ts'

/** The verdicts about some registrations, and who is one person among them. Places within `places`. */
export interface Grouped {
  places: Uint32Array
  pairs: JudgedPairs
  grouping: Grouping
}

export function groupPlaces(judge: Judge, unordered: Uint32Array): Grouped {
  const [first] = unordered
  const isGeneral = first !== undefined && kindAt(judge.columns, first) === 'general'
  const places = isGeneral ? inCanonicalOrder(judge.columns, unordered) : unordered
  const count = places.length
  const pairs = judgedPairs(count, (a, b) => judge.verdict(places[a] as number, places[b] as number))
  if (isGeneral) return { places, pairs, grouping: byStrength(judge, places, pairs) }
  // Everybody qualifies with everybody: one cluster, whatever the rules.
  const isSimple = pairs.links.length === (count * (count - 1)) / 2 && count <= REGISTRATIONS_MAX
  const grouping = isSimple ? { clusters: [[...places.keys()]], doubts: [] } : clusterPairs(pairs)
  return { places, pairs, grouping }
}

function byStrength(judge: Judge, places: Uint32Array, pairs: JudgedPairs): Grouping {
  const clusters = clusterByStrength(pairs, strengthsOf(judge, places))
  const doubt: Doubt[] = clusters.length > 1 ? ['V11'] : []
  return { clusters, doubts: Array.from(places, () => doubt) }
}
