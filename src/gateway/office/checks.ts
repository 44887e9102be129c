import { Hono } from 'hono'
import { type Card, momentText, officeCardsPage, officeNoticePage } from '../../pages/index.ts'
import { refuse } from '../../vocabulary/index.ts'
import type { GatewayContext } from '../context.ts'
import { type DeskEntry, waitingEntries } from '../desk-store.ts'
import { checkForm } from '../enter-form.ts'
import { unconfirmedRefusals } from '../unconfirmed-refusals.ts'
import { answer, frameOf, linkTo, OFFICE_PAGES, type OfficeCall, type OfficeEnv } from './answer.ts'
import { becameOf } from './desk-pages.ts'
import { factsOf } from './desk-words.ts'
import type { Names } from './names.ts'
import { checkNames, refusedAt, said } from './sent-form.ts'

const PATH = '/office/desk/checks'

/** The second look: what waits, and whether it says what its paper says. */
export function checkRoutes(ctx: GatewayContext) {
  return new Hono<OfficeEnv>().get('/checks', (c) => list(ctx, c)).post('/checks', (c) => look(ctx, c))
}

async function list(
  ctx: GatewayContext,
  c: OfficeCall,
  refused?: ReturnType<typeof refusedAt>,
): Promise<Response> {
  const { frame, names } = await frameOf(ctx, c.get('office'), PATH)
  const entries = await waitingEntries(ctx.db)
  const page = {
    title: OFFICE_PAGES[PATH],
    general: refused?.general,
    about: [
      {
        ja: '書面と見くらべ、同じなら有効にし、違えば差し戻してください。入力した方は確認できません。',
        en: 'Compare each with its paper: let it count, or turn it down. Whoever entered it cannot.',
      },
    ],
    lists: [
      {
        name: { ja: '確認を待つ同意書', en: 'Papers that wait' },
        cards: await Promise.all(entries.map((entry) => cardOf(ctx, c, entry, names))),
        none: { ja: '確認を待つものはありません。', en: 'Nothing waits.' },
      },
    ],
  }
  return answer(c, officeCardsPage(frame, page), refused?.status ?? 200)
}

async function cardOf(ctx: GatewayContext, c: OfficeCall, entry: DeskEntry, names: Names): Promise<Card> {
  const { receipt, form, enteredBy, enteredAt } = entry
  const { handle, login } = c.get('office')
  const faults = await unconfirmedRefusals(ctx, form)
  const isOwn = [enteredBy, form.enteredBy].includes(login.user)
  return {
    id: `entry-${receipt}`,
    title: `受付番号 ${receipt}`,
    facts: [
      ...factsOf(form, names).slice(1),
      { label: '入力者', value: form.enteredBy ?? enteredBy },
      { label: '入力日時', value: momentText(enteredAt) },
      ...faults.map(({ ja }) => ({ label: '確認事項', value: ja })),
    ],
    ...(isOwn
      ? {
          note: {
            ja: 'あなたが入力したため、別の方が確認します。',
            en: 'You entered it: somebody else looks.',
          },
        }
      : {
          form: {
            send: { action: PATH, fields: { session: handle, receipt } },
            fields: [],
            buttons: [
              {
                label: '書面のとおり。有効にする It is right',
                name: 'isRight',
                value: 'true',
                kind: 'primary' as const,
              },
              { label: '差し戻す Turn it down', name: 'isRight', value: 'false', kind: 'secondary' as const },
            ],
          },
        }),
  }
}

async function look(ctx: GatewayContext, c: OfficeCall): Promise<Response> {
  const sent = c.get('sent')
  checkNames(sent, [], ['receipt', 'isRight'])
  const [receipt, isRight] = [said(sent, 'receipt'), said(sent, 'isRight')]
  if (receipt === undefined || (isRight !== 'true' && isRight !== 'false'))
    throw refuse('parameter-unsupported')
  try {
    const entered = await checkForm(ctx, c.get('office').login, { receipt, isRight: isRight === 'true' })
    const { frame } = await frameOf(ctx, c.get('office'), PATH)
    return answer(c, officeNoticePage(frame, { ...becameOf(entered), links: [linkTo(PATH)] }))
  } catch (error) {
    return list(ctx, c, refusedAt(error, {}))
  }
}
