import { describe, expect, test } from 'vitest'
import { openCheckpoint, signCheckpoint } from '../../src/audit/checkpoint.ts'
import { openNote, signNote } from '../../src/audit/signed-note.ts'
import { rootOfTexts } from '../../src/trust/index.ts'
import { sampleSigner } from './sample-log.ts'

/** The example of the signed-note package of Go (golang.org/x/mod/sumdb/note), which C2SP's format comes from. */
const GO = {
  identity: {
    origin: 'PeterNeumann',
    publicKey: Buffer.from('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'base64').subarray(1),
  },
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  signature:
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
}

describe('a signed note', () => {
  test("Go's own example opens", () => {
    expect(openNote(`${GO.text}\n${GO.signature}`, GO.identity)).toBe(GO.text)
  })

  test('opens whoever else signed it, before or after', async () => {
    const signer = sampleSigner()
    const note = await signNote('hub.example/audit\nsome text\n', signer)
    const stranger = '— witness.example/w1 AAAAAAAA\n'
    const [head, own] = note.split('\n\n') as [string, string]
    expect(openNote(`${note}${stranger}`, signer)).toBe('hub.example/audit\nsome text\n')
    expect(openNote(`${head}\n\n${stranger}${own}`, signer)).toBe('hub.example/audit\nsome text\n')
  })

  test.each([
    ['another key of the same name', (note: string) => note, sampleSigner('another')],
    [
      'another name with the same key',
      (note: string) => note,
      sampleSigner('a sample log', 'gateway.example/audit'),
    ],
    ['a changed text', (note: string) => note.replace('text', 'test'), sampleSigner()],
    ['no signature', (note: string) => note.slice(0, note.indexOf('\n\n') + 2), sampleSigner()],
    ['a line that is no signature', (note: string) => `${note}and so on\n`, sampleSigner()],
    ['a signature in another spelling', (note: string) => note.replace('=\n', '\n'), sampleSigner()],
    ['no line feed at its end', (note: string) => note.trimEnd(), sampleSigner()],
    ['a thousand signatures', (note: string) => note + '— x.example AAAA\n'.repeat(1_000), sampleSigner()],
    ['nothing', () => '', sampleSigner()],
  ])('does not open with %s', async (_, change, identity) => {
    const note = await signNote('hub.example/audit\nsome text\n', sampleSigner())
    expect(openNote(change(note), identity)).toBeUndefined()
  })
})

describe('a checkpoint', () => {
  const signer = sampleSigner()
  const root = rootOfTexts(['one', 'two'])
  const encoded = Buffer.from(root).toString('base64')

  test('says size and root of the log that signed it', async () => {
    const note = await signCheckpoint({ size: 2, root }, signer)
    expect(note).toMatch(
      /^hub\.example\/audit\n2\n[A-Za-z0-9+/]{43}=\n\n— hub\.example\/audit [A-Za-z0-9+/]+=*\n$/,
    )
    expect(openCheckpoint(note, signer)).toEqual({ size: 2, root })
  })

  test('may carry extension lines', async () => {
    const note = await signNote(`hub.example/audit\n2\n${encoded}\nnext to come\n`, signer)
    expect(openCheckpoint(note, signer)).toEqual({ size: 2, root })
  })

  test.each([
    ["another log's text", `gateway.example/audit\n2\n${encoded}\n`],
    ['a size with a leading zero', `hub.example/audit\n02\n${encoded}\n`],
    ['a negative size', `hub.example/audit\n-2\n${encoded}\n`],
    ['a size past all counting', `hub.example/audit\n99999999999999999999\n${encoded}\n`],
    ['a short root', 'hub.example/audit\n2\nAAAA\n'],
    ['no root', 'hub.example/audit\n2\n'],
  ])('is not one with %s, though properly signed', async (_, text) => {
    expect(openCheckpoint(await signNote(text, signer), signer)).toBeUndefined()
  })
})
