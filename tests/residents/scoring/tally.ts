const EXAMPLES_MAX = 5

export interface Tallied {
  cause: string
  pairs: number
  /** Some pairs of it, by region and local id. */
  examples: [string, string][]
}

/** Counts pairs by a name for them, and keeps the first few of each. */
export function openTally() {
  const byCause = new Map<string, Tallied>()
  return {
    add(cause: string, one: string, other: string) {
      const entry = byCause.get(cause) ?? { cause, pairs: 0, examples: [] }
      entry.pairs++
      if (entry.examples.length < EXAMPLES_MAX) entry.examples.push([one, other])
      byCause.set(cause, entry)
    },
    most: (limit: number): Tallied[] =>
      [...byCause.values()]
        .sort((one, other) => other.pairs - one.pairs || (one.cause < other.cause ? -1 : 1))
        .slice(0, limit),
  }
}
