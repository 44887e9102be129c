import { ELSEWHERE, PHYSICIAN } from './answered.ts'
import { ask, patientParameter, type Reply } from './ask.ts'
import { expectThat, type Step } from './step.ts'

const FORM = patientParameter('shiokaze', ELSEWHERE)

function expectSaid(reply: Reply, state: string): string {
  expectThat(reply.status === 200, `status ${reply.status}: ${reply.said}`)
  expectThat(reply.states.minato === state, `minato is ${reply.states.minato}`)
  expectThat(reply.isPartial && reply.records.length === 0, 'the answer does not say that it is partial')
  return `minato is ${state}, the answer is partial: 「${reply.said.split(' / ')[0]}」`
}

export const down: readonly Step[] = [
  {
    ja: '地域の電子カルテが止まると、回答がそう述べる',
    en: 'A region’s EHR is down, and the answer says so',
    run: async (demo) => {
      const { ehr } = demo.regions.minato
      ehr.setFault('down')
      try {
        return expectSaid(await ask(demo, PHYSICIAN, FORM), 'unreachable')
      } finally {
        ehr.setFault('none')
      }
    },
  },
  {
    ja: '地域のゲートウェイが落ちても、回答がそう述べる',
    en: 'A region’s gateway is killed, and the answer says so',
    run: async (demo) => {
      const { minato } = demo.regions
      await minato.gateway.kill()
      try {
        return expectSaid(await ask(demo, PHYSICIAN, FORM), 'unreachable')
      } finally {
        await minato.startGateway()
      }
    },
  },
  {
    ja: '戻れば、また届く',
    en: 'Back again, it answers again',
    run: async (demo) => {
      const reply = await ask(demo, PHYSICIAN, FORM)
      expectThat(
        reply.status === 200 && reply.states.minato === 'complete',
        `minato is ${reply.states.minato}`,
      )
      return `${reply.records.length} records`
    },
  },
]
