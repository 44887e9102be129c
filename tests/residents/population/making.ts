import { type Day, dayOf, TODAY } from '../days.ts'
import type { Random } from '../random.ts'
import { type Card, type InsurerKind, issueCard } from './insurers.ts'
import type { Dated } from './person.ts'
import { type Home, pickHome } from './places.ts'

/** Numbers are dealt out to households in blocks, so that no two households ever share one. */
const SERIALS_PER_HOUSEHOLD = 64

/** Before everything. */
export const EVER: Day = dayOf(1800, 1, 1)
/** Moves and job changes from here on; what came before no record shows. */
export const HISTORY_FROM: Day = dayOf(2008, 1, 1)

/** What is at hand while one household is made. */
export interface Making {
  random: Random
  household: string
  /** A number no other household gets. */
  serial(): number
  nextKey(): string
}

export function startMaking(random: Random, index: number): Making {
  let serial = index * SERIALS_PER_HOUSEHOLD
  let key = 0
  return {
    random,
    household: String(index),
    serial: () => serial++,
    nextKey: () => `${index}.${key++}`,
  }
}

/** A day in history; later ones are likelier the higher `lean`. */
export function dayBetween(random: Random, from: Day, to: Day, lean = 1): Day {
  return Math.floor(from + (to - from) * random.next() ** (1 / lean))
}

export function bornInYear(random: Random, year: number): Day {
  return Math.min(dayOf(year, 1, 1) + random.below(365), TODAY - 1)
}

/** Where a household has lived since `from`, with its moves. */
export function makeHomes(making: Making, moveShare: number, from = EVER): Dated<Home>[] {
  const { random } = making
  let home = pickHome(random, making.nextKey())
  const homes: Dated<Home>[] = [{ from, value: home }]
  let day = Math.max(from, HISTORY_FROM)
  while (homes.length < 4 && random.chance(moveShare)) {
    day = dayBetween(random, day + 200, Math.max(TODAY, day + 300))
    home = pickHome(random, making.nextKey(), random.chance(0.6) ? home.area : undefined)
    homes.push({ from: day, value: home })
  }
  return homes
}

/** The household's part of a card, and which kind it is. */
export type FamilyCard = (Omit<Card, 'branch'> & { kind: InsurerKind }) | undefined

/** The cards of somebody who earns, from job to job and into retirement. */
export function makeCareer(making: Making, birth: Day, area: number, from = EVER): Dated<FamilyCard>[] {
  const { random } = making
  const issue = (kind: InsurerKind) => ({ ...issueCard(random, kind, making.serial(), area * 3), kind })
  if (random.chance(0.02)) return [{ from, value: undefined }]
  const career: Dated<FamilyCard>[] = [{ from, value: issue(pickKind(random)) }]
  let day = Math.max(from, HISTORY_FROM, birth + 20 * 365)
  const retirement = birth + (60 + random.below(8)) * 365
  while (career.length < 4 && random.chance(0.35)) {
    day = dayBetween(random, day + 100, Math.max(TODAY, day + 200))
    if (day < retirement) career.push({ from: day, value: issue(pickKind(random)) })
  }
  const last = career.at(-1)
  if (retirement < TODAY && last !== undefined && retirement > last.from && last.value?.kind !== 'national') {
    career.push({ from: retirement, value: issue('national') })
  }
  return career
}

function pickKind(random: Random): InsurerKind {
  const share = random.next()
  if (share < 0.4) return 'association'
  if (share < 0.7) return 'society'
  return share < 0.78 ? 'mutual' : 'national'
}

/** The cards of one member: the household's with the member's branch, and from 75 the member's own. */
export function cardsOf(
  making: Making,
  career: readonly Dated<FamilyCard>[],
  member: { birth: Day; place: number; area: number },
): Dated<Card | undefined>[] {
  const late = member.birth + Math.round(75 * 365.2425)
  const cards: Dated<Card | undefined>[] = career
    .filter(({ from }) => from < late)
    .map(({ from, value }) => ({ from, value: withBranch(value, member.place) }))
  if (late > TODAY) return cards
  const own = issueCard(making.random, 'elderly', making.serial(), member.area * 3)
  return [...cards, { from: late, value: { ...own, branch: '' } }]
}

function withBranch(card: FamilyCard, place: number): Card | undefined {
  if (card === undefined) return undefined
  const { kind, ...household } = card
  return { ...household, branch: String(kind === 'national' ? place + 1 : place).padStart(2, '0') }
}

/** A mobile number since some day, and perhaps another later. */
export function makeMobiles(making: Making, birth: Day): Dated<string | undefined>[] {
  const { random } = making
  const number = () =>
    `${random.pick(['090', '080', '070'])}${String((making.serial() * 6_700_417 + 31_415_926) % 100_000_000).padStart(8, '0')}`
  const has = random.chance(birth < dayOf(1945, 1, 1) ? 0.45 : 0.95)
  const mobiles = [{ from: EVER, value: has ? number() : undefined }]
  if (has && random.chance(0.2))
    mobiles.push({ from: dayBetween(random, HISTORY_FROM, TODAY), value: number() })
  return mobiles
}
