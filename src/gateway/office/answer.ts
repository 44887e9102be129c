import type { Context as Call } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { HubEnv } from '../../http/index.ts'
import { type OfficeFrame, type OfficeLink, PAGE_CSP, type Page } from '../../pages/index.ts'
import type { GatewayContext } from '../context.ts'
import type { FeedLogin, OfficeDuty } from '../login.ts'
import { holdsDuty } from '../require-login.ts'
import { type Names, namesOf } from './names.ts'
import type { Sent } from './sent-form.ts'
import type { OfficeSession } from './session.ts'

/** What a call of the office's pages carries once its session was found. */
export interface OfficeEnv {
  Variables: HubEnv['Variables'] & { office: OfficeSession; sent: Sent }
}
export type OfficeCall = Call<OfficeEnv>

/** The office's pages, and whose duty each is. */
export const OFFICE_PAGES = {
  '/office/desk/paper': { ja: '同意書の入力', en: 'Enter a paper', duty: 'desk' },
  '/office/desk/end': { ja: '停止・撤回など', en: 'Stop sharing', duty: 'desk' },
  '/office/desk/checks': { ja: '二人目の確認', en: 'Second look', duty: 'desk' },
  '/office/privacy/notices': { ja: 'お知らせ', en: 'Notices', duty: 'privacy' },
  '/office/privacy/emergencies': { ja: '緊急時閲覧', en: 'Emergencies', duty: 'privacy' },
  '/office/privacy/findings': { ja: '閲覧の点検', en: 'Findings', duty: 'privacy' },
  '/office/privacy/disclosures': { ja: '本人への開示', en: 'Disclosure', duty: 'privacy' },
} as const satisfies Record<string, { ja: string; en: string; duty: OfficeDuty }>
export type OfficePath = keyof typeof OFFICE_PAGES
export const OFFICE_PATHS = Object.keys(OFFICE_PAGES) as OfficePath[]

/** The pages that a login may open. */
export function pagesOf(login: FeedLogin): OfficePath[] {
  return OFFICE_PATHS.filter((path) => holdsDuty(login, OFFICE_PAGES[path].duty))
}

export function linkTo(path: OfficePath): OfficeLink {
  return { to: path, label: OFFICE_PAGES[path] }
}

/** What stands round a page, and the names that it may say. */
export async function frameOf(
  ctx: GatewayContext,
  { login, handle }: OfficeSession,
  current: string,
): Promise<{ frame: OfficeFrame; names: Names }> {
  const names = await namesOf(ctx)
  const frame = {
    regionName: names.region(ctx.region),
    userName: login.userName,
    links: pagesOf(login).map(linkTo),
    current,
    close: { action: '/office/close', fields: { session: handle } },
  }
  return { frame, names }
}

export async function answer(c: Call, content: Page, status: ContentfulStatusCode = 200): Promise<Response> {
  return c.html(content, status, { 'content-security-policy': PAGE_CSP })
}
