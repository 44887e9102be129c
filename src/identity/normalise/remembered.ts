/** Names and towns recur. So many are some megabytes, and hold nearly all of a region's. */
const TEXTS_MAX = 20_000

/** The same function, which remembers what it gave for texts it has seen; it starts anew when these are too many. */
export function remembered<Result>(of: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined || known.has(text)) return before as Result
    if (known.size === TEXTS_MAX) known.clear()
    const result = of(text)
    known.set(text, result)
    return result
  }
}
