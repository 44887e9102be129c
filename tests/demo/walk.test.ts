import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { newFolder, PATIENCE_MS, ROOT, startDemonstration } from './demonstration.ts'

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
  'what the README gives to paste works on a fresh demonstration, line by line',
  async () => {
    using folder = newFolder()
    using demonstration = startDemonstration(folder.path)
    const said = await demonstration.hasSaid('Stop: Ctrl-C')
    const script = walkIn(folder.path, said)
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
    process.kill(demonstration.child.pid ?? 0, 'SIGINT')
    await demonstration.hasLeftNothing()
  },
  2 * PATIENCE_MS,
)
