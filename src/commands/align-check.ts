import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { judgeText, LEVELS, type Level, type Verdict } from '../alignment/index.ts'
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

/** Says of every resource how far it fits the national set. 0 none is nonconformant, 1 some are. */
export async function checkAlignment(
  path: string,
  { json = false }: { json?: boolean },
  output: Output = STREAM,
): Promise<0 | 1> {
  const counts = new Map<Level, number>()
  for (const file of filesAt(path)) {
    for await (const verdict of verdictsOf(file)) {
      counts.set(verdict.level, (counts.get(verdict.level) ?? 0) + 1)
      if (json) output.say(JSON.stringify({ file, ...verdict }))
      else for (const line of linesOf(file, verdict)) output.say(line)
    }
  }
  if (!json) output.say(summaryOf(counts))
  return counts.has('nonconformant') ? 1 : 0
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

async function* verdictsOf(file: string): AsyncGenerator<Verdict> {
  if (extname(file) !== '.json' && extname(file) !== '') {
    yield* lineVerdicts(file)
    return
  }
  if (withNamed(() => statSync(file).size, file) > FILE_BYTES_MAX)
    throw new UsageError(
      `${file}: 大きすぎます。1行1リソースの NDJSON にしてください。 Too large: use NDJSON.`,
    )
  const bytes = withNamed(() => readFileSync(file), file)
  yield* judgeText(decoded(bytes), undefined, LIMITS)
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
async function* lineVerdicts(file: string): AsyncGenerator<Verdict> {
  let number = 0
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number += 1
    if (line.trim() === '') continue
    const text = line.length > LINE_CHARACTERS_MAX || line.includes(REPLACED) ? '' : line
    for (const verdict of judgeText(text, undefined, LIMITS))
      yield { ...verdict, path: `${number}行目 ${verdict.path}`.trim() }
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
