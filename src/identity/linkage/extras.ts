/** Where the words of each extra of a kind start, for the extras that start at `start`. */
export function* entriesOf(extras: Uint32Array, start: number, kind: number): Generator<number> {
  if (start === 0) return
  const end = start + 1 + (extras[start] as number)
  for (let at = start + 1; at < end; ) {
    const head = extras[at] as number
    if (head >>> 8 === kind) yield at + 1
    at += 1 + (head & 0xff)
  }
}
