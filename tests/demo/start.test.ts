import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { PortTaken, runCommand } from '../../src/demo/child-process.ts'
import { newFolder, PATIENCE_MS, ROOT, startDemonstration } from './demonstration.ts'

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

/** Two that start at once; people's, so each looks for the known ports first. */
const folders = [newFolder(), newFolder()] as const
const [first, second] = [startDemonstration(folders[0].path), startDemonstration(folders[1].path)]
beforeAll(() => Promise.all([first, second].map((each) => each.hasSaid('Stop: Ctrl-C'))), 2 * PATIENCE_MS)
afterAll(() => {
  for (const each of [first, second, ...folders]) each[Symbol.dispose]()
})

test('two that start at once are each in order, and share no port', async () => {
  expect(new Set(first.urls()).isDisjointFrom(new Set(second.urls()))).toBe(true)
  expect(await answersOf([...first.urls(), ...second.urls()])).not.toContain(false)
})

test('a process whose port another has, who answers as it would, is not taken for started', async () => {
  const [url = ''] = first.urls()
  expect((await fetch(`${url}/readyz`)).ok).toBe(true)
  const data = join(folders[0].path, 'demo')
  const environment = { TSUNAGI_DATA: data, HTTP_PORT: new URL(url).port, PLAIN_HTTP_ON_LOOPBACK: '1' }
  const starting = runCommand(['serve'], environment, join(data, 'logs', 'late.log'))
  await expect(starting).rejects.toBeInstanceOf(PortTaken)
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

/** What the README gives to paste, beside a demonstration in another folder and on other ports. */
function walkIn(folder: string, said: string): string {
  const readme = readFileSync(`${ROOT}/README.md`, 'utf8')
  const walk = /<!-- walk -->([\s\S]*)<!-- \/walk -->/.exec(readme)?.[1] ?? ''
  const gatewayOf = (user: string) => new RegExp(`${user}\\.txt'\\)" (http://[^/]+)`).exec(said)?.[1] ?? ''
  return [...walk.matchAll(/```sh\n([\s\S]*?)```/g)]
    .map(([, lines]) => lines)
    .join('')
    .replaceAll('.tsunagi/demo', `${folder}/demo`)
    .replaceAll('http://127.0.0.1:4001', gatewayOf('m-desk'))
    .replaceAll('http://127.0.0.1:4003', gatewayOf('s-desk'))
}

test(
  'what the README gives to paste works on a demonstration that just started, line by line',
  async () => {
    const script = walkIn(folders[1].path, second.said())
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], { cwd: ROOT })
    expect(stderr).toBe('')
    expect(stdout).not.toContain('OperationOutcome')
    const statuses = stdout.split('\n').filter((line) => /^\d{3}$/.test(line))
    const emergency = 200
    const vain = Array<number>(10).fill(403)
    expect(statuses.map(Number)).toEqual([200, 403, 200, 403, 200, emergency, ...vain, 403])
    for (const words of [
      '{"receipt":"T-1","state":"counted","hub":"taken"}',
      '{"receipt":"P-7","state":"waiting"}',
      '{"receipt":"P-7","state":"refused"}',
      '"kind":"policy-recorded"',
      '"finding":"proper"',
      '診療情報等の閲覧・照会の記録（本人開示用）',
      '"outcome":"unclear"',
      'This policy can be recorded.',
      '"secondCheckPercent":100',
    ])
      expect(stdout).toContain(words)
  },
  2 * PATIENCE_MS,
)

test(
  'another on the same folder leaves the first alone; Ctrl-C ends the first and whatever listened for it',
  async () => {
    using another = startDemonstration(folders[0].path)
    expect(await exitOf(another.child)).toBe(5)
    await vi.waitFor(() => expect(another.said()).toContain(`PID ${first.child.pid}`))
    expect(another.said()).toMatch(/デモが動いています.*\n.*Stop it/)
    expect(await answersOf(first.urls())).not.toContain(false)
    first.child.kill('SIGINT')
    expect(await exitOf(first.child)).toBe(0)
    expect(await answersOf(first.urls())).not.toContain(true)
    await first.hasLeftNothing()
  },
  PATIENCE_MS,
)
