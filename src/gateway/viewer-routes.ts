import { type Context as Call, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { type HubEnv, readBody } from '../http/index.ts'
import { noticePage, PAGE_CSP, type Page, viewerPage } from '../pages/index.ts'
import { refuse } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { findPatient } from './find-patient.ts'
import { checkOwnCouncil } from './own-council.ts'
import { ownSite } from './own-site.ts'
import { formsOnly } from './page-door.ts'
import { onPageError } from './page-faults.ts'
import { readEmergency, readLaunch, readPatientHandle, readReport } from './read-form.ts'
import { sendReport } from './report-emergency.ts'
import { asClinician } from './require-login.ts'
import {
  breakGlass,
  confirmFirstVisit,
  currentSession,
  endSession,
  openedBefore,
  type Session,
  startSession,
} from './session.ts'
import { viewPatient } from './view-patient.ts'
import { askForReport, explainEmergency, isNotProvided, notProvided } from './viewer-access.ts'
import { visitOf } from './visit-of.ts'

const FORM_BYTES_MAX = 32_768
const COOKIE = 'tsunagi'

/** The viewer: opened by the local record system for one patient, whom no address ever names. */
export function viewerRoutes(ctx: GatewayContext, hosts: ReadonlySet<string>) {
  const routes = new Hono<HubEnv>()
  routes.onError(onPageError(ctx.log))
  routes.use(readBody(FORM_BYTES_MAX), formsOnly())
  routes.get('/', (c) => view(ctx, c))
  routes.post('/launch', (c) => launch(ctx, c))
  routes.post('/again', ownSite(hosts), (c) =>
    forPatientShown(ctx, c, async () => c.redirect('/viewer', 303)),
  )
  routes.post('/close', ownSite(hosts), (c) => forPatientShown(ctx, c, (session) => close(ctx, c, session)))
  routes.post('/first-visit', ownSite(hosts), (c) =>
    forPatientShown(ctx, c, async (session) => {
      await confirmFirstVisit(ctx, session)
      return c.redirect('/viewer', 303)
    }),
  )
  routes.get('/emergency', async (c) => page(c, await explainEmergency(ctx, await sessionOf(ctx, c))))
  routes.post('/emergency', ownSite(hosts), (c) => startEmergency(ctx, c))
  routes.get('/report', async (c) => page(c, askForReport(await sessionOf(ctx, c))))
  routes.post('/report', ownSite(hosts), (c) => report(ctx, c))
  return routes
}

/**
 * Comes from the local record system's page, hence from another site: what lets it in is the login token, once.
 * A Strict cookie would not come back with a redirect out of a cross-site post, so the answer is a page of our own
 * that goes on by itself: from there the browser sends it.
 */
async function launch(ctx: GatewayContext, c: Call<HubEnv>): Promise<Response> {
  const { login: token, ...asked } = readLaunch(c.get('body'), ctx.now())
  const login = await ctx.login(token)
  const clinician = { ...asClinician(login), token: login.token }
  const patient = await findPatient(ctx, asked.patient)
  const { facts } = patient
  if (facts === undefined) throw refuse('patient-unknown')
  const visit = visitOf(clinician, patient, ctx.now())
  const { id } = await startSession(ctx, clinician, { ...asked, visit, facts })
  setCookie(c, COOKIE, id, { prefix: 'host', secure: true, httpOnly: true, sameSite: 'Strict', path: '/' })
  c.header('refresh', '0;url=/viewer')
  const link = { label: '開く', to: '/viewer' }
  return page(
    c,
    noticePage({ title: '閲覧画面を開いています', text: '自動で開かないときは、押してください。', link }),
  )
}

async function view(ctx: GatewayContext, c: Call<HubEnv>): Promise<Response> {
  const session = await sessionOf(ctx, c)
  try {
    const isJudged = c.req.query('levels') !== undefined
    return page(c, viewerPage(await viewPatient(ctx, session, { reference: c.get('requestId'), isJudged })))
  } catch (error) {
    if (!isNotProvided(error)) throw error
    return page(c, await notProvided(ctx, session, c.get('requestId')), 403)
  }
}

function sessionOf(ctx: GatewayContext, c: Call<HubEnv>): Promise<Session> {
  return currentSession(ctx, getCookie(c, COOKIE, 'host'))
}

async function startEmergency(ctx: GatewayContext, c: Call<HubEnv>): Promise<Response> {
  const { patient, reason } = readEmergency(c.get('body'))
  return forPatientOf(ctx, c, patient, async (session) => {
    await checkOwnCouncil(ctx, session.login, { breakGlass: { reason, since: 0 } })
    await breakGlass(ctx, session, reason)
    return c.redirect('/viewer', 303)
  })
}

async function report(ctx: GatewayContext, c: Call<HubEnv>): Promise<Response> {
  const { patient, report } = readReport(c.get('body'))
  return forPatientOf(ctx, c, patient, async (session) => {
    await sendReport(ctx, session, report)
    const link = { label: '閲覧画面に戻る', to: '/viewer' }
    return page(
      c,
      noticePage({ title: '報告しました', text: '緊急時閲覧の事後報告を受け付けました。', link }),
    )
  })
}

async function close(ctx: GatewayContext, c: Call<HubEnv>, session: Session): Promise<Response> {
  await endSession(ctx, session.patientHandle)
  setCookie(c, COOKIE, '', {
    prefix: 'host',
    secure: true,
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    maxAge: 0,
  })
  c.header('clear-site-data', '"cache"')
  return page(
    c,
    noticePage({ title: '患者を閉じました', text: '続けて閲覧するときは、電子カルテから開いてください。' }),
  )
}

/** Acts only when the form was made for the patient now open; else says which two patients they are. */
async function forPatientShown(
  ctx: GatewayContext,
  c: Call<HubEnv>,
  act: (session: Session) => Promise<Response>,
): Promise<Response> {
  return forPatientOf(ctx, c, readPatientHandle(c.get('body')), act)
}

async function forPatientOf(
  ctx: GatewayContext,
  c: Call<HubEnv>,
  made: string,
  act: (session: Session) => Promise<Response>,
): Promise<Response> {
  const session = await sessionOf(ctx, c)
  if (made === session.patientHandle) return act(session)
  const before = await openedBefore(ctx, session, made)
  const facts = [
    { label: '操作した画面の患者', value: before?.facts.kanji },
    { label: '現在開いている患者', value: session.opened.facts.kanji },
  ]
  const text = '操作は行われませんでした。古い画面を閉じ、現在の患者を確かめてください。'
  const link = { label: '現在の患者を表示', to: '/viewer' }
  return page(c, noticePage({ title: '別の患者が開かれています', text, facts, link }), 409)
}

async function page(c: Call<HubEnv>, content: Page, status: 200 | 403 | 409 = 200): Promise<Response> {
  return c.html(content, status, { 'content-security-policy': PAGE_CSP })
}
