import type { VisitKind } from '../../vocabulary/index.ts'
import { consentOf } from '../feed-world.ts'
import { STORY } from '../world/index.ts'
import { ELSEWHERE, PHYSICIAN } from './answered.ts'
import { ask, fresh, patientParameter, plain } from './ask.ts'
import { countEntries, withHubDatabase } from './hub-database.ts'
import { expectThat, NotShown, type Step } from './step.ts'

/** The first refusal, which every other must equal. */
let refusal: string | undefined

function alike(
  title: { ja: string; en: string },
  run: Step['run'] | undefined,
  asked: { user: string; form: Record<string, string>; visit?: VisitKind },
): Step {
  return {
    ...title,
    run: async (demo) => {
      const before = await run?.(demo)
      const attempts = await withHubDatabase(demo, (db) => countEntries(db, 'query.attempt'))
      const reply = await ask(demo, asked.user, asked.form, asked.visit)
      expectThat(reply.status === 403, `status ${reply.status}: ${reply.said}`)
      refusal ??= plain(reply)
      if (plain(reply) !== refusal) throw new NotShown('the refusal differs from the others')
      const recorded = (await withHubDatabase(demo, (db) => countEntries(db, 'query.attempt'))) - attempts
      expectThat(recorded === 1, `${recorded} attempts were recorded`)
      return `${before ?? ''}403, the same words as every other refusal; the attempt is on record`
    },
  }
}

export const refusedAlike: readonly Step[] = [
  alike({ ja: '同意がない住民', en: 'No consent' }, undefined, {
    user: 'm-aoki',
    form: patientParameter('minato', STORY.withoutConsent.localIds.minato ?? ''),
    visit: 'outpatient',
  }),
  alike({ ja: '受診のない機関', en: 'No visit' }, undefined, {
    user: 's-hamana',
    form: patientParameter('shiokaze', ELSEWHERE),
  }),
  alike({ ja: '支援措置のある住民', en: 'A protected person' }, undefined, {
    user: PHYSICIAN,
    form: patientParameter('shiokaze', STORY.protectedPerson.localIds.shiokaze ?? ''),
    visit: 'outpatient',
  }),
  alike(
    { ja: '同意の撤回の後（撤回は直ちに効く）', en: 'After the consent was withdrawn: at once' },
    async (demo) => {
      const first = await ask(demo, PHYSICIAN, patientParameter('shiokaze', ELSEWHERE))
      expectThat(first.status === 200, `before the withdrawal: status ${first.status}`)
      const localId = STORY.allergyElsewhere.localIds.minato ?? ''
      const consent = demo.world.consents.find((each) => each.region === 'minato' && each.localId === localId)
      expectThat(consent !== undefined, 'the resident has no consent to withdraw')
      const { minato } = demo.regions
      const withdrawn = consentOf(
        { ...consent, evidence: fresh('withdrawal') },
        { meta: { versionId: '2' }, status: 'inactive' },
      )
      const fed = await minato.send(
        'POST',
        '/fhir/Consent',
        JSON.stringify(withdrawn),
        await minato.login('council'),
      )
      expectThat(fed.status < 300, `the withdrawal was refused: ${fed.status}`)
      return 'answered before, withdrawn, then '
    },
    { user: PHYSICIAN, form: patientParameter('shiokaze', ELSEWHERE) },
  ),
]
