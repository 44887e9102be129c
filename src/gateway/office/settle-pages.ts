import { Hono } from 'hono'
import type { Sentence } from '../../kernel/hub-error.ts'
import { type CardList, officeCardsPage, officeNoticePage } from '../../pages/index.ts'
import type { GatewayContext } from '../context.ts'
import {
  answer,
  frameOf,
  linkTo,
  OFFICE_PAGES,
  type OfficeCall,
  type OfficeEnv,
  type OfficePath,
} from './answer.ts'
import { askCouncil } from './ask-council.ts'
import type { Names } from './names.ts'
import { refusedAt } from './sent-form.ts'
import { readSettling, type Settled, type Settling, settleAlonePage, settleForm } from './settle-form.ts'

/** A worklist that the hub keeps: what stands on it, and how one thing is settled. */
export interface Worklist {
  path: OfficePath
  about: Sentence
  wordsLabel: Sentence
  done: Sentence
  lists(names: Names, formOf: (id: string) => ReturnType<typeof settleForm>): Promise<CardList[]>
  /** The call of the hub that settles it, in the officer's name. */
  call(settled: Settled, officer: string): { path: string; body: object }
}

/** The page of a worklist, and what its forms do. */
export function worklistRoutes(ctx: GatewayContext, worklist: Worklist) {
  const within = worklist.path.slice('/office/privacy'.length)
  return new Hono<OfficeEnv>()
    .get(within, (c) => list(ctx, c, worklist))
    .post(within, (c) => settle(ctx, c, worklist))
}

type Status = ReturnType<typeof refusedAt>['status']

async function list(
  ctx: GatewayContext,
  c: OfficeCall,
  { path, about, wordsLabel, lists }: Worklist,
  settling?: Settling,
  status: Status = 200,
): Promise<Response> {
  const { frame, names } = await frameOf(ctx, c.get('office'), path)
  const session = c.get('office').handle
  const formOf = (id: string) => settleForm({ action: path, session, id, wordsLabel }, settling)
  const page = {
    title: OFFICE_PAGES[path],
    about: [about],
    general: settling?.typed.general,
    lists: await lists(names, formOf),
  }
  return answer(c, officeCardsPage(frame, page), status)
}

async function settle(ctx: GatewayContext, c: OfficeCall, worklist: Worklist): Promise<Response> {
  const sent = c.get('sent')
  const read = readSettling(sent)
  if ('fields' in read) return list(ctx, c, worklist, { id: read.id, typed: { sent, ...read } }, 422)
  const { path, wordsLabel } = worklist
  const { login, handle } = c.get('office')
  const { frame } = await frameOf(ctx, c.get('office'), path)
  try {
    const call = worklist.call(read, login.userName)
    await askCouncil(ctx, { method: 'POST', path: call.path, body: JSON.stringify(call.body) })
  } catch (error) {
    const { status, ...faults } = refusedAt(error, {})
    const settling = { id: read.id, typed: { sent, ...faults } }
    if (status < 500) return list(ctx, c, worklist, settling, status)
    const of = { title: OFFICE_PAGES[path], action: path, session: handle, wordsLabel }
    return answer(c, settleAlonePage(frame, of, settling), status)
  }
  const title = { ja: '記録しました', en: 'Recorded' }
  return answer(
    c,
    officeNoticePage(frame, { title, tone: 'good', text: worklist.done, links: [linkTo(path)] }),
  )
}
