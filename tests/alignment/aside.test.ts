import { monitorEventLoopDelay } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { fitOf } from '../../src/alignment/fit.ts'
import { alignAnswers, alignAnswersAside, tallyAside } from '../../src/alignment/index.ts'
import { ITEM_CODES } from '../../src/vocabulary/index.ts'

const source = (count: number) => [
  {
    region: { id: 'minato', name: 'みなと' },
    state: 'complete' as const,
    items: [...ITEM_CODES],
    resources: Array.from({ length: count }, (_, index) => ({
      text: JSON.stringify({
        resourceType: 'Condition',
        id: `c${index}`,
        code: { text: `病${index}` },
        recordedDate: '2026-01-01',
      }),
    })),
  },
]

test.each([10, 2_000])('an answer of %i records is the same, here or aside', async (count) => {
  expect(await alignAnswersAside(source(count), ITEM_CODES)).toEqual(alignAnswers(source(count), ITEM_CODES))
})

test('each record says how far it fits where that is asked for', async () => {
  const [{ resources, ...rest }] = source(10) as [ReturnType<typeof source>[0]]
  const judged = [{ ...rest, resources: resources.map(({ text }) => ({ text, fit: fitOf(text) })) }]
  const answered = await alignAnswersAside(source(10), ITEM_CODES, { isJudged: true })
  expect(answered).toEqual(alignAnswers(judged, ITEM_CODES))
  expect(answered.timeline[0]?.holdings[0]?.fit?.level).toBe('nonconformant')
})

/** Milliseconds of this thread's own work in its longest turn, while something goes on: load beside it does not count. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let isOver = false
  let before = process.threadCpuUsage()
  const look = () => {
    const { user, system } = process.threadCpuUsage(before)
    longest = Math.max(longest, (user + system) / 1_000)
    before = process.threadCpuUsage()
    if (!isOver) setTimeout(look, 1)
  }
  look()
  await work()
  isOver = true
  look()
  return longest
}

test('a large answer holds up nobody: no turn of the process takes 20 ms while it is sorted', async () => {
  const sources = source(10_000)
  await alignAnswersAside(source(400), ITEM_CODES)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const longest = await longestTurn(async () => {
    const { timeline } = await alignAnswersAside(sources, ITEM_CODES)
    expect(timeline).toHaveLength(10_000)
  })
  delay.disable()
  expect(longest).toBeLessThan(20)
  expect(delay.percentile(50) / 1e6).toBeLessThan(20)
})

test('nor do a few records that are very long, nor records to be counted', async () => {
  const long = source(40).map((each) => ({
    ...each,
    resources: each.resources.map(({ text }) => ({
      text: text.replace('"code"', `"note":[{"text":"${'あ'.repeat(300_000)}"}],"code"`),
    })),
  }))
  expect(await longestTurn(() => alignAnswersAside(long, ITEM_CODES))).toBeLessThan(20)
  const texts = source(5_000).flatMap(({ resources }) => resources.map(({ text }) => text))
  expect(await longestTurn(() => tallyAside(texts, []))).toBeLessThan(20)
})

test('what breaks inside is a fault here, and no silence', async () => {
  const sources = [
    { ...source(1)[0], resources: Array.from({ length: 400 }, () => ({ text: null as unknown as string })) },
  ]
  const { undisplayed } = await alignAnswersAside(sources as never, ITEM_CODES)
  expect(undisplayed).toMatchObject([{ count: 400 }])
  await expect(tallyAside([null as unknown as string], [])).rejects.toThrow()
})
