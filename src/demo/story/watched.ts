import { readFileSync } from 'node:fs'
import type { Demo } from '../start-demo.ts'
import { DEMO_REGIONS, type RegionId, STORY, STORY_ROLES } from '../world/index.ts'
import { expectThat, type Step } from './step.ts'

/** How a region answered last is written once a second. */
const WRITTEN_MS = 5_000
const POLL_MS = 200

async function statesOnceUp(demo: Demo, region: RegionId): Promise<Record<string, string>> {
  const until = Date.now() + WRITTEN_MS
  for (;;) {
    const status = (await (await fetch(`${demo.hubUrl}/status.json`)).json()) as {
      regions: { id: string; state: string }[]
    }
    const states = Object.fromEntries(status.regions.map(({ id, state }) => [id, state]))
    if (states[region] === 'up' || Date.now() > until) return states
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

export const watched: readonly Step[] = [
  {
    ja: '接続状況を誰でも見られる',
    en: 'Anybody can see how the networks are',
    run: async (demo) => {
      const page = await (await fetch(`${demo.hubUrl}/status`)).text()
      expectThat(
        DEMO_REGIONS.every(({ name }) => page.includes(name)),
        'a region is missing on the page',
      )
      const states = await statesOnceUp(demo, 'minato')
      expectThat(states.minato === 'up', `minato is ${states.minato}`)
      return Object.entries(states)
        .map((each) => each.join(' '))
        .join(', ')
    },
  },
  {
    ja: '記録（ログ）に住民の名前もIDもない',
    en: 'No log holds a resident’s name or id',
    run: async (demo) => {
      const files = [demo.hub.logFile, ...Object.values(demo.regions).map(({ gateway }) => gateway.logFile)]
      const canaries = STORY_ROLES.flatMap((role) => {
        const { resident, localIds } = STORY[role]
        return [
          resident.surname.kanji + resident.given.kanji,
          resident.given.kanji,
          resident.given.kana,
          ...Object.values(localIds),
        ]
      })
      for (const file of files) {
        const text = readFileSync(file, 'utf8')
        const found = canaries.filter((canary) => text.includes(canary))
        expectThat(found.length === 0, `a log holds ${found.length} of them`)
      }
      return `${files.length} log files, ${canaries.length} names and ids looked for`
    },
  },
]
