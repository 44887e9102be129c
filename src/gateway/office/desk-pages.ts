import { Hono } from 'hono'
import { tokyoDate } from '../../consent/index.ts'
import type { Sentence } from '../../kernel/hub-error.ts'
import { officeFormPage, officeNoticePage } from '../../pages/index.ts'
import { POLICY_WHEN_NONE } from '../../registry/index.ts'
import { REFUSALS } from '../../vocabulary/index.ts'
import type { GatewayContext } from '../context.ts'
import { findPolicyCopy } from '../copy-store.ts'
import { type Entered, enterForm } from '../enter-form.ts'
import { answer, frameOf, linkTo, OFFICE_PAGES, type OfficeCall, type OfficeEnv } from './answer.ts'
import { endGroups, paperGroups } from './desk-fields.ts'
import { otherKind } from './desk-words.ts'
import { DESK_PLACES, readDeskPage } from './read-desk-page.ts'
import { checkNames, NOTHING_TYPED, refusedAt, said, type Typed } from './sent-form.ts'

type DeskPath = '/office/desk/paper' | '/office/desk/end'
type Status = ReturnType<typeof refusedAt>['status']

/** Papers and telephone calls, one by one: the pages of what `/desk/forms` takes. */
export function deskPageRoutes(ctx: GatewayContext) {
  const routes = new Hono<OfficeEnv>()
  for (const path of ['/office/desk/paper', '/office/desk/end'] as const) {
    const within = path.slice('/office/desk'.length)
    routes.get(within, (c) => show(ctx, c, path, NOTHING_TYPED))
    routes.post(within, (c) => enter(ctx, c, path))
  }
  return routes
}

async function show(
  ctx: GatewayContext,
  c: OfficeCall,
  path: DeskPath,
  typed: Typed,
  status: Status = 200,
): Promise<Response> {
  const { frame, groups } = await pageOf(ctx, c, path, typed)
  const form = {
    title: OFFICE_PAGES[path],
    about: [ABOUT[path]],
    groups,
    general: typed.general,
    send: { action: path, fields: { session: c.get('office').handle } },
    submit: SUBMIT[path],
  }
  return answer(c, officeFormPage(frame, form), status)
}

async function pageOf(ctx: GatewayContext, c: OfficeCall, path: DeskPath, typed: Typed) {
  const { frame, names } = await frameOf(ctx, c.get('office'), path)
  const today = tokyoDate(ctx.now())
  if (path === '/office/desk/end') return { frame, groups: endGroups(typed, { today }) }
  const { forms } = (await findPolicyCopy(ctx.db, ctx.now())) ?? POLICY_WHEN_NONE
  return { frame, groups: paperGroups(typed, { today, forms, names, region: ctx.region }) }
}

/** What is wrong comes back with the form as it was typed; nothing of it was kept. */
async function enter(ctx: GatewayContext, c: OfficeCall, path: DeskPath): Promise<Response> {
  const sent = c.get('sent')
  const { frame, groups } = await pageOf(ctx, c, path, { ...NOTHING_TYPED, sent })
  checkNames(
    sent,
    groups.flatMap(({ fields }) => fields),
  )
  const read = readDeskPage(sent, path === '/office/desk/paper' ? 'consent' : otherKind(said(sent, 'kind')))
  if ('fields' in read) return show(ctx, c, path, { sent, ...read }, 422)
  try {
    const entered = await enterForm(ctx, c.get('office').login, read.form)
    return answer(
      c,
      officeNoticePage(frame, { ...becameOf(entered), links: [linkTo(path), linkTo('/office/desk/checks')] }),
    )
  } catch (error) {
    const { status, ...faults } = refusedAt(error, DESK_PLACES)
    return show(ctx, c, path, { sent, ...faults }, status)
  }
}

/** What became of an entry, for who entered it or looked at it. */
export function becameOf({ receipt, state, hub, faults = [] }: Entered) {
  const facts = [
    { label: '受付番号', value: receipt },
    ...faults.map(({ ja, en }) => ({ label: '要確認', value: `${ja} ${en}` })),
  ]
  const tone = faults.length === 0 ? ('good' as const) : ('warning' as const)
  const title = { ja: '登録しました', en: 'Entered' }
  if (state === 'waiting') return { title, tone, text: WAITS, facts }
  if (state === 'refused') return { title: TURNED_DOWN, tone: 'good' as const, text: COUNTS_NOT, facts }
  if (hub === undefined || hub === 'taken') return { title, tone, text: COUNTS, facts }
  const why = [{ label: 'ハブの返事', value: `${REFUSALS[hub].ja}（${hub}）` }]
  return { title, tone: 'warning' as const, text: COUNTS_HERE, facts: [...facts, ...why] }
}

const COUNTS: Sentence = {
  ja: '有効になり、ハブも受け付けました。',
  en: 'It counts, and the hub has taken it.',
}
const COUNTS_HERE: Sentence = {
  ja: 'この地域では有効です。ハブには、まだ届いていません。自動で送り直します。',
  en: 'It counts here. The hub has not taken it yet; it is sent again by itself.',
}
const WAITS: Sentence = {
  ja: '別の方の確認を待っています。確認されるまで、新たな提供は始まりません。',
  en: 'It waits for somebody else to look at it, and permits nothing until then.',
}
const TURNED_DOWN: Sentence = { ja: '差し戻しました', en: 'Turned down' }
const COUNTS_NOT: Sentence = {
  ja: 'この登録は有効になりません。書面を確かめ、別の受付番号で入力し直してください。',
  en: 'It does not count. Look at the paper and enter it anew under another receipt number.',
}

const ABOUT: Record<DeskPath, Sentence> = {
  '/office/desk/paper': {
    ja: '書面のとおりに入力してください。一部は、別の方の確認のあとで有効になります。',
    en: 'Enter what the paper says. Some papers count only once somebody else has looked at them.',
  },
  '/office/desk/end': {
    ja: '登録するとその場で提供が止まります。停止は、書面で確かめるか解くまで続きます。死亡の取消だけは、別の方の確認を待ちます。',
    en: 'Sharing ends at once. A stop holds until paper confirms or lifts it. A death taken back waits for somebody else.',
  },
}
const SUBMIT: Record<DeskPath, Sentence> = {
  '/office/desk/paper': { ja: '同意書を登録する', en: 'Enter the paper' },
  '/office/desk/end': { ja: '登録する', en: 'Enter it' },
}
