import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EhrPages } from './ehr-pages.ts'
import type { Demo } from './start-demo.ts'
import { staffOf } from './story/ask.ts'
import { DEMO_REGIONS, STORY } from './world/index.ts'

/** Says where to look and how to ask. */
export async function printWhereToLook(
  demo: Demo,
  { urls }: EhrPages,
  say: (line: string) => void,
): Promise<void> {
  const file = join(demo.config.TSUNAGI_DATA, 'login.txt')
  const physician = staffOf('s-isobe')
  writeFileSync(file, await demo.regions.shiokaze.provider.loginOf(physician), { mode: 0o600 })
  const { shiokaze } = demo.regions
  const identifier = `${shiokaze.patientSystem}|${STORY.allergyElsewhere.localIds.shiokaze}`
  say(`
つなぎ：ハブと模擬3地域が動いています。 The hub and three simulated regions are running.

見る Look:
  ${demo.hubUrl}/status   接続状況 status page (/status.json)
${DEMO_REGIONS.map(({ id, name }) => `  ${urls[id]}          ${name}の電子カルテ EHR of ${id}`).join('\n')}
    → 患者を選ぶと連携ビューアが開きます。 Choose a patient to open the viewer.

照会する Ask (as ${physician.name}, ${shiokaze.name}):
  curl -s -H "Authorization: Bearer $(cat '${file}')" \\
       --data-urlencode 'patient.identifier=${identifier}' \\
       ${shiokaze.localUrl}/fhir/AllergyIntolerance/_search

記録 Logs: ${join(demo.config.TSUNAGI_DATA, 'logs')}
終了 Stop: Ctrl-C
`)
}
