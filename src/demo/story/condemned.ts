import { ELSEWHERE, PHYSICIAN } from './answered.ts'
import { ask, patientParameter } from './ask.ts'
import { expectThat, type Step } from './step.ts'

export const condemned: readonly Step[] = [
  {
    ja: '別人の記録が混じった回答は、丸ごと破棄される',
    en: 'A region that answers with another person is condemned whole',
    run: async (demo) => {
      const { ehr } = demo.regions.minato
      ehr.setFault('wrong-person')
      try {
        const reply = await ask(demo, PHYSICIAN, patientParameter('shiokaze', ELSEWHERE))
        expectThat(reply.status === 200, `status ${reply.status}: ${reply.said}`)
        expectThat(reply.states.minato === 'wrong-person', `minato is ${reply.states.minato}`)
        expectThat(reply.records.length === 0, `${reply.records.length} records were shown`)
        return 'minato is wrong-person; nothing of it is shown'
      } finally {
        ehr.setFault('none')
      }
    },
  },
]
