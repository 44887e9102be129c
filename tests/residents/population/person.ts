import type { Day } from '../days.ts'
import type { Card } from './insurers.ts'
import type { Home } from './places.ts'

export interface Spelling {
  kanji: string
  kana: string
}

/** A person's name from a day on; each change of the legal name is a version. */
export interface LegalName {
  family: Spelling
  given: Spelling
}

/** What somebody from abroad is called: the law's romanised name, and what else is in use. */
export interface ForeignNames {
  roman: { family: string; given: string }
  /** 通称, registered at the city office. */
  alias?: LegalName
}

export type Role = 'adult' | 'spouse' | 'child' | 'parent' | 'elsewhere' | 'neighbour'

export interface Dated<T> {
  from: Day
  value: T
}

export interface Person {
  id: string
  household: string
  role: Role
  sex: 'male' | 'female'
  birth: Day
  /** Shared by the children of one multiple birth. */
  twin: string | undefined
  names: Dated<LegalName>[]
  homes: Dated<Home>[]
  /** No card: public assistance, or between two insurers. */
  cards: Dated<Card | undefined>[]
  mobiles: Dated<string | undefined>[]
  foreign: ForeignNames | undefined
  /** 支援措置: the address is kept from everybody. */
  isProtected: boolean
  diedOn: Day | undefined
}

/** What held on a day; before the first entry, the first. */
export function onDay<T>(timeline: readonly Dated<T>[], day: Day): T {
  let found = timeline[0]
  for (const entry of timeline) if (entry.from <= day) found = entry
  if (found === undefined) throw new Error('Invariant broken: a timeline has an entry')
  return found.value
}

/** Which version of the legal name held on a day, counted from 0. */
export function nameVersionOn(person: Person, day: Day): number {
  let version = 0
  person.names.forEach(({ from }, index) => {
    if (from <= day) version = index
  })
  return version
}
