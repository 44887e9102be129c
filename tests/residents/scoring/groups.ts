/** Yields the records of every group, group by group; group 0 stands for none and is left out. */
export function* groupsOf(groupOf: ArrayLike<number>, groups: number): Generator<Int32Array> {
  const ends = new Int32Array(groups)
  for (let record = 0; record < groupOf.length; record++) increase(ends, groupOf[record] ?? 0)
  for (let group = 1; group < groups; group++) ends[group] = (ends[group] ?? 0) + (ends[group - 1] ?? 0)
  const starts = ends.slice()
  const order = new Int32Array(groupOf.length)
  for (let record = groupOf.length - 1; record >= 0; record--) {
    const group = groupOf[record] ?? 0
    const place = (starts[group] ?? 0) - 1
    starts[group] = place
    order[place] = record
  }
  for (let group = 1; group < groups; group++) {
    if (starts[group] !== ends[group]) yield order.subarray(starts[group], ends[group])
  }
}

function increase(counts: Int32Array, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1
}

export function pairsIn(size: number): number {
  return (size * (size - 1)) / 2
}

/** Records joined step by step (disjoint sets with path halving). */
export function joinable(count: number) {
  const parent = Int32Array.from({ length: count }, (_, record) => record)
  const rootOf = (record: number): number => {
    let at = record
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] ?? at] ?? at
      at = parent[at] ?? at
    }
    return at
  }
  return {
    join(one: number, other: number) {
      parent[rootOf(one)] = rootOf(other)
    },
    areJoined: (one: number, other: number) => rootOf(one) === rootOf(other),
  }
}
