import { Hono } from 'hono'
import { type Listening, listen } from '../http/index.ts'
import { assetRoutes, handOverPage, launchPage, PAGE_CSP } from '../pages/index.ts'
import { sha256 } from '../trust/index.ts'
import { officeEntry } from './office-entry.ts'
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
    const app = ehrApp(demo.regions[id], demo.world)
    const at = (port: number) => listen(app.fetch, { host: '127.0.0.1', port })
    const server = await at(5001 + index).catch(() => at(0))
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
    .route('/office', officeEntry(region))
    .get('/', (c) =>
      c.html(
        launchPage({
          title: `${region.name} ${physician?.name ?? ''} 医師`,
          action: '/open',
          office: '/office',
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
      // A fresh login, good for one opening.
      const { patient, demographics = '' } = chosen.fields
      const visit = { kind: 'outpatient', patient: patient ?? sha256(demographics) } as const
      const fields = { ...chosen.fields, login: await region.provider.loginOf(physician, visit) }
      const action = `${region.localUrl}/viewer/launch`
      return c.html(handOverPage({ patientName: chosen.name, action, fields }), 200, {
        'content-security-policy': PAGE_CSP.replace("form-action 'self'", `form-action ${region.localUrl}`),
        'cache-control': 'no-store',
      })
    })
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
      return [{ name: nameIn(registered.record), note, fields: { patient } }]
    if (role !== 'treatedElsewhere' || region !== 'shiokaze') return []
    const record = recordedAtDesk(resident)
    const demographics = JSON.stringify(demographicsOf(record))
    return [{ name: `${nameIn(record)}（未登録）`, note, fields: { demographics } }]
  })
}

function nameIn({ family, given }: Recorded): string {
  return `${family.kanji} ${given.kanji}`
}
