import { HubError } from '../kernel/hub-error.ts'
import { emergencyPage, notProvidedPage, type Page, reportPage, SEXES } from '../pages/index.ts'
import { REFUSALS, refuse, WARNING_CODES } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { waysOf } from './own-council.ts'
import { EMERGENCY_REASONS } from './read-form.ts'
import type { Session } from './session.ts'

export function isNotProvided(error: unknown): boolean {
  return error instanceof HubError && error.code === 'not-provided'
}

/** Says no, and offers a first visit or an emergency to whoever may declare one and has not. */
export async function notProvided(ctx: GatewayContext, session: Session, reference: string): Promise<Page> {
  const { patientHandle, opened } = session
  const ways = await waysOf(ctx, session.login)
  const fields = { patient: patientHandle }
  const isEmergency = opened.breakGlass !== undefined
  return notProvidedPage({
    patientName: opened.facts.kanji,
    sentence: REFUSALS['not-provided'],
    reference,
    warnings: WARNING_CODES,
    firstVisit:
      ways.firstVisit && opened.firstVisit === undefined && !isEmergency
        ? { action: '/viewer/first-visit', fields }
        : undefined,
    emergency: ways.emergency && !isEmergency ? '/viewer/emergency' : undefined,
    close: { action: '/viewer/close', fields },
  })
}

/** The page before breaking the glass; refused to whom the own council does not name. */
export async function explainEmergency(ctx: GatewayContext, session: Session): Promise<Page> {
  if (!(await waysOf(ctx, session.login)).emergency) throw refuse('break-glass-not-permitted')
  const { facts } = session.opened
  return emergencyPage({
    facts: [
      { label: '氏名', value: facts.kanji },
      { label: '生年月日', value: facts.birthDate },
      { label: '性別', value: SEXES[facts.sex] },
    ],
    hasSecondFactor: session.login.secondFactor,
    reasons: Object.entries(EMERGENCY_REASONS).map(([code, label]) => ({ code, label })),
    start: { action: '/viewer/emergency', fields: { patient: session.patientHandle } },
  })
}

export function askForReport(session: Session): Page {
  return reportPage({
    patientName: session.opened.facts.kanji,
    send: { action: '/viewer/report', fields: { patient: session.patientHandle } },
  })
}
