import { hash } from 'node:crypto'

/** A SHA-256 value: 32 bytes. */
export type Hash = Uint8Array

/** Leaves from `start` up to, but not including, `end`. */
export interface LeafRange {
  start: number
  end: number
}

/** A node over 2^level leaves, the `index`th of its level; level 0 are the leaves themselves. */
export interface NodePlace {
  level: number
  index: number
}

/** A tree that grows: of `size` leaves, only the roots of its full subtrees are kept, largest first. */
export interface Peaks {
  size: number
  hashes: Hash[]
}

const LEAF_PREFIX = Uint8Array.of(0)
const NODE_PREFIX = Uint8Array.of(1)

/** The root of the tree without leaves (RFC 9162, section 2.1.1). */
export const EMPTY_ROOT: Hash = digest()

function digest(...parts: Uint8Array[]): Hash {
  return hash('sha256', Buffer.concat(parts), 'buffer')
}

/** RFC 9162, section 2.1.1: the prefix keeps a leaf from ever being taken for a node. */
export function leafHash(content: Uint8Array): Hash {
  return digest(LEAF_PREFIX, content)
}

export function nodeHash(left: Hash, right: Hash): Hash {
  return digest(NODE_PREFIX, left, right)
}

/** The root over leaf hashes, in order (RFC 9162, section 2.1.1). */
export function rootOf(leafHashes: Iterable<Hash>): Hash {
  const peaks: Peaks = { size: 0, hashes: [] }
  for (const leaf of leafHashes) growPeaks(peaks, leaf)
  return rootOfPeaks(peaks.hashes)
}

/** The root over texts, each a leaf of its UTF-8 bytes. A lone surrogate has none, so callers refuse it first. */
export function rootOfTexts(texts: readonly string[]): Hash {
  return rootOf(texts.map((text) => leafHash(Buffer.from(text))))
}

/** The root over subtrees that lie side by side, largest first. */
export function rootOfPeaks(hashes: readonly Hash[]): Hash {
  const last = hashes.at(-1)
  if (last === undefined) return EMPTY_ROOT
  return hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last)
}

/** Adds a leaf in place; `onNode` is told every node that became full with it. */
export function growPeaks(
  peaks: Peaks,
  leaf: Hash,
  onNode: (node: NodePlace & { hash: Hash }) => void = () => {},
): void {
  let node = { level: 0, index: peaks.size, hash: leaf }
  while (isOdd(node.index)) {
    const left = peaks.hashes.pop()
    if (left === undefined) throw new RangeError('Fewer peaks than the size asks for.')
    node = { level: node.level + 1, index: half(node.index), hash: nodeHash(left, node.hash) }
    onNode(node)
  }
  peaks.hashes.push(node.hash)
  peaks.size += 1
}

/** The full nodes that make up a range which starts where a subtree of its size may start, largest first. */
export function fullNodesOf(range: LeafRange): NodePlace[] {
  const places: NodePlace[] = []
  let start = range.start
  while (start < range.end) {
    const level = fullLevelOf(range.end - start)
    places.push({ level, index: start / 2 ** level })
    start += 2 ** level
  }
  return places
}

/** The level of the largest full subtree among so many leaves. Math.log2 rounds up just below high powers. */
export function fullLevelOf(leaves: number): number {
  const level = Math.floor(Math.log2(leaves))
  return 2 ** level > leaves ? level - 1 : level
}

// Sizes may pass 2^31, where JavaScript's bit operators would wrap.
export const half = (count: number): number => Math.floor(count / 2)
export const isOdd = (count: number): boolean => count % 2 === 1
