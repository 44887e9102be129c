import { z } from 'zod'
import { tokyoDate } from '../../consent/index.ts'
import { type Card, type CardForm, momentText } from '../../pages/index.ts'
import { POSTS, PROFESSIONS } from '../../vocabulary/index.ts'
import type { GatewayContext } from '../context.ts'
import { OUTCOME_CODES, OUTCOMES, readFromHub } from './ask-council.ts'
import { type Names, wordOf } from './names.ts'
import { type Worklist, worklistRoutes } from './settle-pages.ts'

const LISTED_MAX = 1_000
const text = z.string().max(2_000)

const emergencySchema = z.looseObject({
  emergency: z.string().max(43),
  region: z.string().max(32),
  institution: z.string().max(10),
  user: text,
  profession: text,
  post: text,
  reason: text,
  brokenAt: z.iso.datetime(),
  views: z.int(),
  reportDueAt: z.iso.datetime(),
  reportedAt: z.iso.datetime().nullable(),
  report: text.nullable(),
  review: z
    .looseObject({
      patient: text,
      dueOn: z.iso.date(),
      reviewedAt: z.iso.datetime().nullable(),
      officer: text.nullable(),
      finding: z.enum(OUTCOME_CODES).nullable(),
      note: text.nullable(),
    })
    .nullable(),
})
type Emergency = z.infer<typeof emergencySchema>

/** What is owed after the glass was broken: the users' reports, and the council's reviews. */
export function emergencyRoutes(ctx: GatewayContext) {
  return worklistRoutes(ctx, {
    path: '/office/privacy/emergencies',
    about: {
      ja: '閲覧した利用者は 24 時間以内に報告し、協議会は 5 営業日以内に確認します。',
      en: 'Whoever viewed reports within 24 hours; the council reviews within five working days.',
    },
    wordsLabel: { ja: '確認したこと', en: 'What was looked into' },
    done: { ja: '緊急時閲覧の確認を記録しました。', en: 'The review is on record.' },
    lists: (names, formOf) => listsOf(ctx, names, formOf),
    call: ({ id, outcome, words }, officer) => ({
      path: '/emergencies/review',
      body: { emergency: id, officer, finding: outcome, note: words },
    }),
  })
}

async function listsOf(
  ctx: GatewayContext,
  names: Names,
  formOf: (id: string) => CardForm,
): ReturnType<Worklist['lists']> {
  const all = await readFromHub(ctx, '/emergencies', z.array(emergencySchema).max(LISTED_MAX))
  const isOpen = ({ review }: Emergency) => review !== null && review.reviewedAt === null
  const owesReport = (each: Emergency) => each.region === ctx.region && each.reportedAt === null
  const now = ctx.now()
  const cards = (which: (each: Emergency) => boolean) =>
    all.filter(which).map((each): Card => {
      const card = cardOf(each, names, now)
      return isOpen(each) ? { ...card, form: formOf(each.emergency) } : card
    })
  return [
    {
      name: { ja: '協議会の確認を待つもの', en: 'To be reviewed' },
      cards: cards(isOpen),
      none: { ja: '確認を待つものはありません。', en: 'Nothing is to be reviewed.' },
    },
    {
      name: { ja: '自地域の利用者の、事後報告がないもの', en: 'Reports that own users owe' },
      cards: cards((each) => owesReport(each) && !isOpen(each)),
      none: { ja: '報告を待つものはありません。', en: 'No report is owed.' },
    },
    {
      name: { ja: '済んだもの', en: 'Done' },
      cards: cards((each) => !owesReport(each) && !isOpen(each)),
      none: { ja: 'まだありません。', en: 'None yet.' },
    },
  ]
}

function cardOf(each: Emergency, names: Names, now: Date): Card {
  const { emergency, institution, region, user, profession, post, reason, views, brokenAt, review } = each
  const who = `${user}（${wordOf(PROFESSIONS, profession)}・${wordOf(POSTS, post)}）`
  return {
    id: `emergency-${emergency}`,
    title: `${momentText(brokenAt)} ${names.institution(institution)}`,
    facts: [
      ...(review === null ? [] : [{ label: '地域患者ID', value: review.patient }]),
      { label: '閲覧した機関', value: `${names.institution(institution)}／${names.region(region)}` },
      { label: '利用者', value: who },
      { label: '理由', value: reason },
      { label: '閲覧回数', value: String(views) },
      { label: '事後報告', value: reportText(each, now) },
      ...(review === null ? [] : [{ label: '協議会の確認', value: reviewText(review, now) }]),
    ],
  }
}

const LATE = '（期限を過ぎています overdue）'

function reportText({ report, reportDueAt }: Emergency, now: Date): string {
  return report ?? `未報告。期限 ${momentText(reportDueAt)}${new Date(reportDueAt) < now ? LATE : ''}`
}

function reviewText({ finding, officer, note, dueOn }: NonNullable<Emergency['review']>, now: Date): string {
  if (finding !== null) return `${OUTCOMES[finding].ja}（${officer}）${note}`
  return `未確認。期限 ${momentText(dueOn)}${dueOn < tokyoDate(now) ? LATE : ''}`
}
