import { describe, expect, test } from 'vitest'
import { signCheckpoint } from '../../src/audit/checkpoint.ts'
import { verifyGrowth, verifyProof } from '../../src/audit/verify-proof.ts'
import { consistencyProof, type Hash, inclusionProof, rootOf } from '../../src/trust/index.ts'
import { sampleEntry, sampleSigner } from './sample-log.ts'

const signer = sampleSigner()
const entries = Array.from({ length: 11 }, (_, index) => sampleEntry(`{"n":${index}}`, index))
const leaves: Hash[] = entries.map(({ leaf }) => Buffer.from(leaf, 'base64url'))
const texts = (hashes: Hash[]) => hashes.map((hash) => Buffer.from(hash).toString('base64url'))
const noteOf = (size: number, by = signer) =>
  signCheckpoint({ size, root: rootOf(leaves.slice(0, size)) }, by)

async function proofOf(index: number) {
  return {
    leaf: entries[index]?.leaf as string,
    index,
    size: 11,
    hashes: texts(inclusionProof(leaves, index)),
    checkpoint: await noteOf(11),
  }
}

async function growthFrom(from: number) {
  return { from, to: 11, hashes: texts(consistencyProof(leaves, from)), checkpoint: await noteOf(11) }
}

describe('a promise', () => {
  test('is kept when the proof leads from its leaf to a root that the log signed', async () => {
    const proof = await proofOf(6)
    expect(verifyProof(proof, proof.leaf, signer)).toBe('included')
  })

  const other = entries[3]?.leaf as string
  test.each<[string, string, (proof: Awaited<ReturnType<typeof proofOf>>) => Promise<unknown> | unknown]>([
    ['another-leaf', "another leaf's proof", () => proofOf(3)],
    ['not-included', 'the proof of another index', (proof) => ({ ...proof, index: 7 })],
    ['not-included', 'a sibling changed', (proof) => ({ ...proof, hashes: proof.hashes.with(1, other) })],
    ['not-included', 'a sibling missing', (proof) => ({ ...proof, hashes: proof.hashes.slice(1) })],
    ['not-included', 'a sibling too many', (proof) => ({ ...proof, hashes: [...proof.hashes, other] })],
    ['not-included', 'an index outside the tree', (proof) => ({ ...proof, index: 11 })],
    [
      'another-size',
      'the checkpoint of another size',
      async (proof) => ({ ...proof, checkpoint: await noteOf(10) }),
    ],
    [
      'checkpoint-not-signed',
      "another log's checkpoint",
      async (proof) => ({ ...proof, checkpoint: await noteOf(11, sampleSigner('another')) }),
    ],
    ['proof-malformed', 'sixty-five siblings', (proof) => ({ ...proof, hashes: Array(65).fill(other) })],
    ['proof-malformed', 'a fractional index', (proof) => ({ ...proof, index: 6.5 })],
    ['proof-malformed', 'something more', (proof) => ({ ...proof, root: other })],
    ['proof-malformed', 'nothing', () => undefined],
  ])('%s, given %s', async (verdict, _, change) => {
    const proof = await proofOf(6)
    expect(verifyProof(await change(proof), proof.leaf, signer)).toBe(verdict)
  })
})

describe('a log', () => {
  test.each([0, 1, 4, 7, 10, 11])('that held %i entries has only grown', async (from) => {
    expect(verifyGrowth(await growthFrom(from), await noteOf(from), signer)).toBe('grown')
  })

  test('that answers with a smaller tree, a proof of another, or of a rewritten one, is told so', async () => {
    const known = await noteOf(7)
    const growth = await growthFrom(7)
    expect(verifyGrowth({ ...growth, to: 5, checkpoint: await noteOf(5) }, known, signer)).toBe('smaller')
    expect(verifyGrowth(await growthFrom(6), known, signer)).toBe('another-size')
    expect(verifyGrowth({ ...growth, hashes: growth.hashes.slice(1) }, known, signer)).toBe('inconsistent')
    const rewritten = await signCheckpoint({ size: 11, root: rootOf(leaves.toReversed()) }, signer)
    expect(verifyGrowth({ ...growth, checkpoint: rewritten }, known, signer)).toBe('inconsistent')
  })

  test('is known by its key: neither its notes nor those kept of it count with another', async () => {
    const stranger = sampleSigner('another')
    const growth = await growthFrom(7)
    expect(verifyGrowth(growth, await noteOf(7, stranger), signer)).toBe('known-checkpoint-not-signed')
    const checkpoint = await noteOf(11, stranger)
    expect(verifyGrowth({ ...growth, checkpoint }, await noteOf(7), signer)).toBe('checkpoint-not-signed')
    expect(verifyGrowth('{}', await noteOf(7), signer)).toBe('proof-malformed')
  })
})
