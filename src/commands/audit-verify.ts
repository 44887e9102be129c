import { createReadStream, readFileSync, statSync } from 'node:fs'
import { z } from 'zod'
import {
  EXPORT_FAULTS,
  type ExportVerdict,
  type KnownOfLog,
  readLines,
  verifyExport,
} from '../audit/index.ts'
import { BYTES_32 } from '../kernel/base64url.ts'
import { UsageError } from './usage-error.ts'

const KNOWN_BYTES_MAX = 16 * 1024 * 1024

export interface VerifyOptions {
  /** A file with a checkpoint kept elsewhere. */
  checkpoint?: string
  /** The log's Ed25519 key: 32 bytes in base64 or base64url. */
  publicKey?: string
  /** A file of promises, `{"leaf": …, "by": …}` a line. */
  receipts?: string
  json?: boolean
}

/** Where the answer and the complaints go. */
interface Output {
  say: (line: string) => void
  complain: (line: string) => void
}

const STREAMS: Output = {
  say: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
}

/** Checks an exported log with no database and no private key. 0 unbroken, 1 broken, 2 called wrongly. */
export async function verifyAuditFile(
  file: string,
  options: VerifyOptions,
  output: Output = STREAMS,
): Promise<0 | 1 | 2> {
  let verdict: ExportVerdict
  try {
    verdict = await verifyExport(readLines(chunksOf(file)), readKnown(options))
  } catch (error) {
    output.complain(complaintOf(error, file))
    return 2
  }
  output.say(options.json ? JSON.stringify(verdict) : sentencesOf(verdict, options).join('\n'))
  return verdict.unbroken ? 0 : 1
}

/** Opened when it is first read: the fault of a stream that nobody reads yet would end the process. */
async function* chunksOf(file: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(file)
}

function readKnown(options: VerifyOptions): KnownOfLog {
  return {
    ...(options.publicKey !== undefined && { publicKey: readKey(options.publicKey) }),
    ...(options.checkpoint !== undefined && { checkpoints: [readSmall(options.checkpoint)] }),
    ...(options.receipts !== undefined && { promises: readPromises(readSmall(options.receipts)) }),
  }
}

function readKey(text: string): Uint8Array {
  const written = text.replace(/=$/, '').replaceAll('+', '-').replaceAll('/', '_')
  if (BYTES_32.test(written)) return Buffer.from(written, 'base64url')
  throw new UsageError('公開鍵は32バイトのbase64です。 The public key is 32 bytes in base64.')
}

const promiseSchema = z.object({ leaf: z.string().regex(BYTES_32) })

function readPromises(text: string): { leaf: string }[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.map((line, index) => {
    try {
      return promiseSchema.parse(JSON.parse(line))
    } catch {
      throw new UsageError(
        `約束のファイルの${index + 1}行目を読めません。 Line ${index + 1} of the promises is not one.`,
      )
    }
  })
}

function readSmall(file: string): string {
  if (statSync(file).size > KNOWN_BYTES_MAX) throw new UsageError(`${file}: 大きすぎます。 Too large.`)
  return readFileSync(file, 'utf8')
}

function complaintOf(error: unknown, file: string): string {
  if (error instanceof UsageError) return error.message
  const { code, syscall, path = file } = error as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined) throw error
  return `${path}: 読めません。 Cannot be read (${code}).`
}

function sentencesOf(verdict: ExportVerdict, options: VerifyOptions): string[] {
  if (verdict.fault !== undefined) return faultSentences(verdict)
  const { entries, root, origin } = verdict
  return [
    `監査ログ ${origin} は壊れていません（${entries}件、ルート ${root}）。`,
    `The audit log ${origin} is unbroken: ${entries} entries, root ${root}.`,
    ...(verdict.keyFrom === 'checker' ? [] : KEY_FROM_FILE),
    ...(options.checkpoint !== undefined ? [] : NO_CHECKPOINT),
  ]
}

function faultSentences({ fault, at, until, promises }: ExportVerdict): string[] {
  const { ja, en } = EXPORT_FAULTS[fault as keyof typeof EXPORT_FAULTS]
  const place = at === undefined ? '' : until === undefined ? ` [${at}]` : ` [${at}–${until - 1}]`
  const missing = promises.filter(({ index }) => index === null).map(({ leaf }) => `  ${leaf}`)
  return [
    `監査ログは壊れています${place}：${ja}`,
    `The audit log is broken${place}: ${en}`,
    ...(fault === 'promise-broken' ? missing : []),
  ]
}

const KEY_FROM_FILE = [
  '注意：公開鍵はファイルに書かれたものです。誰が書いたかは --public-key を渡さないと分かりません。',
  'Note: the key was taken from the file itself. Who wrote it shows only with --public-key.',
]
const NO_CHECKPOINT = [
  '注意：末尾の欠落や全体の書き換えは、--checkpoint を渡さないと分かりません。',
  'Note: a cut tail or a complete rewrite shows only with --checkpoint, kept elsewhere.',
]
