import { type AccessFacts, decideAccess } from '../../src/consent/index.ts'
import { factsWith } from '../consent/access-facts.ts'
import { machine } from './measure.ts'

/**
 * What the pure ladder costs by itself (target: 50 µs), over the decided cases that go furthest: all of them permit,
 * so that every rule is passed. In processor time, because a busy machine stretches the other; by means of 200.
 */
const TARGET_US = 50
const ROUNDS = 1_000
const BATCH = 200
const WARM_UP = 20_000

const glass = { since: '2026-11-25T09:50:00+09:00', secondFactor: true, isExact: true }
const CASES: Record<string, AccessFacts> = {
  'a visit': factsWith(),
  'a first visit': factsWith({ asking: { firstVisit: { warnings: [] } }, visited: false }),
  'an emergency': factsWith({ asking: { purpose: 'BTG', breakGlass: glass }, visited: false }),
  'a denial at the end': factsWith({ visited: false }),
}

const results = Object.entries(CASES).map(([name, facts]) => {
  const times: number[] = []
  for (let n = 0; n < WARM_UP; n++) decideAccess(facts)
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage()
    for (let n = 0; n < BATCH; n++) decideAccess(facts)
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / BATCH)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(times.length * share)] ?? 0
  return { name, p50: at(0.5), p99: at(0.99) }
})

if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ machine: machine(), targetUs: TARGET_US, results })}\n`)
} else {
  process.stdout.write(`${machine()}\ndeciding, pure (target ${TARGET_US} µs)\n`)
  for (const { name, p50, p99 } of results) {
    process.stdout.write(`  ${name.padEnd(22)} p50 ${p50.toFixed(1)} µs  p99 ${p99.toFixed(1)} µs\n`)
  }
}
process.exitCode = results.every(({ p99 }) => p99 <= TARGET_US) ? 0 : 1
