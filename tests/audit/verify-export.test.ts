import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ExportEntry, writeExportLine } from '../../src/audit/export-format.ts'
import { readLines } from '../../src/audit/read-lines.ts'
import { verifyExport } from '../../src/audit/verify-export.ts'
import { type SampleLog, sampleEntry, sampleLog, sampleSigner, withLeaf } from './sample-log.ts'

const details = (count: number) => Array.from({ length: count }, (_, index) => `{"n":${index}}`)

/** Replaces the line of the entry at `index`. */
function withEntry(log: SampleLog, index: number, ...changed: ExportEntry[]): string[] {
  const written = writeExportLine(log.entries[index] as ExportEntry)
  return log.lines.flatMap((line) => (line === written ? changed.map(writeExportLine) : [line]))
}

describe('an export', () => {
  test('as it was written is unbroken', async () => {
    const log = await sampleLog(details(10))
    expect(await verifyExport(log.lines, { publicKey: log.signer.publicKey })).toMatchObject({
      unbroken: true,
      entries: 10,
      origin: 'hub.example/audit',
      keyFrom: 'checker',
    })
  })

  test('of an empty log is unbroken', async () => {
    expect(await verifyExport((await sampleLog([])).lines)).toMatchObject({ unbroken: true, entries: 0 })
  })

  test.each<[string, (entry: ExportEntry) => ExportEntry, string]>([
    ['the detail', (entry) => ({ ...entry, detail: '{"n":"x"}' }), 'detail-changed'],
    ['the salt', (entry) => ({ ...entry, salt: sampleEntry('', 99).salt }), 'detail-changed'],
    ['the time alone', (entry) => ({ ...entry, at: '2026-06-01T03:00:59.000Z' }), 'entry-changed'],
    ['the kind', (entry) => ({ ...entry, kind: 'query.denial' }), 'entry-changed'],
    ['the id', (entry) => ({ ...entry, id: sampleEntry('', 99).id }), 'entry-changed'],
    ['the leaf alone', (entry) => ({ ...entry, leaf: sampleEntry('', 99).leaf }), 'entry-changed'],
    [
      'the time, to another spelling',
      (entry) => ({ ...entry, at: '2026-06-01T12:00:05.000+09:00' }),
      'line-invalid',
    ],
    ['a line feed into the kind', (entry) => ({ ...entry, kind: 'query.attempt\n' }), 'line-invalid'],
    ['the detail to nothing', (entry) => ({ ...entry, salt: null, detail: null }), 'detail-missing'],
    ['all but the leaf to nothing', ({ index, leaf }) => ({ index, ...nothing, leaf }), 'entry-missing'],
  ])('in which somebody changed %s is broken at that entry', async (_, change, fault) => {
    const log = await sampleLog(details(10))
    const lines = withEntry(log, 5, change(log.entries[5] as ExportEntry))
    expect(await verifyExport(lines)).toMatchObject({ unbroken: false, fault, at: 5 })
  })

  test('in which an entry and its leaf were forged together is broken since the checkpoint before', async () => {
    const log = await sampleLog(details(10))
    const forged = withLeaf({ ...(log.entries[5] as ExportEntry), detail: '{"n":"forged"}' })
    expect(await verifyExport(withEntry(log, 5, forged))).toMatchObject({
      fault: 'tree-differs',
      at: 4,
      until: 8,
    })
  })

  test('without one of its entries, with one more, or with two exchanged is broken there', async () => {
    const log = await sampleLog(details(10))
    const [fifth, sixth] = log.entries.slice(5, 7) as [ExportEntry, ExportEntry]
    const broken = { fault: 'entry-out-of-order', at: 5 }
    expect(await verifyExport(withEntry(log, 5))).toMatchObject(broken)
    expect(await verifyExport(withEntry(log, 5, sixth, fifth))).toMatchObject(broken)
    expect(await verifyExport(withEntry(log, 5, fifth, fifth))).toMatchObject({ ...broken, at: 6 })
    const renumbered = withEntry(log, 5, sampleEntry('{"forged":true}', 5), { ...fifth, index: 6 })
    expect(await verifyExport(renumbered)).toMatchObject({ fault: 'entry-out-of-order', at: 7 })
  })

  test('cut off anywhere is broken', async () => {
    const log = await sampleLog(details(10))
    for (let length = 0; length < log.lines.length; length += 1) {
      const { unbroken } = await verifyExport(log.lines.slice(0, length))
      // After a checkpoint, only a checkpoint known from elsewhere tells that there was more.
      expect(unbroken).toBe(log.lines[length - 1]?.startsWith('{"checkpoint"') === true)
      const known = await verifyExport(log.lines.slice(0, length), { checkpoints: [await log.noteAt(10)] })
      expect(known.unbroken).toBe(false)
    }
  })

  test.each([
    [
      'in another order of members',
      (line: string) => line.replace(/("id":"[^"]+"),("kind":"[^"]+")/, '$2,$1'),
    ],
    ['with a member twice', (line: string) => line.replace('{"index"', '{"kind":"query.denial","index"')],
    ['with one member more', (line: string) => line.replace('}', ',"note":1}')],
    ['with a space', (line: string) => line.replace('{', '{ ')],
    ['with a return before the line feed', (line: string) => `${line}\r`],
    ['with a byte order mark', (line: string) => `\uFEFF${line}`],
    ['as something else', () => 'null'],
    ['as nothing', () => ''],
    ['as a million brackets', () => '['.repeat(1_000_000)],
  ])('with a line %s is broken there: two readers could differ', async (_, change) => {
    const log = await sampleLog(details(3))
    const written = writeExportLine(log.entries[1] as ExportEntry)
    const lines = log.lines.map((line) => (line === written ? change(line) : line))
    expect(await verifyExport(lines)).toMatchObject({ fault: 'line-invalid', at: 1 })
  })
})

