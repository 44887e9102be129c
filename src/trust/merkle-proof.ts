import { fullLevelOf, type Hash, half, isOdd, type LeafRange, nodeHash, rootOf } from './merkle.ts'

/** Which subtrees prove that a leaf is in a tree of `size`, in the order of RFC 9162, section 2.1.3.1. */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!isCount(index) || !isCount(size) || index >= size) throw new RangeError('No such leaf in the tree.')
  return pathIn({ start: 0, end: size }, index)
}

function pathIn(range: LeafRange, index: number): LeafRange[] {
  if (range.end - range.start === 1) return []
  const [left, right] = split(range)
  return index < left.end ? [...pathIn(left, index), right] : [...pathIn(right, index), left]
}

/** Which subtrees prove that a tree of `from` leaves is the beginning of one of `to` (section 2.1.4.1). */
export function consistencyRanges(from: number, to: number): LeafRange[] {
  if (!isCount(from) || !isCount(to) || from > to) throw new RangeError('A tree does not shrink.')
  return from === 0 ? [] : subproof({ start: 0, end: to }, from, true)
}

function subproof(range: LeafRange, from: number, wholeTree: boolean): LeafRange[] {
  if (from === range.end) return wholeTree ? [] : [range]
  const [left, right] = split(range)
  return from <= left.end
    ? [...subproof(left, from, wholeTree), right]
    : [...subproof(right, from, false), left]
}

/** RFC 9162 splits at the largest power of two that is smaller than the number of leaves. */
function split({ start, end }: LeafRange): [LeafRange, LeafRange] {
  const middle = start + 2 ** fullLevelOf(end - start - 1)
  return [
    { start, end: middle },
    { start: middle, end },
  ]
}

export function inclusionProof(leafHashes: readonly Hash[], index: number): Hash[] {
  return inclusionRanges(index, leafHashes.length).map(({ start, end }) =>
    rootOf(leafHashes.slice(start, end)),
  )
}

export function consistencyProof(leafHashes: readonly Hash[], from: number): Hash[] {
  return consistencyRanges(from, leafHashes.length).map(({ start, end }) =>
    rootOf(leafHashes.slice(start, end)),
  )
}

/** RFC 9162, section 2.1.3.2. */
export function verifyInclusion(
  leaf: { index: number; hash: Hash },
  tree: { size: number; root: Hash },
  proof: readonly Hash[],
): boolean {
  if (!isCount(leaf.index) || !isCount(tree.size) || leaf.index >= tree.size) return false
  const walk = { place: leaf.index, last: tree.size - 1 }
  let root = leaf.hash
  for (const sibling of proof) {
    if (walk.last === 0) return false
    root = climb(walk) === 'right' ? nodeHash(sibling, root) : nodeHash(root, sibling)
  }
  return walk.last === 0 && isSame(root, tree.root)
}

/** RFC 9162, section 2.1.4.2. Every tree begins with the empty one, and with itself, without a proof. */
export function verifyConsistency(
  from: { size: number; root: Hash },
  to: { size: number; root: Hash },
  proof: readonly Hash[],
): boolean {
  if (!isCount(from.size) || !isCount(to.size) || from.size > to.size) return false
  if (from.size === to.size) return proof.length === 0 && isSame(from.root, to.root)
  if (from.size === 0) return proof.length === 0 && isSame(from.root, rootOf([]))
  const [first, ...rest] = 2 ** fullLevelOf(from.size) === from.size ? [from.root, ...proof] : proof
  if (first === undefined) return false
  const walk = { place: from.size - 1, last: to.size - 1 }
  while (isOdd(walk.place)) shift(walk)
  let [before, after] = [first, first]
  for (const sibling of rest) {
    if (walk.last === 0) return false
    if (climb(walk) === 'right') {
      before = nodeHash(sibling, before)
      after = nodeHash(sibling, after)
    } else after = nodeHash(after, sibling)
  }
  return walk.last === 0 && isSame(before, from.root) && isSame(after, to.root)
}

interface Walk {
  place: number
  last: number
}

/** One step of both verifications: says on which side of its sibling the node stood, and moves up past it. */
function climb(walk: Walk): 'left' | 'right' {
  const isRight = isOdd(walk.place) || walk.place === walk.last
  if (isRight) while (!isOdd(walk.place) && walk.place !== 0) shift(walk)
  shift(walk)
  return isRight ? 'right' : 'left'
}

function shift(walk: Walk): void {
  walk.place = half(walk.place)
  walk.last = half(walk.last)
}

const isCount = (count: number): boolean => Number.isSafeInteger(count) && count >= 0
const isSame = (a: Hash, b: Hash): boolean => Buffer.compare(a, b) === 0
