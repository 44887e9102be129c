import { monitorEventLoopDelay } from 'node:perf_hooks'
import { expect, test } from 'vitest'
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

test('a large answer holds up nobody: others go on while it is sorted', async () => {
  const sources = source(20_000)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const { timeline } = await alignAnswersAside(sources, ITEM_CODES)
  delay.disable()
  expect(timeline).toHaveLength(20_000)
  // Handing over 20,000 records and taking them back is all that happens here; sorting them takes many times that.
  expect(delay.percentile(50) / 1e6).toBeLessThan(20)
})

test('what breaks inside is a fault here, and no silence', async () => {
  const sources = [
    { ...source(1)[0], resources: Array.from({ length: 400 }, () => ({ text: null as unknown as string })) },
  ]
  const { undisplayed } = await alignAnswersAside(sources as never, ITEM_CODES)
  expect(undisplayed).toMatchObject([{ count: 400 }])
  await expect(tallyAside([null as unknown as string], [])).rejects.toThrow()
})
