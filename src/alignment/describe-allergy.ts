import type { Description, Standing } from './description.ts'
import { type Element, elementsOf, listOf } from './elements.ts'
import { knownAbsence } from './known-absence.ts'
import { conceptText, firstCode, firstDate, present } from './read-concept.ts'

const SEVERITIES: Record<string, string> = { mild: '軽度', moderate: '中等度', severe: '重度' }

export function describeAllergy(resource: Element): Description {
  const { standing, notes } = standingOf(resource)
  const { criticality, reaction } = resource
  const absence = knownAbsence(resource.code)
  const isCritical = criticality === 'high' && absence === undefined
  return {
    title: conceptText(resource.code),
    details: elementsOf(reaction).flatMap(reactionTexts),
    date: firstDate(resource.recordedDate, resource.onsetDateTime, resource.lastOccurrence),
    standing,
    notes: [...notes, ...(isCritical ? ['重篤化のおそれ：高'] : [])],
    isCritical,
    absent: absence?.items,
  }
}

function reactionTexts({ manifestation, severity }: Element): string[] {
  const texts = present(...listOf(manifestation).map(conceptText))
  if (texts.length === 0) return []
  const degree =
    typeof severity === 'string' && Object.hasOwn(SEVERITIES, severity) ? SEVERITIES[severity] : undefined
  return [degree === undefined ? texts.join('、') : `${texts.join('、')}（${degree}）`]
}

function standingOf({ verificationStatus, clinicalStatus }: Element): {
  standing: Standing
  notes: string[]
} {
  const verification = firstCode(verificationStatus)
  if (verification === 'entered-in-error') return { standing: 'withdrawn', notes: ['誤記載のため取消'] }
  if (verification === 'refuted') return { standing: 'withdrawn', notes: ['否定'] }
  if (verification === 'unconfirmed' || verification === 'presumed')
    return { standing: 'suspected', notes: ['未確定'] }
  const clinical = firstCode(clinicalStatus)
  if (clinical === 'resolved') return { standing: 'ended', notes: ['消失'] }
  if (clinical === 'inactive') return { standing: 'ended', notes: ['現在は活動なし'] }
  return { standing: 'stated', notes: [] }
}
