import { LEVELS, type Level } from '../alignment/index.ts'
import type { Queryable } from '../kernel/database.ts'
import { CATALOGUE_CODES, type CatalogueItem, ITEM_CATALOGUE } from '../vocabulary/index.ts'
import { tokyoDay } from './keep-tallies.ts'
import { codeCounts, levelsSince, topBreaches, topUnmapped } from './tally-store.ts'

const DAYS = 90
const TOP = 20
const DAY_MS = 86_400_000

/** A share of nothing is none. */
type Levels = Record<Level, { count: number; share: number | null }>

/** How far a region's records fit the national set, of those that passed the hub lately. Page, JSON and CSV show this. */
export interface Readiness {
  region: string
  from: string
  until: string
  records: number
  levels: Levels
  /** Items it gave anything of; `unclassified` where the hub does not know what it is. */
  items: { item: CatalogueItem | 'unclassified'; ja: string; records: number; levels: Levels }[]
  /** Rules broken most, by records. */
  rules: { rule: string; records: number }[]
  /** Codes of what records are about: how many are national or lead to a national one by a map. */
  codes: {
    mapped: number
    unmapped: number
    coverage: number | null
    top: { system: string; code: string; records: number }[]
  }
  /** By day. */
  trend: { day: string; records: number; levels: Levels }[]
}

export async function readReadiness(db: Queryable, region: string, at: Date): Promise<Readiness> {
  const since = tokyoDay(at.getTime() - (DAYS - 1) * DAY_MS)
  const where = { region, since }
  const rows = [...(await levelsSince(db, where))]
  const rules = await topBreaches(db, where, TOP)
  const [codes] = await codeCounts(db, where)
  const top = await topUnmapped(db, where, TOP)
  const { mapped, unmapped } = codes ?? { mapped: 0, unmapped: 0 }
  const items = [...CATALOGUE_CODES, '' as const].flatMap((item) => {
    const own = rows.filter((row) => row.item === item)
    if (own.length === 0) return []
    const [name, ja] =
      item === '' ? (['unclassified', '分類できないもの'] as const) : [item, ITEM_CATALOGUE[item].ja]
    return [{ item: name, ja, records: sumOf(own), levels: levelsOf(own) }]
  })
  const days = [...new Set(rows.map(({ day }) => day))].sort()
  return {
    region,
    from: since,
    until: tokyoDay(at.getTime()),
    records: sumOf(rows),
    levels: levelsOf(rows),
    items,
    rules: [...rules].map(({ rule, count }) => ({ rule, records: count })),
    codes: {
      mapped,
      unmapped,
      coverage: shareOf(mapped, mapped + unmapped),
      top: [...top].map(({ system, code, count }) => ({ system, code, records: count })),
    },
    trend: days.map((day) => {
      const own = rows.filter((row) => row.day === day)
      return { day, records: sumOf(own), levels: levelsOf(own) }
    }),
  }
}

interface Counted {
  level: string
  count: number
}

function sumOf(rows: readonly Counted[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0)
}

function levelsOf(rows: readonly Counted[]): Levels {
  const total = sumOf(rows)
  return Object.fromEntries(
    LEVELS.map((level) => {
      const count = sumOf(rows.filter((row) => row.level === level))
      return [level, { count, share: shareOf(count, total) }]
    }),
  ) as Levels
}

/** Of one, to four digits. */
function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000
}

/** The same figures, one a row: what it is of, its name, its level, how many, and its share. */
export function readinessCsv({ items, rules, codes, trend }: Readiness): string {
  const rows = [
    ...items.flatMap(({ item, levels }) => levelRows('item', item, levels)),
    ...rules.map(({ rule, records }) => ['rule', rule, '', records, '']),
    ['codes', 'mapped', '', codes.mapped, codes.coverage],
    ['codes', 'unmapped', '', codes.unmapped, shareOf(codes.unmapped, codes.mapped + codes.unmapped)],
    ...codes.top.map(({ system, code, records }) => ['unmapped', `${system}|${code}`, '', records, '']),
    ...trend.flatMap(({ day, levels }) => levelRows('day', day, levels)),
  ]
  return [['of', 'name', 'level', 'records', 'share'], ...rows]
    .map((row) => `${row.map(cell).join(',')}\r\n`)
    .join('')
}

function levelRows(of: string, name: string, levels: Levels): Cell[][] {
  return LEVELS.map((level) => [of, name, level, levels[level].count, levels[level].share])
}

type Cell = string | number | null

/** RFC 4180; a cell that a spreadsheet would run as a formula begins with an apostrophe. */
function cell(value: Cell): string {
  const text =
    value === null ? '' : typeof value === 'string' && /^[=+\-@\t]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
