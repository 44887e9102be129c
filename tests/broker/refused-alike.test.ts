import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { DENIAL_STEP_MS } from '../../src/hub.ts'
import { refusalCode } from '../support/expect-refusal.ts'
import { patientIn, queryCall, register, type SentCall, type TestHub, testHub } from '../support/test-hub.ts'

/** Enough for a median on a quiet machine; more by REFUSED_ROUNDS, for whoever wants to be surer. */
const TIMES = Number(process.env.REFUSED_ROUNDS ?? 11)
/** A busy machine adds to some and not to others, so there medians need more of each to settle. */
const TIMES_MAX = 6 * TIMES
/** Of each median from the middle one. */
const APART_MS = 5

/** Status, code, length of the body, names and lengths of the headers, and how long it took. */
async function refusedBy(t: TestHub, call: SentCall) {
  const started = performance.now()
  const response = await t.send('shiokaze', call)
  const ms = performance.now() - started
  const headers = [...response.headers].map(([name, value]) => [name, value.length])
  const text = await response.clone().text()
  return { seen: [response.status, await refusalCode(response), text.length, headers], ms }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

test(
  'D1: no consent, no link, no visit, unknown, denied by the holder: the same to the byte, medians within ±5 ms',
  async () => {
    await using t = await testHub({ denialStepMs: DENIAL_STEP_MS })
    await register(t, 'minato', 'm-1')
    await register(t, 'shiokaze', 'p-1')
    const alone = { birthDate: '1975-07-08', identifier: [], name: [{ text: '山手 次郎' }], gender: 'male' }
    const { identifier } = patientIn('shiokaze', 'p-2') as { identifier: object[] }
    await register(t, 'shiokaze', 'p-2', { changes: { ...alone, identifier: identifier.slice(0, 1) } })
    const stranger = { birthDate: '1980-01-02', name: [{ text: '浜辺 三郎' }], gender: 'male' }
    const numbered = (region: 'minato' | 'shiokaze', id: string) => {
      const [own, insured] = (patientIn(region, id) as { identifier: object[] }).identifier
      return { ...stranger, identifier: [own, { ...insured, value: '33120015:う:777777:03' }] }
    }
    await register(t, 'minato', 'm-3', { changes: numbered('minato', 'm-3'), consent: false })
    await register(t, 'shiokaze', 'p-3', { changes: numbered('shiokaze', 'p-3') })
    t.gateways.minato.answers(() => ({ status: 'denied', httpStatus: 403, delayMs: 60 }))
    const calls: Record<string, () => SentCall> = {
      unvisited: () => queryCall('shiokaze', { visit: undefined }),
      unknown: () => queryCall('shiokaze', { localId: 'nobody' }),
      'not linked': () => queryCall('shiokaze', { localId: 'p-2', birthDate: '1975-07-08', sex: 'male' }),
      'no consent': () => queryCall('shiokaze', { localId: 'p-3', birthDate: '1980-01-02', sex: 'male' }),
      'denied by the holder': () => queryCall('shiokaze'),
    }
    const times = new Map<string, number[]>(Object.keys(calls).map((name) => [name, []]))
    const seen: unknown[] = []
    // One after the other, so that none is at work while another is, and most of them wait at once.
    const apartMs = DENIAL_STEP_MS / Object.keys(calls).length
    const ask = (isCounted: boolean) =>
      Promise.all(
        Object.entries(calls).map(async ([name, call], turn) => {
          await wait(turn * apartMs)
          const refused = await refusedBy(t, call())
          seen.push(refused.seen)
          if (isCounted) times.get(name)?.push(refused.ms)
        }),
      )
    const medians = () => [...times.values()].map(median)
    const apart = () => Math.max(...medians().map((each) => Math.abs(each - median(medians()))))
    // The first of each warms up connections and code.
    await ask(false)
    let turns = 0
    do {
      for (let turn = 0; turn < TIMES; turn++) await ask(true)
      turns += TIMES
    } while (apart() >= APART_MS && turns < TIMES_MAX)
    expect(seen).toEqual(seen.map(() => seen[0]))
    expect((seen[0] as unknown[]).slice(0, 2)).toEqual([403, 'not-provided'])
    expect(Math.min(...medians())).toBeGreaterThan(DENIAL_STEP_MS - 10)
    const shown = medians().map((each) => each.toFixed(1))
    console.info(`medians of ${turns} each: ${shown.join(', ')} ms`)
    expect(apart(), shown.join(', ')).toBeLessThan(APART_MS)
  },
  60_000 + TIMES_MAX * 5_000,
)