describe('a log', () => {
  test('whose tail was cut and signed anew is shorter than a checkpoint known elsewhere', async () => {
    const before = await sampleLog(details(60))
    const after = await sampleLog(details(10))
    expect(await verifyExport(after.lines)).toMatchObject({ unbroken: true })
    expect(await verifyExport(after.lines, { checkpoints: [await before.noteAt(60)] })).toMatchObject({
      fault: 'shorter-than-known-checkpoint',
      at: 10,
    })
  })

  test('rewritten throughout with its own key differs from a checkpoint known elsewhere', async () => {
    const before = await sampleLog(details(10))
    const after = await sampleLog(details(12).with(2, '{"n":"rewritten"}'))
    expect(await verifyExport(after.lines, { publicKey: before.signer.publicKey })).toMatchObject({
      unbroken: true,
    })
    expect(await verifyExport(after.lines, { checkpoints: [await before.noteAt(10)] })).toMatchObject({
      fault: 'differs-from-known-checkpoint',
      until: 10,
    })
  })

  test('of another key is not the one asked about', async () => {
    const log = await sampleLog(details(3), { signer: sampleSigner('a thief') })
    const known = await sampleLog(details(3))
    expect(await verifyExport(log.lines, { publicKey: known.signer.publicKey })).toMatchObject({
      fault: 'another-key',
    })
    expect(await verifyExport(log.lines, { checkpoints: [await known.noteAt(2)] })).toMatchObject({
      fault: 'known-checkpoint-not-signed',
    })
  })

  test('holds what was promised, or is broken', async () => {
    const log = await sampleLog(details(10))
    const held = (log.entries[7] as ExportEntry).leaf
    const broken = sampleEntry('never recorded', 7).leaf
    expect(await verifyExport(log.lines, { promises: [{ leaf: held }] })).toMatchObject({
      unbroken: true,
      promises: [{ leaf: held, index: 7 }],
    })
    expect(await verifyExport(log.lines, { promises: [{ leaf: held }, { leaf: broken }] })).toMatchObject({
      fault: 'promise-broken',
      promises: [
        { leaf: held, index: 7 },
        { leaf: broken, index: null },
      ],
    })
  })
})

test('any one changed byte of any export is found, and at its entry', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.jsonValue({ maxDepth: 2 }).map((detail) => JSON.stringify({ detail })),
        { minLength: 1, maxLength: 12 },
      ),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (contents, pick, mask) => {
        const log = await sampleLog(contents)
        const bytes = Buffer.from(log.lines.join('\n'))
        const place = pick % bytes.length
        bytes[place] = (bytes[place] as number) ^ mask
        const entriesBefore = linesBefore(log, bytes, place).filter((line) =>
          line.startsWith('{"index"'),
        ).length
        const { unbroken, at } = await verifyExport(readLines(chunksOf(bytes)), {
          publicKey: log.signer.publicKey,
        })
        expect(unbroken).toBe(false)
        // A changed header shows at the first signature, which is over its origin.
        if (place > (log.lines[0] as string).length) expect(at).toBe(entriesBefore)
      },
    ),
  )
})

/** The lines that lie wholly before the place; a line feed that was changed belongs to the line it ended. */
function linesBefore(log: SampleLog, bytes: Buffer, place: number): string[] {
  return bytes.subarray(0, place).toString().split('\n').slice(0, -1).slice(0, log.lines.length)
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += 100) yield bytes.subarray(start, start + 100)
}

test('a line without end is given up, not kept in memory', async () => {
  let chunksRead = 0
  async function* endless() {
    for (;;) {
      chunksRead += 1
      yield Buffer.alloc(64 * 1024, 'x')
    }
  }
  expect(await verifyExport(readLines(endless()))).toMatchObject({ fault: 'header-invalid' })
  expect(chunksRead).toBeLessThan(10)
})

const nothing = { id: null, kind: null, at: null, digest: null, salt: null, detail: null }
