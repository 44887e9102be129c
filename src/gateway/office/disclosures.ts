import { Hono } from 'hono'
import { z } from 'zod'
import type { Sentence } from '../../kernel/hub-error.ts'
import { type Field, officeFormPage, officeReportPage } from '../../pages/index.ts'
import type { GatewayContext } from '../context.ts'
import { answer, frameOf, linkTo, OFFICE_PAGES, type OfficeCall, type OfficeEnv } from './answer.ts'
import { askCouncil } from './ask-council.ts'
import {
  checkNames,
  type Faults,
  NOTHING_TYPED,
  refusedAt,
  type Sent,
  said,
  type Typed,
  typedIn,
} from './sent-form.ts'

const PATH = '/office/privacy/disclosures'

/** A resident's disclosure report, in plain Japanese to be printed. */
export function disclosureRoutes(ctx: GatewayContext) {
  return new Hono<OfficeEnv>()
    .get('/disclosures', (c) => show(ctx, c, NOTHING_TYPED))
    .post('/disclosures', (c) => report(ctx, c))
}

async function show(
  ctx: GatewayContext,
  c: OfficeCall,
  typed: Typed,
  status: ReturnType<typeof refusedAt>['status'] = 200,
): Promise<Response> {
  const { frame } = await frameOf(ctx, c.get('office'), PATH)
  const form = {
    title: OFFICE_PAGES[PATH],
    about: [
      {
        ja: '請求した方を書類で確かめてから作成してください。支援措置の対象の方については、ご本人だけにお渡しできます。作成したことも記録に残ります。',
        en: 'Make sure who asks, by a document. Of a protected person it is for that person alone. Making it is on record.',
      },
    ],
    groups: [{ name: { ja: '請求', en: 'The request' }, fields: fieldsOf(typed) }],
    general: typed.general,
    send: { action: PATH, fields: { session: c.get('office').handle } },
    submit: { ja: '作成する', en: 'Make the report' },
  }
  return answer(c, officeFormPage(frame, form), status)
}

const RELATIONS = {
  self: '本人 The resident',
  guardian: '親権者・後見人 Parent or guardian',
  agent: '代理人 Agent',
} as const
const relation = z.enum(Object.keys(RELATIONS) as [keyof typeof RELATIONS])

function fieldsOf(typed: Typed): Field[] {
  return [
    {
      ...typedIn(typed, 'patient'),
      label: { ja: '地域患者ID', en: 'The region’s patient id' },
      kind: 'text',
      isRequired: true,
    },
    {
      ...typedIn(typed, 'relation'),
      label: { ja: '請求者', en: 'Who asks' },
      kind: 'radios',
      isRequired: true,
      options: Object.entries(RELATIONS).map(([value, label]) => ({ value, label })),
    },
    {
      ...typedIn(typed, 'identityChecked'),
      label: { ja: '確認した書類', en: 'Document that was checked' },
      kind: 'text',
      isRequired: true,
      hint: { ja: '種類と番号（例 運転免許証 第1234号）。', en: 'Its kind and number.' },
    },
    {
      ...typedIn(typed, 'from'),
      label: { ja: '期間のはじめ', en: 'From' },
      kind: 'date',
      hint: { ja: '空にすると、すべての期間です。', en: 'Leave it empty for all of the time.' },
    },
    { ...typedIn(typed, 'until'), label: { ja: '期間のおわり', en: 'Until' }, kind: 'date' },
  ]
}

const askedSchema = z.strictObject({
  patient: z.string().max(128),
  relation,
  identityChecked: z.string().min(4).max(200),
  from: z.iso.date().optional(),
  until: z.iso.date().optional(),
})

const WANTED: Record<keyof z.infer<typeof askedSchema>, Sentence> = {
  patient: { ja: '地域患者IDを入力してください。', en: 'Give the region’s patient id.' },
  relation: { ja: '請求者を選んでください。', en: 'Choose who asks.' },
  identityChecked: { ja: '4 字以上、200 字以内で入力してください。', en: 'Write 4 to 200 characters.' },
  from: {
    ja: '実在する日を入力してください（例 2026-06-01）。',
    en: 'Give a day that exists, like 2026-06-01.',
  },
  until: {
    ja: '期間のはじめ以後の、実在する日を入力してください。',
    en: 'Give a day that exists, not before the first.',
  },
}

function readAsked(sent: Sent): { asked: z.infer<typeof askedSchema> } | Faults {
  const names = Object.keys(WANTED) as (keyof typeof WANTED)[]
  const read = askedSchema.safeParse(Object.fromEntries(names.map((name) => [name, said(sent, name)])))
  const wrong = read.success ? [] : read.error.issues.map(({ path }) => String(path[0]))
  const { from = '', until = from } = read.data ?? {}
  if (until < from) wrong.push('until')
  if (read.success && wrong.length === 0) return { asked: read.data }
  return {
    fields: new Map(names.filter((name) => wrong.includes(name)).map((name) => [name, WANTED[name]])),
  }
}

const PLACES = { 'patient-unknown': 'patient', 'disclosure-to-self-only': 'relation' }

async function report(ctx: GatewayContext, c: OfficeCall): Promise<Response> {
  const sent = c.get('sent')
  checkNames(sent, fieldsOf(NOTHING_TYPED))
  const read = readAsked(sent)
  if ('fields' in read) return show(ctx, c, { sent, ...read }, 422)
  const { relation, identityChecked, ...of } = read.asked
  const by = c.get('office').login.userName
  const body = JSON.stringify({ ...of, requester: { relation, identityChecked }, by, format: 'text' })
  try {
    const text = await askCouncil(ctx, { method: 'POST', path: '/oversight/disclosures', body })
    const { frame } = await frameOf(ctx, c.get('office'), PATH)
    return answer(c, officeReportPage(frame, { title: OFFICE_PAGES[PATH], text, links: [linkTo(PATH)] }))
  } catch (error) {
    const { status, ...faults } = refusedAt(error, PLACES)
    return show(ctx, c, { sent, ...faults }, status)
  }
}
