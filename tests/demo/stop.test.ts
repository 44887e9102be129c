import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'

const ROOT = new URL('../../', import.meta.url).pathname
const COMMAND = join(ROOT, 'src/commands/tsunagi.ts')
const PATIENCE_MS = 120_000

/** A small demonstration, started as one process, or as people do it: npm, and the demonstration as its child. */
function startDemonstration(folder: string, by: 'node' | 'npm' = 'node') {
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

function newFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'tsunagi-demo-'))
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
  return { path, [Symbol.dispose]: remove }
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}

const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  )
const answersOf = (urls: string[]) => Promise.all(urls.map(answers))

test('a second one on the same folder leaves the first alone; Ctrl-C ends the first and whatever listened for it', {
  timeout: 2 * PATIENCE_MS,
}, async () => {
  using folder = newFolder()
  using first = startDemonstration(folder.path)
  await first.hasSaid('Ctrl-C')
  expect(await answersOf(first.urls())).not.toContain(false)
  using second = startDemonstration(folder.path)
  expect(await exitOf(second.child)).toBe(5)
  await vi.waitFor(() => expect(second.said()).toContain(`PID ${first.child.pid}`))
  expect(second.said()).toMatch(/デモが動いています.*\n.*Stop it/)
  expect(await answersOf(first.urls())).not.toContain(false)
  first.child.kill('SIGINT')
  expect(await exitOf(first.child)).toBe(0)
  expect(await answersOf(first.urls())).not.toContain(true)
  await first.hasLeftNothing()
})

test('killed while it starts it leaves nothing; the next one starts; Ctrl-C to npm ends it, and so does the death of npm', {
  timeout: 2 * PATIENCE_MS,
}, async () => {
  using folder = newFolder()
  using killed = startDemonstration(folder.path)
  await killed.hasSaid('starting the hub')
  killed.child.kill('SIGKILL')
  await killed.hasLeftNothing()

  using told = startDemonstration(folder.path, 'npm')
  await told.hasSaid('starting the hub')
  told.child.kill('SIGINT')
  expect(await exitOf(told.child)).toBe(0)
  await told.hasLeftNothing()

  using orphaned = startDemonstration(folder.path, 'npm')
  await orphaned.hasSaid('starting the hub')
  orphaned.child.kill('SIGKILL')
  await orphaned.hasLeftNothing()
})
