import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'

const COMMAND = new URL('../../src/commands/tsunagi.ts', import.meta.url).pathname
const PATIENCE_MS = 120_000

/** A demonstration of its own, small, in a folder of its own unless told which. */
function startDemonstration(folder = mkdtempSync(join(tmpdir(), 'tsunagi-demo-'))) {
  const child = spawn(process.execPath, [COMMAND, 'demo', '--residents', '20'], {
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
    folder,
    said: () => said,
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
      if (child.exitCode === null) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
    },
  }
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit')
  return child.exitCode
}

const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  )

test('Ctrl-C ends the demonstration and whatever listened for it', { timeout: PATIENCE_MS }, async () => {
  using demonstration = startDemonstration()
  const said = await demonstration.hasSaid('Ctrl-C')
  const urls = said.match(/http:\/\/127\.0\.0\.1:\d+/g) ?? []
  expect(await Promise.all(urls.map(answers))).not.toContain(false)
  demonstration.child.kill('SIGINT')
  expect(await exitOf(demonstration.child)).toBe(0)
  expect(await Promise.all(urls.map(answers))).not.toContain(true)
  await demonstration.hasLeftNothing()
})

test('killed without a goodbye, it leaves nothing running', { timeout: PATIENCE_MS }, async () => {
  using demonstration = startDemonstration()
  await demonstration.hasSaid('starting the hub')
  demonstration.child.kill('SIGKILL')
  await demonstration.hasLeftNothing()
})

test('a second one on the same folder says who is first and leaves it alone; after a crash the next one starts', {
  timeout: 2 * PATIENCE_MS,
}, async () => {
  using first = startDemonstration()
  const urls = (await first.hasSaid('Ctrl-C')).match(/http:\/\/127\.0\.0\.1:\d+/g) ?? []
  const second = startDemonstration(first.folder)
  expect(await exitOf(second.child)).toBe(5)
  await vi.waitFor(() => expect(second.said()).toContain(`PID ${first.child.pid}`))
  expect(second.said()).toMatch(/デモが動いています.*\n.*Stop it/)
  expect(await Promise.all(urls.map(answers))).not.toContain(false)
  first.child.kill('SIGKILL')
  await exitOf(first.child)
  using third = startDemonstration(first.folder)
  await third.hasSaid('Ctrl-C')
  third.child.kill('SIGINT')
  expect(await exitOf(third.child)).toBe(0)
  await third.hasLeftNothing()
})

test('Ctrl-C ends it while it is still starting', { timeout: PATIENCE_MS }, async () => {
  using demonstration = startDemonstration()
  await demonstration.hasSaid('starting the hub')
  demonstration.child.kill('SIGINT')
  expect(await exitOf(demonstration.child)).toBe(0)
  await demonstration.hasLeftNothing()
})
