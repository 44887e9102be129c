import type { Day } from '../days.ts'
import type { Card } from '../population/insurers.ts'
import type { Person } from '../population/person.ts'
import { CAUSES, type Cause, type Damage } from './causes.ts'

/** A name as written: two parts, or all in the first where the source doesn't split. */
export interface WrittenName {
  family: string
  given: string
}

export type LotStyle = 'words' | 'hyphens' | 'full-width' | 'kanji-chome' | 'lot-words'

export interface WrittenAddress {
  postalCode: string | undefined
  hasPrefecture: boolean
  city: string
  town: string
  chome: number
  /** Both undefined: the source has no lot number. */
  lot: { ban: number; go: number } | undefined
  building: string | undefined
  room: number
  style: LotStyle
}

/** What a source is about to write of a person; spoiled in place, then written out. */
export interface Draft {
  person: Person
  day: Day
  localId: string
  /** Names of one version are the same name; a former name and an alias are versions of their own. */
  nameVersion: string
  kanji: WrittenName | undefined
  kana: WrittenName | undefined
  roman: WrittenName | undefined
  formerNames: { kanji: WrittenName; kana: WrittenName }[]
  alias: { kanji: WrittenName; kana: WrittenName } | undefined
  /** 様 or a stray space after the name, as exports leave them. */
  suffix: string
  gender: 'male' | 'female' | undefined
  /** ISO; partial where the source knows no more. */
  birthDate: string | undefined
  address: WrittenAddress | undefined
  homeKey: string
  card: Card | undefined
  cardKey: string
  mobile: string | undefined
  landline: string | undefined
  diedOn: Day | undefined
  causes: Set<Cause>
}

export function isDamaged(draft: Draft, damage: Damage): boolean {
  for (const cause of draft.causes) if (CAUSES[cause] === damage) return true
  return false
}

/** The scripts in which the record's name can be compared, or none where an identity field is wrong or missing. */
export function soundScripts(draft: Draft): string[] {
  if (isDamaged(draft, 'name') || isDamaged(draft, 'birth') || isDamaged(draft, 'sex')) return []
  const scripts: string[] = []
  if (draft.kanji !== undefined) scripts.push('kanji')
  if (draft.kana !== undefined) scripts.push('kana')
  if (draft.roman !== undefined) scripts.push('roman')
  return scripts
}
