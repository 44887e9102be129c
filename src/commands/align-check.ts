import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Breach, inEnglish, judgeText, LEVELS, type Level, type Verdict } from '../alignment/index.ts'
import { differencesOf, type Expected, readCase, saidOf } from './align-expected.ts'
import { UsageError } from './usage-error.ts'

/** A whole document with its attachments; more than that is a batch and belongs in NDJSON, a resource a line. */
const FILE_BYTES_MAX = 64 * 1024 * 1024
const LINE_CHARACTERS_MAX = 16 * 1024 * 1024
const FILES_MAX = 100_000
/** Room for a Bundle of some 10,000 resources. */
const LIMITS = { depthMax: 64, nodesMax: 5_000_000 }

const LEVEL_NAMES: Record<Level, string> = {
  'national-conformant': '国の形式に適合',
  convertible: '変換可能',
  readable: '閲覧のみ',
  nonconformant: '不適合',
}

interface Output {
  say: (line: string) => void
}

const STREAM: Output = { say: (line) => process.stdout.write(`${line}\n`) }

interface Options {
  /** One object a line: `file`, `path`, `resourceType`, `profile`, `item`, `level`, `issues`. */
  json?: boolean
  /** With it: `igVersion`, `added` and `lacking` too. */
  detail?: boolean
  /** Holds each verdict against the one its file expects. */
  expect?: boolean
}

/** Says of every resource how far it fits the national set. 0 none is nonconformant, or all are as expected; else 1. */
export async function checkAlignment(
  path: string,
  { json = false, detail = false, expect = false }: Options,
  output: Output = STREAM,
): Promise<0 | 1> {
  const counts = new Map<Level, number>()
  let unexpected = 0
  for (const file of filesAt(path)) {
    const verdicts: Verdict[] = []
    const { texts, expected } = textsOf(file)
    for await (const verdict of verdictsOf(texts)) {
      counts.set(verdict.level, (counts.get(verdict.level) ?? 0) + 1)
      if (expected !== undefined) verdicts.push(verdict)
      if (json) output.say(JSON.stringify(lineOf(file, verdict, detail)))
      else if (!expect) for (const line of linesOf(file, verdict)) output.say(line)
    }
    const differences = expect ? differencesOf(verdicts, expected) : []
    unexpected += differences.length
    for (const difference of differences)
      output.say(json ? JSON.stringify({ file, ...difference }) : saidOf(file, difference))
  }
  if (!json) output.say(summaryOf(counts))
  if (!json && expect) output.say(`期待と違うもの unexpected: ${unexpected}`)
  return (expect ? unexpected > 0 : counts.has('nonconformant')) ? 1 : 0
}

/** A line as integrators read it. */
function lineOf(file: string, verdict: Verdict, isDetailed: boolean): object {
  const { path, resourceType, profile, item, level, issues, igVersion, added, lacking } = verdict
  const line = { file, path, resourceType, profile, item, level, issues: issues.map(issueOf) }
  return isDetailed ? { ...line, igVersion, added, lacking: lacking.map(issueOf) } : line
}

function issueOf({ rule, path, text }: Breach): object {
  return { id: rule, path, text, textEn: inEnglish(text) ?? text }
}

function filesAt(path: string): string[] {
  const isFolder = withNamed(() => statSync(path).isDirectory(), path)
  if (!isFolder) return [path]
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => ['.json', '.ndjson', '.jsonl'].includes(extname(name)))
    .sort()
  if (files.length === 0)
    throw new UsageError(`${path}: JSON・NDJSON のファイルがありません。 No JSON or NDJSON file in it.`)
  if (files.length > FILES_MAX)
    throw new UsageError(`${path}: ファイルが多すぎます。 Too many files (${FILES_MAX}).`)
  return files.map((name) => join(path, name))
}

/** The texts of a file, each with the line it stands in; and what a case of a corpus expects of its one. */
function textsOf(file: string): { texts: AsyncIterable<Text> | Iterable<Text>; expected?: Expected } {
  if (extname(file) !== '.json' && extname(file) !== '') return { texts: linesIn(file) }
  if (withNamed(() => statSync(file).size, file) > FILE_BYTES_MAX)
    throw new UsageError(
      `${file}: 大きすぎます。1行1リソースの NDJSON にしてください。 Too large: use NDJSON.`,
    )
  const text = decoded(withNamed(() => readFileSync(file), file))
  const held = readCase(text)
  return held === undefined
    ? { texts: [{ text }] }
    : { texts: [{ text: held.text }], expected: held.expected }
}

interface Text {
  text: string
  line?: number
}

async function* verdictsOf(texts: AsyncIterable<Text> | Iterable<Text>): AsyncGenerator<Verdict> {
  for await (const { text, line } of texts) {
    for (const verdict of judgeText(text, undefined, LIMITS))
      yield line === undefined ? verdict : { ...verdict, path: `${line}行目 ${verdict.path}`.trim() }
  }
}

/** Bytes that are no UTF-8 are no JSON: nothing is put in their place. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return ''
  }
}

/** What a decoder puts in the place of bytes that are no UTF-8. */
const REPLACED = '\ufffd'

/** Each line stands alone: a broken one is a verdict, and the next is read. */
async function* linesIn(file: string): AsyncGenerator<Text> {
  let number = 0
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number += 1
    if (line.trim() === '') continue
    const isUnread = line.length > LINE_CHARACTERS_MAX || line.includes(REPLACED)
    yield { text: isUnread ? '' : line, line: number }
  }
}

function withNamed<T>(work: () => T, file: string): T {
  try {
    return work()
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new UsageError(`${file}: 読めません。 Cannot be read (${String(code)}).`, { cause })
  }
}

function linesOf(file: string, { path, level, issues, added, lacking, item }: Verdict): string[] {
  if (level === 'national-conformant') return []
  const head = `${LEVEL_NAMES[level]}  ${file} ${path}${item === null ? '' : ` [${item}]`}`
  const broken = issues.map(({ rule, path, text }) => `    ${rule}  ${path}  ${text}`)
  const more = added.map(({ path, what, by }) => `    + ${path}  ${what}  (${by})`)
  const missing = lacking.map(({ path, text }) => `    （国の形式には）${path}  ${text}`)
  return [head, ...broken, ...more, ...missing]
}

function summaryOf(counts: ReadonlyMap<Level, number>): string {
  return LEVELS.map((level) => `${LEVEL_NAMES[level]} ${level}: ${counts.get(level) ?? 0}`).join('  ')
}
