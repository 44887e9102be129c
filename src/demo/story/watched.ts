import { readFileSync } from 'node:fs'
import { DEMO_REGIONS, STORY, STORY_ROLES } from '../world/index.ts'
import { expectThat, type Step } from './step.ts'

export const watched: readonly Step[] = [
  {
    ja: '接続状況を誰でも見られる',
    en: 'Anybody can see how the networks are',
    run: async (demo) => {
      const page = await (await fetch(`${demo.hubUrl}/status`)).text()
      const status = (await (await fetch(`${demo.hubUrl}/status.json`)).json()) as {
        regions: { id: string; state: string }[]
      }
      expectThat(
        DEMO_REGIONS.every(({ name }) => page.includes(name)),
        'a region is missing on the page',
      )
      const minato = status.regions.find(({ id }) => id === 'minato')
      expectThat(minato?.state === 'up', `minato is ${minato?.state}`)
      return `${status.regions.map(({ id, state }) => `${id} ${state}`).join(', ')}`
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
