import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EhrPages } from './ehr-pages.ts'
import type { Demo } from './start-demo.ts'
import { staffOf } from './story/ask.ts'
import { DEMO_OFFICERS, DEMO_REGIONS, DEMO_STAFF, OFFICER_TITLES, STORY } from './world/index.ts'

/** Says where to look and how to ask, as a clinician and as a council's office. */
export async function printWhereToLook(
  demo: Demo,
  { urls }: EhrPages,
  say: (line: string) => void,
): Promise<void> {
  const folder = join(demo.config.TSUNAGI_DATA, 'logins')
  await writeLogins(demo, folder)
  const physician = staffOf('s-isobe')
  const { shiokaze } = demo.regions
  const identifier = `${shiokaze.patientSystem}|${STORY.allergyElsewhere.localIds.shiokaze}`
  const as = (user: string) => `curl -s -H "Authorization: Bearer $(cat '${join(folder, `${user}.txt`)}')"`
  const officers = DEMO_OFFICERS.map(({ region, userId, name, duty }) => {
    const path = duty === 'desk' ? '/desk/checks' : '/council/notices'
    return `  ${userId}（${name}、${OFFICER_TITLES[duty].ja}） ${OFFICER_TITLES[duty].en}
    ${as(userId)} ${demo.regions[region].localUrl}${path}`
  })
  say(`
つなぎ：ハブと模擬3地域が動いています。 The hub and three simulated regions are running.

見る Look:
  ${demo.hubUrl}/status   接続状況 status page (/status.json)
${DEMO_REGIONS.map(({ id, name }) => `  ${urls[id]}          ${name}の電子カルテ EHR of ${id}`).join('\n')}
    → 患者を選ぶと連携ビューアが開きます。 Choose a patient to open the viewer.
${DEMO_REGIONS.map(({ id, name }) => `  ${urls[id]}/office   ${name}の協議会事務局 council office of ${id}`).join('\n')}
    → 担当を選ぶと事務局の画面が開きます。 Choose somebody to open the office's pages.

照会する Ask (as ${physician.name}, ${shiokaze.name}):
  ${as(physician.userId)} \\
       --data-urlencode 'patient.identifier=${identifier}' \\
       ${shiokaze.localUrl}/fhir/AllergyIntolerance/_search

協議会として As a council's office (README, “A council's desk”):
${officers.join('\n')}

ログイン Logins: ${folder} （8時間 for 8 hours）
記録 Logs: ${join(demo.config.TSUNAGI_DATA, 'logs')}
終了 Stop: Ctrl-C
`)
}

/** A login token of everybody, in a file that its user's name names. */
async function writeLogins({ regions }: Demo, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const keep = (user: string, login: string) =>
    writeFileSync(join(folder, `${user}.txt`), login, { mode: 0o600 })
  for (const each of DEMO_STAFF) keep(each.userId, await regions[each.region].provider.loginOf(each))
  for (const each of DEMO_OFFICERS) keep(each.userId, await regions[each.region].provider.officerLogin(each))
}
