import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import vectors from '../../fixtures/trust/merkle-certificate-transparency.json' with { type: 'json' }
import {
  consistencyProof,
  type Hash,
  inclusionProof,
  inclusionRanges,
  leafHash,
  rootOf,
  rootOfTexts,
  verifyConsistency,
  verifyInclusion,
} from '../../src/trust/index.ts'

const bytes = (hex: string): Hash => Buffer.from(hex, 'hex')
const hex = (hash: Hash): string => Buffer.from(hash).toString('hex')
const ctLeaves = vectors.leaves.map((leaf) => leafHash(bytes(leaf)))
const logOf = (size: number): Hash[] =>
  Array.from({ length: size }, (_, index) => leafHash(Buffer.from([index, index >> 8])))

describe('the reference tree of Certificate Transparency', () => {
  test.each(vectors.roots.map((root, size) => ({ root, size })))('root of $size leaves', ({ root, size }) => {
    expect(hex(rootOf(ctLeaves.slice(0, size)))).toBe(root)
  })

  test.each(vectors.inclusion)('leaf $index is in the tree of $size', ({ index, size, hashes }) => {
    expect(inclusionProof(ctLeaves.slice(0, size), index).map(hex)).toEqual(hashes)
  })

  test.each(vectors.consistency)(
    'the tree of $from is the beginning of that of $to',
    ({ from, to, hashes }) => {
      expect(consistencyProof(ctLeaves.slice(0, to), from).map(hex)).toEqual(hashes)
    },
  )
})

test('texts are leaves of their UTF-8 bytes', () => {
  expect(rootOfTexts(['みなと', '{"value":7.10}'])).toEqual(
    rootOf([leafHash(Buffer.from('みなと', 'utf8')), leafHash(Buffer.from('{"value":7.10}'))]),
  )
})

test('a leaf that holds what a node hashes is not taken for the node', () => {
  const [left, right] = logOf(2) as [Hash, Hash]
  expect(rootOf([leafHash(Buffer.concat([left, right]))])).not.toEqual(rootOf([left, right]))
})

const sizes = fc.integer({ min: 1, max: 300 })

test('every leaf of every tree can be proven, at every size', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), (size, pick) => {
      const leaves = logOf(size)
      const index = pick % size
      const tree = { size, root: rootOf(leaves) }
      const leaf = { index, hash: leaves[index] as Hash }
      expect(verifyInclusion(leaf, tree, inclusionProof(leaves, index))).toBe(true)
    }),
  )
})

test('a proof with anything changed proves nothing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 300 }),
      fc.nat(),
      fc.nat(),
      fc.integer({ min: 0, max: 7 }),
      (size, a, b, bit) => {
        const leaves = logOf(size)
        const index = a % size
        const tree = { size, root: rootOf(leaves) }
        const leaf = { index, hash: leaves[index] as Hash }
        const proof = inclusionProof(leaves, index)
        const changed = proof.map((hash) => Buffer.from(hash))
        const victim = changed[b % changed.length] as Buffer
        victim[b % 32] = (victim[b % 32] as number) ^ (1 << bit)
        expect(verifyInclusion(leaf, tree, changed)).toBe(false)
        expect(verifyInclusion({ ...leaf, hash: leafHash(Buffer.from('another')) }, tree, proof)).toBe(false)
        expect(verifyInclusion({ ...leaf, index: (index + 1) % size }, tree, proof)).toBe(false)
        expect(verifyInclusion(leaf, tree, proof.slice(0, -1))).toBe(false)
        expect(verifyInclusion(leaf, tree, [...proof, leaf.hash])).toBe(false)
      },
    ),
  )
})

test('a tree that grew extends every earlier one; one that was changed does not', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), (to, a, b) => {
      const leaves = logOf(to)
      const from = 1 + (a % to)
      const before = { size: from, root: rootOf(leaves.slice(0, from)) }
      expect(
        verifyConsistency(before, { size: to, root: rootOf(leaves) }, consistencyProof(leaves, from)),
      ).toBe(true)
      const rewritten = leaves.with(b % from, leafHash(Buffer.from('rewritten')))
      const after = { size: to, root: rootOf(rewritten) }
      expect(verifyConsistency(before, after, consistencyProof(rewritten, from))).toBe(false)
      expect(verifyConsistency(before, after, consistencyProof(leaves, from))).toBe(false)
    }),
  )
})

test('a smaller tree, a fractional or an absurd size is refused, not computed with', () => {
  const root = rootOf(logOf(3))
  expect(verifyConsistency({ size: 3, root }, { size: 2, root }, [])).toBe(false)
  expect(verifyConsistency({ size: 0.5, root }, { size: 3, root }, [])).toBe(false)
  expect(verifyInclusion({ index: 2 ** 60, hash: root }, { size: 2 ** 61, root }, [])).toBe(false)
  expect(verifyInclusion({ index: -1, hash: root }, { size: 3, root }, [])).toBe(false)
  expect(verifyInclusion({ index: Number.NaN, hash: root }, { size: 1, root }, [])).toBe(false)
})

test('sizes past 2^31 do not wrap', () => {
  const [first, ...proof] = logOf(41) as [Hash, ...Hash[]]
  const tree = { size: 2 ** 40, root: proof.reduce((root, sibling) => rootOf([root, sibling]), first) }
  expect(verifyInclusion({ index: 0, hash: first }, tree, proof)).toBe(true)
  expect(verifyInclusion({ index: 2 ** 39, hash: first }, tree, proof)).toBe(false)
  expect(inclusionRanges(0, 2 ** 49 - 1)).toHaveLength(49)
})
