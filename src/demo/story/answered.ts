import { Client } from 'fhir-kit-client'
import { STORY } from '../world/index.ts'
import { ask, patientParameter, type Reply, staffOf } from './ask.ts'
import { expectThat, type Step } from './step.ts'

/** The physician in shiokaze who treats the resident whose allergy only minato knows. */
export const PHYSICIAN = 's-isobe'
export const ELSEWHERE = STORY.allergyElsewhere.localIds.shiokaze ?? ''

export const answered: readonly Step[] = [
  {
    ja: '照会すると、他地域にしかないアレルギーが届く',
    en: 'Asked, the allergy that only the other region knows arrives',
    run: async (demo) => {
      const reply = await ask(demo, PHYSICIAN, patientParameter('shiokaze', ELSEWHERE))
      expectThat(reply.status === 200, `status ${reply.status}: ${reply.said}`)
      const allergies = reply.records.filter((text) => text.includes('"AllergyIntolerance"'))
      expectThat(
        allergies.some((text) => text.includes('ロキソプロフェン')),
        'the allergy is not in the answer',
      )
      expectThat(reply.states.minato === 'complete' && !reply.isPartial, `minato is ${reply.states.minato}`)
      expectThat(!reply.text.includes('"total"'), 'the answer tells a total')
      return `${reply.records.length} records from minato, ${allergies.length} of them allergies; complete`
    },
  },
  {
    ja: '数値は届いたままの文字で（7.10 は 7.1 にならない）',
    en: 'Values keep the text that arrived: 7.10 does not become 7.1',
    run: async (demo) => {
      const reply = await ask(demo, PHYSICIAN, {
        ...patientParameter('shiokaze', ELSEWHERE),
        _type: 'Observation',
      })
      const values = reply.records.flatMap((text) => text.match(/"value":\d+\.\d+0(?!\d)/g) ?? [])
      expectThat(values.length > 0, 'no value with a trailing zero is in the answer')
      return `${values[0]} is in the answer as the region wrote it`
    },
  },
  {
    ja: '既製のFHIRクライアントが、そのままゲートウェイを通して読める',
    en: 'An ordinary FHIR client reads through the gateway as it is',
    run: async (demo) => {
      const { shiokaze } = demo.regions
      const client = new Client({
        baseUrl: `${shiokaze.localUrl}/fhir`,
        bearerToken: await shiokaze.provider.loginOf(staffOf(PHYSICIAN)),
      })
      const bundle = (await client.resourceSearch({
        resourceType: 'AllergyIntolerance',
        searchParams: patientParameter('shiokaze', ELSEWHERE),
        options: { postSearch: true },
      })) as { resourceType: string; entry?: { search?: { mode?: string } }[] }
      const matches = bundle.entry?.filter(({ search }) => search?.mode === 'match').length ?? 0
      expectThat(bundle.resourceType === 'Bundle' && matches > 0, `${matches} matches`)
      return `fhir-kit-client: ${matches} allergies`
    },
  },
  {
    ja: '職種により見られる項目が限られる（介護支援専門員に検査は出ない）',
    en: 'A profession sees what its policy names: no laboratory results for a care manager',
    run: async (demo) => {
      const patient = patientParameter('shiokaze', STORY.everywhere.localIds.shiokaze ?? '')
      const manager = await ask(demo, 's-nagisa', { ...patient }, 'care-contract')
      const physician = await ask(demo, PHYSICIAN, { ...patient }, 'outpatient')
      const laboratory = ({ records }: Reply) => records.filter((text) => text.includes('CoreLabo_CS')).length
      expectThat(manager.status === 200, `status ${manager.status}: ${manager.said}`)
      expectThat(manager.records.length > 0, 'nothing reached the care manager')
      expectThat(laboratory(manager) === 0, 'laboratory results reached the care manager')
      expectThat(laboratory(physician) > 0, 'no laboratory result reached the physician either')
      return `care manager ${manager.records.length} records, none a laboratory result; physician ${laboratory(physician)} of those`
    },
  },
]
