import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { repeatEvery } from '../../src/kernel/repeat-every.ts'

const NEVER_MS = 3_600_000
const unexpected = (fault: unknown) => {
  throw fault
}

test('at once, and again after the interval', async () => {
  let times = 0
  await using _repeating = repeatEvery(5, async () => void times++, unexpected)
  expect(times).toBe(1)
  await expect.poll(() => times).toBeGreaterThan(2)
})

test('again at once while there is more to do', async () => {
  let left = 5
  await using _repeating = repeatEvery(NEVER_MS, async () => --left > 0, unexpected)
  await expect.poll(() => left).toBe(0)
})

test('a fault is told, and does not end it', async () => {
  const faults: unknown[] = []
  let times = 0
  const task = async () => {
    times += 1
    throw new Error(`fault ${times}`)
  }
  await using _repeating = repeatEvery(5, task, (fault) => faults.push(fault))
  await expect.poll(() => times).toBeGreaterThan(1)
  expect(faults[0]).toEqual(new Error('fault 1'))
})

test('disposing waits for what is under way, and starts nothing more', async () => {
  const begun = Promise.withResolvers<void>()
  const ended: string[] = []
  const task = async () => {
    begun.resolve()
    await wait(20)
    ended.push('task')
  }
  const repeating = repeatEvery(0, task, unexpected)
  await begun.promise
  await repeating[Symbol.asyncDispose]()
  expect(ended).toEqual(['task'])
})
