/** A registration's present person, with when the person was first known. */
export interface Holding {
  ref: string
  person: string
  since: Date
}

/**
 * Which person each cluster goes on being, so that ids survive re-linking: the oldest person chooses first, the
 * cluster with the most of its registrations, and of two equal ones the one without `changed`. Undefined means
 * that somebody new is needed. A person of whom a registration is held outside the clusters stays with that one.
 */
export function keepPersons(
  clusters: readonly (readonly string[])[],
  holdings: readonly Holding[],
  changed: string,
): (string | undefined)[] {
  const known = new Set(clusters.flat())
  const kept: (string | undefined)[] = clusters.map(() => undefined)
  const groups = [...Map.groupBy(holdings, ({ person }) => person)].sort(
    ([a, [first]], [b, [second]]) => Number(first?.since) - Number(second?.since) || (a < b ? -1 : 1),
  )
  for (const [person, held] of groups) {
    if (held.some(({ ref }) => !known.has(ref))) continue
    const claims = clusters
      .map((refs, at) => ({ at, refs, count: held.filter(({ ref }) => refs.includes(ref)).length }))
      .filter(({ at, count }) => count > 0 && kept[at] === undefined)
      .sort(
        (a, b) =>
          b.count - a.count ||
          Number(a.refs.includes(changed)) - Number(b.refs.includes(changed)) ||
          ((a.refs[0] ?? '') < (b.refs[0] ?? '') ? -1 : 1),
      )
    const [best] = claims
    if (best !== undefined) kept[best.at] = person
  }
  return kept
}
