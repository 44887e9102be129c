import { type Context as Call, Hono, type MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { type HubEnv, readBody } from '../../http/index.ts'
import { noticePage, officeHomePage } from '../../pages/index.ts'
import { refuse } from '../../vocabulary/index.ts'
import type { GatewayContext } from '../context.ts'
import { countWaiting } from '../desk-store.ts'
import type { OfficeDuty } from '../login.ts'
import { ownSite } from '../own-site.ts'
import { formsOnly } from '../page-door.ts'
import { onPageError } from '../page-faults.ts'
import { asOffice, holdsDuty } from '../require-login.ts'
import {
  answer,
  frameOf,
  linkTo,
  type OFFICE_PAGES,
  type OfficeCall,
  type OfficeEnv,
  pagesOf,
} from './answer.ts'
import { checkRoutes } from './checks.ts'
import { deskPageRoutes } from './desk-pages.ts'
import { disclosureRoutes } from './disclosures.ts'
import { emergencyRoutes } from './emergencies.ts'
import { findingRoutes } from './findings.ts'
import { noticeRoutes } from './notices.ts'
import { readSent, said } from './sent-form.ts'
import { currentOfficeSession, endOfficeSession, startOfficeSession } from './session.ts'

const FORM_BYTES_MAX = 32_768
const COOKIE = 'tsunagi-office'
const COOKIE_OPTIONS = {
  prefix: 'host',
  secure: true,
  httpOnly: true,
  sameSite: 'Strict',
  path: '/',
} as const

/** The pages of the council's office: opened by a login of its own, each page by whoever has its duty. */
export function officeRoutes(ctx: GatewayContext, hosts: ReadonlySet<string>) {
  const routes = new Hono<HubEnv>()
  routes.onError(onPageError(ctx.log))
  routes.use(readBody(FORM_BYTES_MAX), formsOnly())
  routes.post('/launch', (c) => launch(ctx, c))
  routes.route('/', insideRoutes(ctx, hosts))
  return routes
}

/** What only an open session reaches; a form acts only from our own page, and for whom it was made. */
function insideRoutes(ctx: GatewayContext, hosts: ReadonlySet<string>) {
  const fromOwnSite = ownSite(hosts) as unknown as MiddlewareHandler<OfficeEnv>
  return new Hono<OfficeEnv>()
    .use(async (c, next) => {
      c.set('office', await currentOfficeSession(ctx, getCookie(c, COOKIE, 'host')))
      if (c.req.method !== 'POST') return next()
      return fromOwnSite(c, async () => {
        const sent = readSent(c.get('body'))
        if (said(sent, 'session') !== c.get('office').handle) {
          c.res = await forSomebodyElse(c)
          return
        }
        c.set('sent', sent)
        await next()
      })
    })
    .get('/', (c) => home(ctx, c))
    .post('/close', (c) => close(ctx, c))
    .use('/desk/*', forDuty('desk'))
    .route('/desk', deskPageRoutes(ctx))
    .route('/desk', checkRoutes(ctx))
    .use('/privacy/*', forDuty('privacy'))
    .route('/privacy', noticeRoutes(ctx))
    .route('/privacy', emergencyRoutes(ctx))
    .route('/privacy', findingRoutes(ctx))
    .route('/privacy', disclosureRoutes(ctx))
}

function forDuty(duty: OfficeDuty): MiddlewareHandler<OfficeEnv> {
  return async (c, next) => {
    if (!holdsDuty(c.get('office').login, duty)) throw refuse('login-unfit')
    await next()
  }
}

/** Comes from the region's own page, hence from another site, as the viewer's launch does. */
async function launch(ctx: GatewayContext, c: Call<HubEnv>): Promise<Response> {
  const token = said(readSent(c.get('body')), 'login')
  if (token === undefined) throw refuse('login-required')
  const login = await ctx.login(token)
  const id = await startOfficeSession(ctx, { ...asOffice(login), token: login.token })
  setCookie(c, COOKIE, id, COOKIE_OPTIONS)
  c.header('refresh', '0;url=/office')
  const link = { label: '開く', to: '/office' }
  const text = '自動で開かないときは、押してください。'
  return answer(c, noticePage({ title: '協議会事務局の画面を開いています', text, link }))
}

async function home(ctx: GatewayContext, c: OfficeCall): Promise<Response> {
  const { login } = c.get('office')
  const { frame } = await frameOf(ctx, c.get('office'), '/office')
  const waiting = holdsDuty(login, 'desk') ? await countWaiting(ctx.db) : undefined
  const pages = pagesOf(login).map((path) => ({
    ...linkTo(path),
    about: ABOUT[path],
    count: path === '/office/desk/checks' ? waiting : undefined,
  }))
  return answer(c, officeHomePage(frame, pages))
}

const ABOUT: Record<keyof typeof OFFICE_PAGES, { ja: string; en: string }> = {
  '/office/desk/paper': {
    ja: '紙の同意書を、受付番号で登録します。',
    en: 'Enters a consent on paper, under its receipt number.',
  },
  '/office/desk/end': {
    ja: '電話による停止、書面による撤回、脱退・転出、死亡を登録します。その場で効きます。',
    en: 'A stop by telephone, a withdrawal, a leaving or a death; counts at once.',
  },
  '/office/desk/checks': {
    ja: '別の方の確認を待つ同意書です。',
    en: 'Papers that wait for somebody else to look at them.',
  },
  '/office/privacy/notices': {
    ja: 'ハブから協議会へのお知らせです。初めての閲覧、緊急時閲覧など。',
    en: 'What the hub told the council: first views, emergencies and others.',
  },
  '/office/privacy/emergencies': {
    ja: '事後報告と、協議会の確認の期限です。',
    en: 'Reports and reviews that are owed, and by when.',
  },
  '/office/privacy/findings': {
    ja: '不適切な閲覧の可能性を確かめ、結果と対応を記録します。',
    en: 'What may be improper viewing, with what came of it and what follows.',
  },
  '/office/privacy/disclosures': {
    ja: '住民ご本人に、照会の記録を印刷してお渡しします。',
    en: 'Who asked about a resident, to be printed for them.',
  },
}

async function close(ctx: GatewayContext, c: OfficeCall): Promise<Response> {
  await endOfficeSession(ctx, c.get('office'))
  setCookie(c, COOKIE, '', { ...COOKIE_OPTIONS, maxAge: 0 })
  c.header('clear-site-data', '"cache"')
  const text = '続けるときは、協議会の入口からログインし直してください。'
  return answer(c, noticePage({ title: '終了しました', text }))
}

/** The page was made for another login of this browser: nothing is done in anybody's name. */
function forSomebodyElse(c: OfficeCall): Promise<Response> {
  const text = '操作は行われませんでした。前の利用者の画面を閉じ、やり直してください。'
  const link = { label: '現在の利用者の画面へ', to: '/office' }
  return answer(c, noticePage({ title: '利用者が替わっています', text, link }), 409)
}
