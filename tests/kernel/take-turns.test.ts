import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { takeTurns } from '../../src/kernel/take-turns.ts'

/** Jobs are texts, of a letter and a number: two of a letter are of one key. What was done is told, in its order. */
function turns({
  jobsMax = 10,
  turnsMax = 1,
  together,
}: Partial<Parameters<typeof takeTurns<string, string>>[0]> = {}) {
  const done: string[] = []
  const take = takeTurns<string, string>({
    ...{ jobsMax, turnsMax, gatherMs: 50, keyOf: ([letter = '']) => letter },
    together: async (jobs) => {
      await pause(5)
      done.push(jobs.join(' '))
      return together?.(jobs) ?? new Map(jobs.map((job) => [job, `${job} with others`]))
    },
    alone: async (job) => {
      await pause(5)
      done.push(job)
      return `${job} alone`
    },
  })
  return { done, take }
}

test('the first goes alone and at once; those that come meanwhile go together, as many as one turn takes', async () => {
  const { done, take } = turns({ jobsMax: 3 })
  const results = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(take))
  expect(done).toEqual(['a', 'b c d', 'e'])
  expect(results).toEqual(['a alone', 'b with others', 'c with others', 'd with others', 'e alone'])
})

test('two of one key are never in one turn, and keep their order', async () => {
  const { done, take } = turns()
  await Promise.all(['a1', 'b1', 'b2', 'a2', 'a3', 'c1'].map(take))
  expect(done).toEqual(['a1', 'b1 a2 c1', 'b2 a3'])
})

test('nor in two turns side by side', async () => {
  const { done, take } = turns({ turnsMax: 3 })
  await Promise.all(['a1', 'a2', 'b1', 'a3'].map(take))
  expect(done).toEqual(['a1', 'b1', 'a2', 'a3'])
})

test('after a turn of several the next waits a moment for half as many, so that the first does not go alone', async () => {
  const { done, take } = turns()
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map(take))
  const first = take('f')
  await pause(1)
  await Promise.all([first, take('g')])
  await take('h')
  expect(done).toEqual(['a', 'b c d e', 'f g', 'h'])
})

test('whoever is not in the answer goes alone, and holds up nobody but those of the same key', async () => {
  const { done, take } = turns({
    together: async (jobs) => new Map(jobs.filter((job) => job !== 'b1').map((job) => [job, job])),
  })
  const results = await Promise.all(['a1', 'b1', 'c1', 'b2', 'd1'].map(take))
  expect(done).toEqual(['a1', 'b1 c1 d1', 'b1', 'b2'])
  expect(results).toEqual(['a1 alone', 'b1 alone', 'c1', 'b2 alone', 'd1'])
})

test('a refusal is told to its own job alone, a fault to all of the turn; the next turn goes on', async () => {
  const { take } = turns({
    jobsMax: 2,
    together: async (jobs) => {
      if (jobs.includes('d')) throw new Error('fault')
      return new Map(jobs.map((job) => [job, job === 'b' ? new Error('refused') : job]))
    },
  })
  const results = await Promise.allSettled(['a', 'b', 'c', 'd', 'e', 'f'].map(take))
  expect(results.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.message))).toEqual([
    ...['a alone', 'refused', 'c', 'fault', 'fault', 'f alone'],
  ])
})
