/** Groups of refs that hang together by the links among them, directly or through others; sorted, each ref once. */
export function connectedGroups(
  refs: readonly string[],
  links: readonly { a: string; b: string }[],
): string[][] {
  const groupOf = new Map(refs.map((ref) => [ref, [ref]]))
  for (const { a, b } of links) {
    const [left, right] = [groupOf.get(a), groupOf.get(b)]
    if (left === undefined || right === undefined || left === right) continue
    left.push(...right)
    for (const ref of right) groupOf.set(ref, left)
  }
  return [...new Set(groupOf.values())].map((group) => group.sort())
}
