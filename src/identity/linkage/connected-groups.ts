/** Which of `count` things hang together by the links, directly or through others: groups of places, each in order. */
export function connectedGroups(count: number, links: Iterable<readonly [number, number]>): number[][] {
  const top = Array.from({ length: count }, (_, at) => at)
  for (const [a, b] of links) {
    const [left, right] = [rootOf(top, a), rootOf(top, b)]
    top[Math.max(left, right)] = Math.min(left, right)
  }
  const groups = new Map<number, number[]>()
  for (let at = 0; at < count; at++) {
    const root = rootOf(top, at)
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [at])
    else group.push(at)
  }
  return [...groups.values()]
}

/** The lowest place of the group; shortens the way there. */
export function rootOf(top: number[] | Uint32Array, at: number): number {
  let place = at
  while (top[place] !== place) {
    const above = top[place] as number
    top[place] = top[above] as number
    place = above
  }
  return place
}
