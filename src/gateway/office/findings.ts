import { z } from 'zod'
import { type Card, type CardForm, momentText } from '../../pages/index.ts'
import { VIEWING_RULES } from '../../vocabulary/index.ts'
import type { GatewayContext } from '../context.ts'
import { OUTCOME_CODES, OUTCOMES, readFromHub } from './ask-council.ts'
import { type Names, wordOf } from './names.ts'
import { type Worklist, worklistRoutes } from './settle-pages.ts'

const LISTED_MAX = 2_000
const text = z.string().max(2_000)

const findingSchema = z.looseObject({
  id: z.string().max(43),
  rule: text,
  day: z.iso.date(),
  region: text,
  institution: text,
  userId: text,
  score: z.int(),
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  settledAt: z.iso.datetime().nullable(),
  settledBy: text.nullable(),
  outcome: z.enum(OUTCOME_CODES).nullable(),
  followUp: text.nullable(),
})
type Finding = z.infer<typeof findingSchema>

/** What the rules over the audit found of the own users, and what came of looking into it. */
export function findingRoutes(ctx: GatewayContext) {
  return worklistRoutes(ctx, {
    path: '/office/privacy/findings',
    about: {
      ja: '不適切と決まったものではありません。機関と本人に確かめ、結果と対応を記録してください。',
      en: 'Nobody is held guilty by these. Ask the institution and the user, and record what came of it.',
    },
    wordsLabel: {
      ja: '対応（注意、研修、再発防止など）',
      en: 'What follows: a warning, training, a measure',
    },
    done: { ja: '結果と対応を記録しました。', en: 'Outcome and follow-up are on record.' },
    lists: (names, formOf) => listsOf(ctx, names, formOf),
    call: ({ id, outcome, words }, by) => ({
      path: '/oversight/findings/settle',
      body: { finding: id, by, outcome, followUp: words },
    }),
  })
}

async function listsOf(
  ctx: GatewayContext,
  names: Names,
  formOf: (id: string) => CardForm,
): ReturnType<Worklist['lists']> {
  const all = await readFromHub(ctx, '/oversight/findings', z.array(findingSchema).max(LISTED_MAX))
  const open = all.filter(({ settledAt }) => settledAt === null)
  const settled = all.filter(({ settledAt }) => settledAt !== null)
  return [
    {
      name: { ja: '確かめるもの', en: 'To be looked into' },
      cards: open.map((each) => ({ ...cardOf(each, names), form: formOf(each.id) })),
      none: { ja: '確かめるものはありません。', en: 'Nothing is to be looked into.' },
    },
    {
      name: { ja: '済んだもの', en: 'Settled' },
      cards: settled.map((each) => cardOf(each, names)),
      none: { ja: 'まだありません。', en: 'None yet.' },
    },
  ]
}

const EVIDENCE: Record<string, { ja: string }> = {
  persons: { ja: '人数' },
  of: { ja: '初診・緊急の閲覧をした人数' },
  first: { ja: '最初の時刻' },
  terminals: { ja: '端末数' },
  atOnce: { ja: '五分以内の端末の切替' },
  attempts: { ja: '照会回数' },
}

function cardOf(each: Finding, names: Names): Card {
  const { id, rule, day, institution, userId, score, evidence, outcome, settledBy, followUp } = each
  return {
    id: `finding-${id}`,
    title: `${wordOf(VIEWING_RULES, rule)} ${momentText(day)}`,
    facts: [
      { label: '機関', value: names.institution(institution) },
      { label: '利用者', value: userId },
      { label: '目安（1〜100）', value: String(score) },
      ...Object.entries(evidence).map(([name, value]) => ({
        label: wordOf(EVIDENCE, name),
        value: (name === 'first' && momentText(String(value))) || String(value ?? ''),
      })),
      ...(outcome === null
        ? []
        : [{ label: '結果', value: `${OUTCOMES[outcome].ja}（${settledBy}）${followUp}` }]),
    ],
  }
}
