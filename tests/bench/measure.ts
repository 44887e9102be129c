import { cpus, totalmem } from 'node:os'

export interface Measured {
  perSecond: number
  p50: number
  p95: number
  p99: number
  count: number
}

/** Runs `work` from `workers` loops for `ms`, after a warm-up; latencies in milliseconds. Errors stop the run. */
export async function measure(
  workers: number,
  ms: number,
  work: (n: number) => Promise<void>,
): Promise<Measured> {
  let n = 0
  const loop = async (until: number, keep: number[]) => {
    while (performance.now() < until) {
      const started = performance.now()
      await work(n++)
      keep.push(performance.now() - started)
    }
  }
  const run = async (forMs: number) => {
    const kept: number[] = []
    const started = performance.now()
    await Promise.all(Array.from({ length: workers }, () => loop(started + forMs, kept)))
    return { kept, elapsed: performance.now() - started }
  }
  await run(Math.min(2_000, ms / 3))
  const { kept, elapsed } = await run(ms)
  kept.sort((a, b) => a - b)
  const at = (share: number) => kept[Math.min(kept.length - 1, Math.floor(kept.length * share))] ?? 0
  return {
    perSecond: (kept.length / elapsed) * 1000,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    count: kept.length,
  }
}

/** The run whose rate is the median of several. */
export async function medianOf(runs: number, once: () => Promise<Measured>): Promise<Measured> {
  const all: Measured[] = []
  for (let run = 0; run < runs; run++) all.push(await once())
  all.sort((a, b) => a.perSecond - b.perSecond)
  return all[Math.floor(all.length / 2)] as Measured
}

export function machine(): string {
  const [cpu] = cpus()
  return `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}`
}

export function row(name: string, measured: Measured): string {
  const ms = (value: number) => `${value.toFixed(2)} ms`.padStart(11)
  return `${name.padEnd(46)}${measured.perSecond.toFixed(0).padStart(7)}/s ${ms(measured.p50)}${ms(measured.p95)}${ms(measured.p99)}  n=${measured.count}`
}
