import { SYSTEMS } from '../../vocabulary/index.ts'
import { demographicsOf, recordedAtDesk, STORY } from '../world/index.ts'
import { PHYSICIAN } from './answered.ts'
import { ask } from './ask.ts'
import { expectThat, type Step } from './step.ts'

const { resident } = STORY.treatedElsewhere

/** The handle that the first answer gave; the next steps use it. */
let handle: string | undefined

const byHandle = () => ({
  'patient.identifier': `${SYSTEMS.handle}|${handle ?? ''}`,
  'patient.birthdate': resident.birthDate,
  'patient.gender': resident.gender,
})

export const unregistered: readonly Step[] = [
  {
    ja: '自地域に登録のない住民を、窓口の氏名・被保険者番号と本日の受診で照会する',
    en: 'Somebody registered only in the other region is found by demographics and today’s visit',
    run: async (demo) => {
      const demographics = JSON.stringify(demographicsOf(recordedAtDesk(resident)))
      const reply = await ask(demo, PHYSICIAN, { _demographics: demographics }, 'outpatient')
      expectThat(reply.status === 200, `status ${reply.status}: ${reply.said}`)
      expectThat(reply.states.sagamino === 'complete', `sagamino is ${reply.states.sagamino}`)
      expectThat(reply.records.length > 0, 'no record arrived')
      expectThat(reply.handle !== undefined, 'no handle was given')
      handle = reply.handle
      return `${reply.records.length} records from sagamino, and a handle for later`
    },
  },
  {
    ja: '以後は一時的な識別子で照会できる',
    en: 'The handle works afterwards, on a visit',
    run: async (demo) => {
      const reply = await ask(demo, PHYSICIAN, { ...byHandle() }, 'outpatient')
      expectThat(reply.status === 200 && reply.records.length > 0, `status ${reply.status}: ${reply.said}`)
      return `${reply.records.length} records by handle`
    },
  },
  {
    ja: '別の機関はその識別子を使えない',
    en: 'Another institution cannot use the handle',
    run: async (demo) => {
      const reply = await ask(demo, 's-hamana', { ...byHandle() }, 'outpatient')
      expectThat(reply.status === 403 && reply.records.length === 0, `status ${reply.status}`)
      return 'refused as if there were nobody'
    },
  },
]
