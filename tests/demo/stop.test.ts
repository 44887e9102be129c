import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { expect, test, vi } from 'vitest'
import { newFolder, PATIENCE_MS, startDemonstration } from './demonstration.ts'

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
