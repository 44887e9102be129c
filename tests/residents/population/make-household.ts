import { type Day, dayOf, TODAY } from '../days.ts'
import { type Random, randomFrom, type Weighted, weigh } from '../random.ts'
import { makeParent, makeSingle } from './make-adults.ts'
import { makeChildren } from './make-children.ts'
import { makeCouple } from './make-couple.ts'
import { makeNamesakeNeighbour, makeTwinElsewhere } from './make-look-alikes.ts'
import { startMaking } from './making.ts'
import type { Person } from './person.ts'

type Kind =
  | 'young'
  | 'middle'
  | 'old'
  | 'couple'
  | 'old-couple'
  | 'family'
  | 'one-parent'
  | 'three-generations'

/** Shares of Kanagawa's households by kind, after the census of 2020, rounded. */
const KINDS: Weighted<[Kind, number]> = weigh(
  [
    ['young', 0.16],
    ['middle', 0.1],
    ['old', 0.15],
    ['couple', 0.09],
    ['old-couple', 0.16],
    ['family', 0.23],
    ['one-parent', 0.06],
    ['three-generations', 0.05],
  ] as [Kind, number][],
  ([, share]) => share,
)

const AGES: Record<Kind, [number, number]> = {
  young: [19, 44],
  middle: [45, 69],
  old: [65, 97],
  couple: [26, 69],
  'old-couple': [65, 93],
  family: [29, 66],
  'one-parent': [27, 62],
  'three-generations': [30, 58],
}

/** The twin sisters and brothers of grown-ups; children's are made with the children. */
const TWIN_SHARE = 0.012
const NAMESAKE_SHARE = 0.004

/** Everybody of one household, present and past, and who might be taken for one of them. Same seed, same people. */
export function makeHousehold(seed: number, index: number): Person[] {
  const random = randomFrom(seed, index)
  const making = startMaking(random, index)
  const [kind] = random.among(KINDS)
  const birth = bornAtAge(random, AGES[kind])
  const persons: Person[] = []
  if (kind === 'young' || kind === 'middle' || kind === 'old') {
    persons.push(makeSingle(making, birth))
  } else {
    const couple = makeCouple(making, birth, { isDivorced: kind === 'one-parent' })
    persons.push(...couple.persons)
    if (kind !== 'couple' && kind !== 'old-couple') persons.push(...makeChildren(making, couple))
    if (kind === 'three-generations') persons.push(...makeParent(making, couple))
  }
  const grownUp = persons[0] as Person
  if (random.chance(TWIN_SHARE)) persons.push(makeTwinElsewhere(making, grownUp))
  if (random.chance(NAMESAKE_SHARE)) persons.push(makeNamesakeNeighbour(making, random.pick(persons)))
  persons.forEach((person, place) => {
    person.id = `${index}-${place}`
    person.isProtected = grownUp.isProtected
  })
  return persons
}

function bornAtAge(random: Random, [youngest, oldest]: [number, number]): Day {
  const age = youngest + random.next() * (oldest - youngest)
  return Math.floor(Math.max(TODAY - age * 365.2425, dayOf(1925, 1, 1)))
}
