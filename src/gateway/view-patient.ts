import { alignAnswersAside } from '../alignment/index.ts'
import { BREAK_GLASS_MS } from '../consent/index.ts'
import type { ViewerModel } from '../pages/index.ts'
import type { Directory } from '../registry/index.ts'
import { ITEM_CODES } from '../vocabulary/index.ts'
import { type AskedAnswer, askHub } from './ask-hub.ts'
import type { CheckedAnswer } from './check-answer.ts'
import type { GatewayContext } from './context.ts'
import { currentDirectory } from './directory-cache.ts'
import { rememberHandle, type Session } from './session.ts'

/** Asks for everything about the session's patient, and sorts (and judges) what was proven for the page. */
export async function viewPatient(
  ctx: GatewayContext,
  session: Session,
  { reference, isJudged }: { reference: string; isJudged: boolean },
): Promise<ViewerModel> {
  const { facts: _facts, ...opened } = session.opened
  const asked = await askHub(ctx, session.login, { ...opened, items: [...ITEM_CODES] })
  if (asked.answer.handle !== undefined) await askByHandle(ctx, session, asked.answer.handle)
  const { directory } = await currentDirectory(ctx)
  const nameOf = (id: string) => directory.regions.find((region) => region.id === id)?.name ?? id
  const { answer } = asked
  return {
    patient: patientOf(ctx, session, asked, nameOf),
    asker: askerOf(ctx, session, directory, nameOf),
    fetchedAt: ctx.now(),
    sources: answer.sources.map(({ region, records, ...source }) => ({
      ...source,
      region: { id: region, name: nameOf(region) },
      count: records.length,
    })),
    aligned: await alignedOf(answer, nameOf, isJudged),
    institutions: new Map(directory.institutions.map(({ number, name }) => [number, name])),
    receipt: answer.receipt,
    reference,
    again: { action: '/viewer/again', fields: { patient: session.patientHandle } },
    close: { action: '/viewer/close', fields: { patient: session.patientHandle } },
    report: session.opened.breakGlass === undefined ? undefined : '/viewer/report',
  }
}

/** Demographics are kept no longer than they are needed. */
function askByHandle(ctx: GatewayContext, session: Session, handle: string): Promise<void> {
  const { birthDate = '', sex: gender } = session.opened.facts
  return rememberHandle(ctx, session, { handle, birthDate, gender })
}

type NameOf = (region: string) => string

function patientOf(
  ctx: GatewayContext,
  session: Session,
  { patient }: AskedAnswer,
  nameOf: NameOf,
): ViewerModel['patient'] {
  const facts = patient.facts ?? session.opened.facts
  const isOwn = patient.system === ctx.patientSystem
  return { ...facts, ids: isOwn ? [{ label: nameOf(ctx.region), value: patient.value }] : [] }
}

function askerOf(
  ctx: GatewayContext,
  { login, opened }: Session,
  { institutions }: Directory,
  nameOf: NameOf,
): ViewerModel['asker'] {
  return {
    regionName: nameOf(ctx.region),
    institutionName: institutions.find(({ number }) => number === login.institution)?.name ?? '',
    institutionNumber: login.institution,
    userName: login.userName,
    profession: login.profession,
    purpose: opened.breakGlass === undefined ? 'TREAT' : 'BTG',
    emergencyUntil:
      opened.breakGlass === undefined ? undefined : new Date(opened.breakGlass.since * 1000 + BREAK_GLASS_MS),
  }
}

/** What a source was permitted to give is known only where its council lets it be; else empty may be withheld. */
function alignedOf(
  { sources }: CheckedAnswer,
  nameOf: NameOf,
  isJudged: boolean,
): Promise<ViewerModel['aligned']> {
  return alignAnswersAside(
    sources.map(({ region, state, items, records }) => ({
      region: { id: region, name: nameOf(region) },
      state,
      ...(items === undefined ? {} : { items: [...items] }),
      resources: records,
    })),
    ITEM_CODES,
    { isJudged },
  )
}
