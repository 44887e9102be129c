import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkAlignment } from '../../src/commands/align-check.ts'

function corpus(name: string): string {
  const text = readFileSync(new URL(`../../fixtures/alignment/corpus/${name}.json`, import.meta.url), 'utf8')
  return JSON.stringify((JSON.parse(text) as { resource: object }).resource)
}

/** A line of output. */
interface Read {
  file: string
  path: string
  level: string
  issues: { id: string; text: string; textEn: string }[]
}

/** A folder of files, removed with the test. */
function folder(files: Record<string, string>): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'align-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true })
    writeFileSync(join(path, name), text)
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

async function check(
  path: string,
  json = true,
  options: { detail?: boolean; expect?: boolean } = {},
): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = []
  const code = await checkAlignment(path, { json, ...options }, { say: (line) => void lines.push(line) })
  return { code, lines }
}

describe('align check', () => {
  test('0 for what fits; one object a line, with the keys integrators read', async () => {
    using files = folder({ 'a.json': corpus('submission/good-conditions-1.12.0') })
    const { code, lines } = await check(files.path)
    expect(code).toBe(0)
    const read = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(read.map(({ path, level }) => [path, level])).toEqual([
      ['Bundle', 'national-conformant'],
      ['Bundle.entry[0].resource', 'national-conformant'],
      ['Bundle.entry[1].resource', 'national-conformant'],
    ])
    expect(read[2]).toMatchObject({
      file: join(files.path, 'a.json'),
      resourceType: 'Condition',
      profile: 'http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Condition_eCS',
      item: 'condition',
      issues: [],
    })
  })

  test('1 for what does not, with rule, place and sentence', async () => {
    using files = folder({ 'deep/er/b.json': corpus('condition/broken-no-verification-1.5.2') })
    const { code, lines } = await check(files.path)
    expect(code).toBe(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'nonconformant',
      issues: [
        {
          id: 'JP_Condition_eCS#verificationStatus:min',
          path: 'Condition.verificationStatus',
          text: '必須の要素がありません。',
          textEn: 'A required element is missing.',
        },
      ],
    })
  })

  test('exactly the keys that are promised; more only where it is asked for', async () => {
    using files = folder({ 'a.json': corpus('laboratory/convertible-oid-era') })
    const keysOf = ({ lines }: { lines: string[] }) => Object.keys(JSON.parse(lines[0] ?? '') as object)
    const promised = ['file', 'path', 'resourceType', 'profile', 'item', 'level', 'issues']
    expect(keysOf(await check(files.path))).toEqual(promised)
    const { lines } = await check(files.path, true, { detail: true })
    expect(keysOf({ lines })).toEqual([...promised, 'igVersion', 'added', 'lacking'])
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ added: [{ by: 'oid-url' }, {}] })
    writeFileSync(join(files.path, 'a.json'), corpus('prescription/convertible-hot9'))
    const { lines: other } = await check(files.path, true, { detail: true })
    expect(JSON.parse(other[0] ?? '')).toMatchObject({
      added: expect.arrayContaining([
        expect.objectContaining({ path: 'MedicationRequest.medication.coding' }),
      ]),
    })
  })

  test('a case is judged by its resource, and held against what it expects', async () => {
    const text = (level: string) =>
      JSON.stringify({
        resource: JSON.parse(corpus('condition/text-only-plain')) as object,
        expected: { level, item: 'condition', issues: [] },
      })
    using files = folder({ 'right.json': text('readable'), 'wrong.json': text('convertible') })
    const judged = await check(files.path)
    expect(judged.lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual([
      'readable',
      'readable',
    ])
    const { code, lines } = await check(files.path, false, { expect: true })
    expect(code).toBe(1)
    expect(lines[0]).toMatch(/unexpected .*wrong\.json {2}level: readable.*convertible/)
    expect(lines.at(-1)).toMatch(/unexpected: 1$/)
  })

  test('every case of the corpus gets the verdict written in its file', async () => {
    const path = new URL('../../fixtures/alignment/corpus', import.meta.url).pathname
    expect((await check(path, false, { expect: true })).code).toBe(0)
  })

  test('each line of NDJSON stands alone', async () => {
    const good = corpus('condition/good-1.12.0')
    using files = folder({ 'c.ndjson': `${good}\n{"cut":\n\r\n${good}` })
    const { code, lines } = await check(join(files.path, 'c.ndjson'))
    const read = lines.map((line) => JSON.parse(line) as { path: string; level: string })
    expect(code).toBe(1)
    expect(read.map(({ path, level }) => [path, level])).toEqual([
      ['1:Condition', 'national-conformant'],
      ['2:$', 'nonconformant'],
      ['4:Condition', 'national-conformant'],
    ])
    const told = await check(join(files.path, 'c.ndjson'), false)
    expect(told.lines[0]).toMatch(/^不適合 {2}.*c\.ndjson 2行目$/)
  })

  test('a mark of the byte order at the start of a file is no fault; one further on is', async () => {
    const good = corpus('condition/good-1.12.0')
    using files = folder({ 'a.json': `\ufeff${good}`, 'b.ndjson': `\ufeff${good}\n\ufeff${good}` })
    const { lines } = await check(files.path)
    const read = lines.map((line) => JSON.parse(line) as Read)
    expect(read.map(({ path, level }) => [path, level])).toEqual([
      ['Condition', 'national-conformant'],
      ['1:Condition', 'national-conformant'],
      ['2:$', 'nonconformant'],
    ])
  })

  test('for people: what does not fit, then how many of each', async () => {
    using files = folder({
      'a.json': corpus('prescription/broken-hot-alone-1.5.2'),
      'b.json': corpus('condition/text-only-plain'),
    })
    const { lines } = await check(files.path, false)
    expect(lines[0]).toMatch(/^不適合 {2}.*a\.json MedicationRequest \[prescription\]$/)
    expect(lines[1]).toMatch(/^ {4}R3010 {2}MedicationRequest {2}医薬品には/)
    expect(lines.at(-1)).toBe(
      '国の形式に適合 national-conformant: 0  変換可能 convertible: 0  閲覧のみ readable: 1  不適合 nonconformant: 1',
    )
  })

  test('another encoding is no JSON, in a file and in a line; what has no type has no name', async () => {
    const sjis = Buffer.concat([
      Buffer.from('{"resourceType":"Condition","code":{"text":"'),
      Buffer.from([0x88, 0xdd]),
      Buffer.from('"}}'),
    ])
    using files = folder({ 'c.json': '{"code":{"text":"x"}}' })
    writeFileSync(join(files.path, 'a.json'), sjis)
    writeFileSync(join(files.path, 'b.ndjson'), sjis)
    const { lines } = await check(files.path)
    const read = lines.map((line) => JSON.parse(line) as { path: string; issues: { id: string }[] })
    expect(read.map(({ path, issues }) => [path, issues[0]?.id])).toEqual([
      ['$', 'tsunagi-json'],
      ['1:$', 'tsunagi-json'],
      ['$', 'R4#resource-type'],
    ])
  })

  test('a member that cannot be read is a verdict, and the rest are judged, each once', async () => {
    using files = folder({
      'a.JSON': corpus('condition/good-1.12.0'),
      'm.json/b.NDJSON': corpus('condition/good-1.12.0'),
    })
    const at = (name: string) => join(files.path, name)
    symlinkSync(at('nowhere'), at('dangling.json'))
    symlinkSync('..', at('m.json/loop'))
    execFileSync('mkfifo', [at('pipe.json')])
    symlinkSync(at('m.json'), at('n.ndjson'))
    writeFileSync(at('large.json'), '')
    truncateSync(at('large.json'), 64 * 1024 * 1024 + 1)
    const { code, lines } = await check(files.path)
    expect(code).toBe(1)
    const read = lines.map((line) => JSON.parse(line) as Read)
    expect(
      read.map(({ file, level, issues }) => [file.slice(files.path.length + 1), level, issues[0]?.id]),
    ).toEqual([
      ['a.JSON', 'national-conformant', undefined],
      ['dangling.json', 'nonconformant', 'tsunagi-file'],
      ['large.json', 'nonconformant', 'tsunagi-file-size'],
      ['m.json', 'nonconformant', 'tsunagi-file'],
      ['m.json/b.NDJSON', 'national-conformant', undefined],
      ['n.ndjson', 'nonconformant', 'tsunagi-file'],
      ['pipe.json', 'nonconformant', 'tsunagi-file'],
    ])
    for (const { issues } of read)
      for (const { text, textEn } of issues) {
        expect(text).toMatch(/[ぁ-ん]/)
        expect(textEn).toMatch(/^[A-Z][ -~]+\.$/)
      }
  })

  test('a line that is too long is a verdict, and the next is read', async () => {
    const good = corpus('condition/good-1.12.0')
    using files = folder({ 'c.ndjson': `${good}\n` })
    const path = join(files.path, 'c.ndjson')
    const mebibyte = Buffer.alloc(1024 * 1024, 'x')
    for (let count = 0; count < 65; count++) appendFileSync(path, mebibyte)
    // A carriage return alone is space inside JSON.
    appendFileSync(path, `\n${good.replace(',', ',\r')}\r\n`)
    const { lines } = await check(path)
    const read = lines.map((line) => JSON.parse(line) as Read)
    expect(read.map(({ path, issues }) => [path, issues[0]?.id, issues[0]?.textEn])).toEqual([
      ['1:Condition', undefined, undefined],
      ['2:$', 'tsunagi-line-size', 'The line is longer than 64 MiB: write a resource a line.'],
      ['3:Condition', undefined, undefined],
    ])
  })

  test('what is not there is named, in both languages', async () => {
    using files = folder({ 'readme.txt': 'x' })
    await expect(check(join(files.path, 'none.json'))).rejects.toThrow(/読めません.*Cannot be read/)
    await expect(check(files.path)).rejects.toThrow(/No JSON or NDJSON/)
  })
})
