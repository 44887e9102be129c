import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, vi } from 'vitest'

export const ROOT = new URL('../../', import.meta.url).pathname
const COMMAND = join(ROOT, 'src/commands/tsunagi.ts')
export const PATIENCE_MS = 120_000

/** A small demonstration, started as one process, or as people do it: npm, and the demonstration as its child. */
export function startDemonstration(folder: string, by: 'node' | 'npm' = 'node') {
  const [command, ...args] =
    by === 'npm' ? ['npm', 'run', '-s', 'demo', '--'] : [process.execPath, COMMAND, 'demo']
  const child = spawn(command ?? '', [...args, '--residents', '20'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, TSUNAGI_DATA: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  const group = child.pid ?? 0
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  return {
    child,
    said: () => said,
    urls: () => said.match(/http:\/\/127\.0\.0\.1:\d+/g) ?? [],
    hasSaid(words: string) {
      return new Promise<string>((resolve, reject) => {
        const look = () => said.includes(words) && resolve(said)
        child.stderr.on('data', look)
        child.once('exit', () => reject(new Error(`It ended before it said ${words}:\n${said}`)))
        look()
      })
    },
    /** Neither a process of its group nor PostgreSQL, which stops when the last that used it has gone. */
    hasLeftNothing: () =>
      vi.waitFor(
        () => {
          expect(() => process.kill(-group, 0)).toThrow('ESRCH')
          expect(existsSync(join(folder, 'demo', 'postgres', 'data', 'postmaster.pid'))).toBe(false)
        },
        { timeout: PATIENCE_MS / 2 },
      ),
    [Symbol.dispose]() {
      if (child.exitCode === null && child.signalCode === null) process.kill(-group, 'SIGKILL')
    },
  }
}

export function newFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'tsunagi-demo-'))
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
  return { path, [Symbol.dispose]: remove }
}
