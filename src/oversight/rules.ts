import type { JsonValue } from '../kernel/strict-json.ts'
import type { ViewingRule } from '../vocabulary/index.ts'
import { type Attempt, groundOf, wasDeniedFor } from './views.ts'

/** What a rule saw of a viewer: it names it, and judges nobody. */
export interface Suspicion {
  rule: ViewingRule
  /** 1 to 100. */
  score: number
  /** Why, in numbers and times. */
  evidence: { [name: string]: JsonValue }
}

const UNVISITED_MIN = 5
const NIGHT_MIN = 3
const TERMINALS_MIN = 3
const AT_ONCE_MS = 300_000
const EMERGENCIES_MIN = 3
const UNFOUND_MIN = 10
const TOKYO_MS = 9 * 3_600_000
const NIGHT_FROM = 22
const NIGHT_UNTIL = 6

/** What one viewer's day gives, of the rules that need nothing but that day. */
export function suspicionsOf(day: readonly Attempt[]): Suspicion[] {
  return [manyUnvisited, oddHours, manyTerminals, emergencyHabit, manyUnfound, ceilingReached].flatMap(
    (rule) => rule(day) ?? [],
  )
}

function manyUnvisited(day: readonly Attempt[]): Suspicion | undefined {
  const persons = personsOf(
    day.filter((each) => groundOf(each) === 'first-visit' || wasDeniedFor(each, 'unvisited')),
  )
  if (persons < UNVISITED_MIN) return undefined
  return { rule: 'many-unvisited', score: scoreOf(30, 7, persons - UNVISITED_MIN), evidence: { persons } }
}

function oddHours(day: readonly Attempt[]): Suspicion | undefined {
  const night = day.filter((each) => isNight(each.at) && each.breakGlass === undefined && isShown(each))
  const persons = personsOf(night)
  if (persons < NIGHT_MIN) return undefined
  return {
    rule: 'odd-hours',
    score: scoreOf(20, 10, persons - NIGHT_MIN),
    evidence: { persons, first: night[0]?.at.toISOString() ?? null },
  }
}

/** Many over the day, or two within minutes, which nobody walks between. */
function manyTerminals(day: readonly Attempt[]): Suspicion | undefined {
  const known = day.filter(({ terminal }) => terminal !== undefined)
  const terminals = new Set(known.map(({ terminal }) => terminal)).size
  const atOnce = known.filter(
    (each, index) =>
      index > 0 &&
      each.terminal !== known[index - 1]?.terminal &&
      each.at.getTime() - (known[index - 1]?.at.getTime() ?? 0) < AT_ONCE_MS,
  ).length
  if (terminals < TERMINALS_MIN && atOnce === 0) return undefined
  return {
    rule: 'many-terminals',
    score: scoreOf(atOnce > 0 ? 50 : 30, 10, Math.max(terminals - 2, 0)),
    evidence: { terminals, atOnce },
  }
}

function emergencyHabit(day: readonly Attempt[]): Suspicion | undefined {
  const persons = personsOf(day.filter((each) => each.breakGlass !== undefined))
  if (persons < EMERGENCIES_MIN) return undefined
  return { rule: 'emergency-habit', score: scoreOf(50, 15, persons - EMERGENCIES_MIN), evidence: { persons } }
}

function manyUnfound(day: readonly Attempt[]): Suspicion | undefined {
  const attempts = day.filter(({ person }) => person === null).length
  if (attempts < UNFOUND_MIN) return undefined
  return { rule: 'many-unfound', score: scoreOf(40, 3, attempts - UNFOUND_MIN), evidence: { attempts } }
}

function ceilingReached(day: readonly Attempt[]): Suspicion | undefined {
  const attempts = day.filter((each) => wasDeniedFor(each, 'ceiling-reached')).length
  if (attempts === 0) return undefined
  return { rule: 'ceiling-reached', score: scoreOf(50, 5, attempts - 1), evidence: { attempts } }
}

/** Of a viewer's first visits and emergencies of a day that lies far enough back: those no visit followed. */
export function noLaterVisit(persons: number, of: number): Suspicion | undefined {
  if (persons === 0) return undefined
  return { rule: 'no-later-visit', score: scoreOf(30, 15, persons - 1), evidence: { persons, of } }
}

function isShown(attempt: Attempt): boolean {
  return groundOf(attempt) !== undefined
}

function personsOf(attempts: readonly Attempt[]): number {
  return new Set(attempts.map(({ person, request }) => person ?? request)).size
}

function isNight(at: Date): boolean {
  const hour = new Date(at.getTime() + TOKYO_MS).getUTCHours()
  return hour >= NIGHT_FROM || hour < NIGHT_UNTIL
}

function scoreOf(least: number, each: number, more: number): number {
  return Math.min(100, least + each * more)
}
