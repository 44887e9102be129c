import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Breach } from '../alignment/index.ts'
import { type Expected, readCase } from './align-expected.ts'
import { UsageError } from './usage-error.ts'

/** A whole document with its attachments, in a file or on a line; more than that is a batch and belongs in NDJSON, a resource a line. */
const TEXT_BYTES_MAX = 64 * 1024 * 1024
const FILES_MAX = 100_000
const NEWLINE = 0x0a

type Fault = Omit<Breach, 'path'>

/** What is to be judged, or why it could not be read; of NDJSON with the line it stands in. */
export interface Text {
  text: string
  fault?: Fault
  line?: number
}

/**
 * The JSON and NDJSON files at a path, in order. Folders that are linked to are not gone into, so that no file comes
 * twice. Members that are no files stay in the list: what they are called is promised to be judged.
 */
export function filesAt(path: string): string[] {
  if (!isFolder(path)) return [path]
  const files = membersOf(path).sort()
  if (files.length === 0)
    throw new UsageError(`${path}: JSON・NDJSON のファイルがありません。 No JSON or NDJSON file in it.`)
  if (files.length > FILES_MAX)
    throw new UsageError(`${path}: ファイルが多すぎます。 Too many files (${FILES_MAX}).`)
  return files
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new UsageError(`${path}: 読めません。 Cannot be read (${String(code)}).`, { cause })
  }
}

function membersOf(root: string): string[] {
  const files: string[] = []
  const folders = [root]
  for (const folder of folders) {
    try {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name)
        if (entry.isDirectory()) folders.push(path)
        if (['.json', '.ndjson', '.jsonl'].includes(kindOf(path))) files.push(path)
      }
    } catch {
      // A folder that cannot be listed gets its verdict as a file that cannot be read.
      files.push(folder)
    }
  }
  return files
}

function kindOf(file: string): string {
  return extname(file).toLowerCase()
}

/**
 * The texts of a file, each with the line it stands in; and what a case of a corpus expects of its one. A pipe is
 * waited for where somebody named it, and not where it was met in a folder.
 */
export function textsOf(
  file: string,
  { isNamed }: { isNamed: boolean },
): { texts: AsyncIterable<Text> | Iterable<Text>; expected?: Expected } {
  try {
    const found = statSync(file)
    if (!found.isFile() && (found.isDirectory() || !isNamed)) return { texts: [unread(NO_FILE)] }
    if (kindOf(file) !== '.json' && kindOf(file) !== '') return { texts: linesIn(file) }
    if (found.size > TEXT_BYTES_MAX) return { texts: [unread(TOO_LARGE)] }
    const text = decoded(readFileSync(file), true)
    const held = readCase(text)
    return held === undefined
      ? { texts: [{ text }] }
      : { texts: [{ text: held.text }], expected: held.expected }
  } catch (error) {
    if (!isOfFiles(error)) throw error
    return { texts: [unread(UNREADABLE)] }
  }
}

const NO_FILE: Fault = {
  rule: 'tsunagi-file',
  text: 'フォルダやパイプなどであり、ファイルではありません。',
}
const UNREADABLE: Fault = {
  rule: 'tsunagi-file',
  text: 'ファイルを読めません（リンク先や読み取り権限を確かめてください）。',
}
const TOO_LARGE: Fault = {
  rule: 'tsunagi-file-size',
  text: '64 MiB を超えています。1行1リソースの NDJSON にしてください。',
}
const LONG_LINE: Fault = {
  rule: 'tsunagi-line-size',
  text: '1行が 64 MiB を超えています。1行に1リソースとしてください。',
}

function unread(fault: Fault): Text {
  return { text: '', fault }
}

/** Whether the file system said no, rather than this program being wrong. */
function isOfFiles(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}

/**
 * Bytes that are no UTF-8 are no JSON: nothing is put in their place. A mark of the byte order is passed over where a
 * file begins (RFC 8259, section 8.1), and is told anywhere else.
 */
function decoded(bytes: Uint8Array, isStart: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: !isStart }).decode(bytes)
  } catch {
    return ''
  }
}

/** Each line stands alone: one that is broken or too long is a verdict, and the next is read. */
async function* linesIn(file: string): AsyncGenerator<Text> {
  let line = 0
  try {
    for await (const bytes of cutIntoLines(createReadStream(file))) {
      line += 1
      if (bytes === undefined) yield { ...unread(LONG_LINE), line }
      else if (!isBlank(bytes)) yield { text: decoded(bytes, line === 1), line }
    }
  } catch (error) {
    if (!isOfFiles(error)) throw error
    yield { ...unread(UNREADABLE), line: line + 1 }
  }
}

/** The bytes of each line; undefined for one beyond TEXT_BYTES_MAX, of which no more than that is ever held. */
async function* cutIntoLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer | undefined> {
  let parts: Buffer[] = []
  let size = 0
  const keep = (part: Buffer) => {
    size += part.length
    if (size > TEXT_BYTES_MAX) parts = []
    else parts.push(part)
  }
  const whole = () => {
    const line = size > TEXT_BYTES_MAX ? undefined : Buffer.concat(parts)
    parts = []
    size = 0
    return line
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      keep(chunk.subarray(from, at))
      from = at + 1
      yield whole()
    }
    keep(chunk.subarray(from))
  }
  if (size > 0) yield whole()
}

/** Space, tab and line ends only (RFC 8259). */
function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)
}
