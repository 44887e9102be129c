import type { Description, Standing } from './description.ts'
import { type Element, elementOf } from './elements.ts'
import { knownAbsence } from './known-absence.ts'
import { conceptText, firstCode, firstDate } from './read-concept.ts'

export function describeCondition(resource: Element): Description {
  const { onsetDateTime, onsetPeriod, recordedDate, abatementDateTime, meta } = resource
  const ended = firstDate(abatementDateTime)
  return {
    title: conceptText(resource.code),
    details: ended === undefined ? [] : [`終了日 ${ended.slice(0, 10)}`],
    date: firstDate(onsetDateTime, elementOf(onsetPeriod)?.start, recordedDate, elementOf(meta)?.lastUpdated),
    ...standingOf(resource),
    absent: knownAbsence(resource.code)?.items,
  }
}

const ENDED: Record<string, string> = { resolved: '治癒・終了', remission: '寛解', inactive: '活動なし' }
const SUSPECTED = new Set(['unconfirmed', 'provisional', 'differential'])

function standingOf({ verificationStatus, clinicalStatus }: Element): {
  standing: Standing
  notes: string[]
} {
  const verification = firstCode(verificationStatus)
  if (verification === 'entered-in-error') return { standing: 'withdrawn', notes: ['誤記載のため取消'] }
  if (verification === 'refuted') return { standing: 'withdrawn', notes: ['否定'] }
  const clinical = firstCode(clinicalStatus)
  const ended = clinical !== undefined && Object.hasOwn(ENDED, clinical) ? ENDED[clinical] : undefined
  if (ended !== undefined) return { standing: 'ended', notes: [ended] }
  if (verification !== undefined && SUSPECTED.has(verification))
    return { standing: 'suspected', notes: ['疑い'] }
  return { standing: 'stated', notes: [] }
}
