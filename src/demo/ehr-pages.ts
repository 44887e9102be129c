import { Hono } from 'hono'
import { html } from 'hono/html'
import { type Listening, listen } from '../http/index.ts'
import { assetRoutes, launchPage, PAGE_CSP } from '../pages/index.ts'
import { portNear } from './ports.ts'
import type { Region } from './start-demo.ts'
import {
  DEMO_REGIONS,
  DEMO_STAFF,
  demographicsOf,
  type Recorded,
  type RegionId,
  recordedAtDesk,
  STORY,
  STORY_ROLES,
  type World,
} from './world/index.ts'

export interface EhrPages extends AsyncDisposable {
  urls: Record<RegionId, string>
}

/** What an EHR's pages need of its region. */
export type EhrRegion = Pick<Region, 'id' | 'name' | 'localUrl' | 'provider'>

/** Each region's simulated EHR: a list of the story's residents, each with a button that opens the viewer. */
export async function openEhrPages(demo: {
  regions: Record<RegionId, EhrRegion>
  world: World
}): Promise<EhrPages> {
  const servers: Listening[] = []
  const urls = {} as Record<RegionId, string>
  for (const [index, { id }] of DEMO_REGIONS.entries()) {
    const port = await portNear(5001 + index)
    const server = await listen(ehrApp(demo.regions[id], demo.world).fetch, { host: '127.0.0.1', port })
    servers.push(server)
    urls[id] = server.url
  }
  return {
    urls,
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}

function ehrApp(region: EhrRegion, world: World) {
  const physician = DEMO_STAFF.find((each) => each.region === region.id && each.profession === 'physician')
  const patients = patientsOf(region.id, world)
  return new Hono()
    .route('/', assetRoutes())
    .get('/', (c) =>
      c.html(
        launchPage({
          title: `${region.name} ${physician?.name ?? ''} 医師`,
          action: '/open',
          patients: patients.map(({ name, note }, index) => ({ name, note, fields: { row: String(index) } })),
        }),
        200,
        { 'content-security-policy': PAGE_CSP, 'cache-control': 'no-store' },
      ),
    )
    .post('/open', async (c) => {
      const chosen = patients[Number((await c.req.formData()).get('row'))]
      if (chosen === undefined || physician === undefined)
        return c.text('患者がいません。 No such patient.', 404)
      const fields = { ...chosen.fields, login: await region.provider.loginOf(physician) }
      return c.html(handOver(region, fields), 200, {
        'content-security-policy': PAGE_CSP.replace("form-action 'self'", `form-action ${region.localUrl}`),
        'cache-control': 'no-store',
      })
    })
}

/** The EHR signs its user on to the viewer: a fresh login, good for one opening, in the body of a post. */
function handOver(region: EhrRegion, fields: Record<string, string>) {
  return html`<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>連携ビューア</title>
<link rel="stylesheet" href="/assets/tsunagi.css"></head><body><main class="sheet"><h1>連携ビューアを開きます</h1>
<form method="post" action="${region.localUrl}/viewer/launch">${Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}<button type="submit" class="button" data-kind="primary">開く</button></form></main></body></html>`
}

interface ListedPatient {
  name: string
  note: string
  fields: Record<string, string>
}

/** The story's residents as this region recorded them; one of them only by what was brought along. */
function patientsOf(region: RegionId, { registrations }: World): ListedPatient[] {
  return STORY_ROLES.flatMap((role): ListedPatient[] => {
    const { resident, localIds, sentence } = STORY[role]
    const note = sentence.ja
    const patient = localIds[region]
    const registered = registrations.find((each) => each.region === region && each.localId === patient)
    if (patient !== undefined && registered !== undefined)
      return [{ name: nameIn(registered.record), note, fields: { patient, visit: 'outpatient' } }]
    if (role !== 'treatedElsewhere' || region !== 'shiokaze') return []
    const record = recordedAtDesk(resident)
    const demographics = JSON.stringify(demographicsOf(record))
    return [{ name: `${nameIn(record)}（未登録）`, note, fields: { demographics, visit: 'outpatient' } }]
  })
}

function nameIn({ family, given }: Recorded): string {
  return `${family.kanji} ${given.kanji}`
}
