import { z } from 'zod'
import type { Sentence } from '../kernel/hub-error.ts'
import { policySchema, whoSchema } from './policy.ts'

/** One fault of a policy, by its place; `word` is what the writer called it there and is shown to the writer alone. */
export interface PolicyFault extends Sentence {
  at: string
  word?: string
}

/** The writer's clock and ours differ, and a signed policy takes a while to arrive. */
const PAST_MAX_MS = 300_000

/** Enough for the writer to go on with; a document of nothing but faults has thousands. */
export const FAULTS_MAX = 100

/**
 * Every fault of a policy, in the order of the document: wrong parts, viewers whom two rows name, periods that
 * contradict each other, and a time of taking effect that is past at `at`. Empty for a policy that may be taken.
 */
export function policyFaults(document: unknown, at: Date): PolicyFault[] {
  const read = policySchema.safeParse(document)
  const shape = read.success ? [] : read.error.issues.flatMap(faultsOf)
  const parts = looseSchema.safeParse(document).data ?? {}
  const rules = [...overlaps(parts), ...impossiblePeriods(parts), ...past(parts, at)]
  return [...shape, ...rules].slice(0, FAULTS_MAX)
}

/** What the rules between parts need, as far as it can be read. */
const looseSchema = z.object({
  viewing: z.array(z.unknown()).max(200).optional().catch(undefined),
  firstVisit: z
    .object({ who: z.array(z.unknown()).max(50) })
    .optional()
    .catch(undefined),
  breakGlass: z
    .object({ who: z.array(z.unknown()).max(50) })
    .optional()
    .catch(undefined),
  search: z
    .object({ nameAlone: z.array(z.unknown()).max(50) })
    .optional()
    .catch(undefined),
  visits: z.object({ days: z.int(), keptDays: z.int() }).optional().catch(undefined),
  effectiveFrom: z.iso.datetime({ offset: true }).optional().catch(undefined),
})
type Parts = z.infer<typeof looseSchema>

const who = z.object(whoSchema.shape)

/** Two rows that name the same viewer leave open which of them the council meant. */
function overlaps(parts: Parts): PolicyFault[] {
  const tables: [string, unknown[]][] = [
    ['viewing', parts.viewing ?? []],
    ['firstVisit.who', parts.firstVisit?.who ?? []],
    ['breakGlass.who', parts.breakGlass?.who ?? []],
    ['search.nameAlone', parts.search?.nameAlone ?? []],
  ]
  return tables.flatMap(([table, rows]) => {
    const read = rows.map((row) => who.safeParse(row).data)
    return read.flatMap((row, index) => {
      const earlier = read.slice(0, index).findIndex((other) => row && other && share(row, other))
      if (earlier === -1) return []
      return [
        {
          at: `${table}.${index}`,
          ja: `${table}.${earlier} の行と、同じ機関種別・職種・役職が重なっています。`,
          en: `Overlaps with row ${table}.${earlier}: both name the same kind, profession and post.`,
        },
      ]
    })
  })
}

function share(one: z.infer<typeof who>, other: z.infer<typeof who>): boolean {
  const meet = (a: readonly string[], b: readonly string[]) => a.some((each) => b.includes(each))
  return (
    meet(one.kinds, other.kinds) && meet(one.professions, other.professions) && meet(one.posts, other.posts)
  )
}

function impossiblePeriods({ visits }: Parts): PolicyFault[] {
  if (visits === undefined || visits.keptDays >= visits.days) return []
  return [
    {
      at: 'visits.keptDays',
      ja: '受診記録の保存日数が、受診とみなす日数より短くなっています。',
      en: 'Visits would be deleted while they still count: not fewer days than visits.days.',
    },
  ]
}

function past({ effectiveFrom }: Parts, at: Date): PolicyFault[] {
  if (effectiveFrom === undefined) return []
  if (new Date(effectiveFrom).getTime() >= at.getTime() - PAST_MAX_MS) return []
  return [
    {
      at: 'effectiveFrom',
      ja: '施行日時が過去です。現在以降の日時にしてください。',
      en: 'Takes effect in the past; give a time from now on.',
    },
  ]
}

type Issue = z.core.$ZodIssue

function faultsOf(issue: Issue): PolicyFault[] {
  if (issue.code !== 'unrecognized_keys') return [{ ...placeOf(issue.path), ...sentenceOf(issue) }]
  return issue.keys.map((word) => ({
    ...placeOf(issue.path),
    word,
    ja: 'この名前の項目はありません。',
    en: 'No element has this name.',
  }))
}

/** Below `forms` the names are the writer's own, so that the place stands without them. */
function placeOf(path: readonly PropertyKey[]): { at: string; word?: string } {
  const [first, second, ...rest] = path.map(String)
  if (first !== 'forms' || second === undefined) return { at: path.map(String).join('.') }
  return { at: ['forms', '*', ...rest].join('.'), word: second }
}

function sentenceOf(issue: Issue): Sentence {
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return { ja: '必要な項目がありません。', en: 'Missing.' }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String).join(', ')
    return { ja: `使える値は次のとおりです：${values}。`, en: `Must be one of: ${values}.` }
  }
  if (issue.code === 'too_small')
    return { ja: `${issue.minimum} 以上が必要です。`, en: `At least ${issue.minimum}.` }
  if (issue.code === 'too_big')
    return { ja: `${issue.maximum} 以下が必要です。`, en: `At most ${issue.maximum}.` }
  if (issue.code === 'custom' && issue.message === 'twice')
    return { ja: '同じものが二度あります。', en: 'The same one stands twice.' }
  if (issue.code === 'custom') return { ja: '数が多すぎます。', en: 'Too many.' }
  if (issue.code === 'invalid_type')
    return { ja: `型が違います（${issue.expected}）。`, en: `Of another type; ${issue.expected} is needed.` }
  return { ja: '書式が違います。', en: 'Not written as it must be.' }
}
