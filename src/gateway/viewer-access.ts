import { HubError } from '../kernel/hub-error.ts'
import { emergencyPage, notProvidedPage, type Page, reportPage, SEXES } from '../pages/index.ts'
import { POLICY_WHEN_NONE } from '../registry/index.ts'
import { namesViewer, type Policy, REFUSALS, refuse, WARNING_CODES } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { findPolicyCopy } from './copy-store.ts'
import { currentDirectory } from './directory-cache.ts'
import { EMERGENCY_REASONS } from './read-form.ts'
import type { Session } from './session.ts'

export function isNotProvided(error: unknown): boolean {
  return error instanceof HubError && error.code === 'not-provided'
}

/** What the own council lets this login do where nothing is provided: nothing in it tells why nothing was. */
async function waysOf(ctx: GatewayContext, { login }: Session) {
  const policy: Policy = (await findPolicyCopy(ctx.db, ctx.now())) ?? POLICY_WHEN_NONE
  const { directory } = await currentDirectory(ctx)
  const kind = directory.institutions.find(({ number }) => number === login.institution)?.kind ?? 'clinic'
  const isNamed = (row: Policy['firstVisit']['who'][number]) => namesViewer(row, { ...login, kind })
  return {
    firstVisit: policy.unvisited === 'warn' || policy.firstVisit.who.some(isNamed),
    emergency: policy.breakGlass.who.some(isNamed),
  }
}

/** Says no, and offers a first visit or an emergency to whoever may declare one and has not. */
export async function notProvided(ctx: GatewayContext, session: Session, reference: string): Promise<Page> {
  const { patientHandle, opened } = session
  const ways = await waysOf(ctx, session)
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
  if (!(await waysOf(ctx, session)).emergency) throw refuse('break-glass-not-permitted')
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

/** Whether the login may break the glass at all: by the own council's policy and by two factors. */
export async function mayBreakGlass(ctx: GatewayContext, session: Session): Promise<boolean> {
  return session.login.secondFactor && (await waysOf(ctx, session)).emergency
}

export function askForReport(session: Session): Page {
  return reportPage({
    patientName: session.opened.facts.kanji,
    send: { action: '/viewer/report', fields: { patient: session.patientHandle } },
  })
}
