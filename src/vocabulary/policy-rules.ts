import { z } from 'zod'
import type { Sentence } from '../kernel/hub-error.ts'
import { whoSchema } from './policy.ts'

/** One fault of a policy, by its place; `word` is what the writer called it there and is shown to the writer alone. */
export interface PolicyFault extends Sentence {
  at: string
  word?: string
}

/** The writer's clock and ours differ, and a signed policy takes a while to arrive. */
const PAST_MAX_MS = 300_000

/** Councils decide for the coming fiscal years; what lies further off is a slip of the pen. */
const AHEAD_MAX_DAYS = 1_096
const DAY_MS = 86_400_000

/** The rules that the parts of a policy keep between them, and with the time at which it is taken. */
export function ruleFaults(document: unknown, at: Date): PolicyFault[] {
  const parts = looseSchema.safeParse(document).data ?? {}
  return [
    ...overlaps(parts),
    ...itemsNotShared(parts),
    ...blankTexts(parts),
    ...impossiblePeriods(parts),
    ...time(parts, at),
    ...decidedTooLate(parts),
  ]
}

const part = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined)
const rows = z.array(z.unknown()).max(200)
const decision = z.object({ body: part(z.string()), on: part(z.iso.date()), minutes: part(z.string()) })

/** What the rules between parts need, as far as it can be read. */
const looseSchema = z.object({
  shared: part(z.array(z.string())),
  viewing: part(rows),
  firstVisit: part(z.object({ who: rows })),
  breakGlass: part(z.object({ who: rows })),
  search: part(z.object({ nameAlone: rows })),
  visits: part(z.object({ days: z.int(), keptDays: z.int() })),
  effectiveFrom: part(z.iso.datetime({ offset: true })),
  decided: part(decision),
  forms: part(z.record(z.string(), part(decision))),
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

/** A row that names what the council gives nobody leaves open which of the two it meant. */
function itemsNotShared({ shared, viewing = [] }: Parts): PolicyFault[] {
  if (shared === undefined) return []
  const read = viewing.map(
    (row) => z.object({ items: z.array(z.unknown()) }).safeParse(row).data?.items ?? [],
  )
  return read.flatMap((items, row) =>
    items.flatMap((item, index) => {
      if (typeof item !== 'string' || shared.includes(item)) return []
      return [
        {
          at: `viewing.${row}.items.${index}`,
          ja: 'shared（提供する項目）にない項目です。この行から外すか、shared に加えてください。',
          en: 'Names an item that is not in shared: take it out here, or add it there.',
        },
      ]
    }),
  )
}

/** Who decided and where it is written down, in words and not in spaces. */
function blankTexts(parts: Parts): PolicyFault[] {
  return decisionsOf(parts).flatMap(({ at, word, decided }) =>
    (['body', 'minutes'] as const).flatMap((name) => {
      const text = decided[name]
      if (text === undefined || text === '' || text.trim() !== '') return []
      return [{ at: `${at}.${name}`, ...word, ja: '空白だけにはできません。', en: 'Must not be blank.' }]
    }),
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

function time({ effectiveFrom }: Parts, at: Date): PolicyFault[] {
  if (effectiveFrom === undefined) return []
  const aheadMs = new Date(effectiveFrom).getTime() - at.getTime()
  if (aheadMs < -PAST_MAX_MS)
    return [
      {
        at: 'effectiveFrom',
        ja: '施行日時が過去です。現在以降の日時にしてください。',
        en: 'Takes effect in the past; give a time from now on.',
      },
    ]
  if (aheadMs <= AHEAD_MAX_DAYS * DAY_MS) return []
  return [
    {
      at: 'effectiveFrom',
      ja: '施行日時が 3 年より先です。年を確かめてください。',
      en: 'Takes effect more than three years from now; look at the year.',
    },
  ]
}

/** Nothing holds before the council decided it; its days are days in Japan. */
function decidedTooLate(parts: Parts): PolicyFault[] {
  const { effectiveFrom } = parts
  if (effectiveFrom === undefined) return []
  return decisionsOf(parts).flatMap(({ at, word, decided: { on } }) => {
    if (on === undefined || Date.parse(`${on}T00:00:00+09:00`) <= Date.parse(effectiveFrom)) return []
    return [
      {
        at: `${at}.on`,
        ...word,
        ja: '決定日が施行日時より後です。',
        en: 'Decided after the time at which the policy takes effect.',
      },
    ]
  })
}

/** The decisions that stand in a policy, by their places: below `forms` the names are the writer's own. */
function decisionsOf({ decided, forms = {} }: Parts) {
  return [
    ...(decided === undefined ? [] : [{ at: 'decided', word: {}, decided }]),
    ...Object.entries(forms).flatMap(([word, decided]) =>
      decided === undefined ? [] : [{ at: 'forms.*', word: { word }, decided }],
    ),
  ]
}
