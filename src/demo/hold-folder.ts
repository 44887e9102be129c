import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { holdLock } from '../kernel/folder-lock.ts'
import { HubError } from '../kernel/hub-error.ts'

const RUNNING = {
  ja: 'このデータフォルダーでは別のデモが動いています。そのデモを終了するか、TSUNAGI_DATA に別のフォルダーを設定してください。',
  en: 'Another demonstration runs in this data folder. Stop it, or set TSUNAGI_DATA to another folder.',
}

/**
 * One demonstration a folder: each start makes databases and keys anew, and would take them from under another.
 * The file with the process id only tells people whom to stop; what counts is the lock, which no crash leaves behind.
 */
export function holdFolder(folder: string): Disposable {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const holder = join(folder, 'demo.pid')
  const lock = holdLock(join(folder, 'demo.lock'))
  if (lock === undefined) {
    throw new HubError('conflict', 'demo-running', RUNNING, { at: `${folder}, PID ${readHolder(holder)}` })
  }
  writeFileSync(holder, `${process.pid}\n`, { mode: 0o600 })
  return lock
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return '?'
  }
}
