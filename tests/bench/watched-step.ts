import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

export interface Step {
  seconds: number
  /** The most memory the process held, its threads included and PostgreSQL's processes not, MiB. */
  memoryMiB: number
  output: string
}

const ROOT = new URL('../..', import.meta.url).pathname

export const say = (line: string) => process.stderr.write(`${line}\n`)

/** Runs one of the project's own commands as an operator would, and watches what it takes; `data` is the hub's folder. */
export async function step(name: string, data: string, args: string[]): Promise<Step> {
  const started = performance.now()
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, TSUNAGI_DATA: data, PLAIN_HTTP_ON_LOOPBACK: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let memoryKiB = 0
  const watch = setInterval(() => {
    memoryKiB = Math.max(memoryKiB, peakOf(child))
  }, 100)
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  clearInterval(watch)
  // 1 of a load: lines were left out, which a file of the generator holds on purpose.
  if (code !== 0 && !(code === 1 && name.startsWith('load'))) throw new Error(`${name} ended with ${code}.`)
  const seconds = (performance.now() - started) / 1000
  const memoryMiB = Math.round(memoryKiB / 1024)
  say(`${name}: ${seconds.toFixed(1)} s, at most ${memoryMiB} MiB`)
  return { seconds, memoryMiB, output: Buffer.concat(chunks).toString() }
}

function peakOf({ pid }: ChildProcess): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
