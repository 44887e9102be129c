import { expect, test } from 'vitest'
import { ageOn, isoDate, TODAY } from './days.ts'
import { checkDigit } from './population/insurers.ts'
import { makeHousehold } from './population/make-household.ts'
import { onDay, type Person } from './population/person.ts'

const HOUSEHOLDS = 12_000
const households = Array.from({ length: HOUSEHOLDS }, (_, index) => makeHousehold(7, index))
const persons = households.flat()
const cards = persons.flatMap((person) =>
  person.cards.flatMap(({ value }) => (value === undefined ? [] : [{ person, card: value }])),
)

test('the same seed makes the same people, another seed others', () => {
  expect(makeHousehold(7, 3)).toEqual(households[3])
  expect(makeHousehold(8, 3)).not.toEqual(households[3])
})

test('households are as large as Kanagawa’s, with children and elders', () => {
  const living = households.map((members) => members.filter(isAtHome).length)
  const mean = living.reduce((sum, size) => sum + size, 0) / HOUSEHOLDS
  expect(mean).toBeGreaterThan(1.9)
  expect(mean).toBeLessThan(2.5)
  expect(living.filter((size) => size === 1).length / HOUSEHOLDS).toBeGreaterThan(0.3)
  expect(shareOf(persons, ({ birth }) => ageOn(birth, TODAY) < 18)).toBeGreaterThan(0.08)
  expect(shareOf(persons, ({ birth }) => ageOn(birth, TODAY) >= 75)).toBeGreaterThan(0.08)
})

test('about one birth in a hundred is of twins, mostly of one sex; they share the birth date, not the name', () => {
  const byTwin = Map.groupBy(
    persons.filter(({ twin }) => twin !== undefined),
    ({ twin }) => twin,
  )
  const pairs = [...byTwin.values()] as [Person, Person][]
  const births = persons.length - pairs.length
  expect(pairs.length / births).toBeGreaterThan(0.006)
  expect(pairs.length / births).toBeLessThan(0.014)
  expect(shareOf(pairs, ([one, other]) => one.sex === other.sex)).toBeGreaterThan(0.6)
  for (const pair of pairs) {
    expect(pair).toHaveLength(2)
    expect(pair[0].birth).toBe(pair[1].birth)
    expect(givenOf(pair[0])).not.toBe(givenOf(pair[1]))
  }
})

test('surnames are steep at the top and long in the tail', () => {
  const counts = new Map<string, number>()
  for (const { names } of persons) {
    const kana = names[0]?.value.family.kana ?? ''
    counts.set(kana, (counts.get(kana) ?? 0) + 1)
  }
  const sato = (counts.get('サトウ') ?? 0) / persons.length
  expect(sato).toBeGreaterThan(0.008)
  expect(sato).toBeLessThan(0.025)
  expect(counts.size).toBeGreaterThan(3_000)
})

test('a reading is written in several ways, and characters are read in several ways', () => {
  const givens = persons
    .filter(({ foreign }) => foreign === undefined)
    .map(({ names }) => names[0]?.value.given)
  const spellings = Map.groupBy(givens, (given) => given?.kana)
  const readings = Map.groupBy(givens, (given) => given?.kanji)
  const many = (groups: Map<unknown, unknown[]>, part: 'kanji' | 'kana') =>
    [...groups.values()].filter(
      (group) => new Set(group.map((given) => (given as Record<string, string>)[part])).size > 1,
    )
  expect(many(spellings, 'kanji').length).toBeGreaterThan(300)
  expect(many(readings, 'kana').length).toBeGreaterThan(50)
})

test('every insurer number has eight digits and a valid check digit', () => {
  expect(checkDigit('3312001')).toBe('5')
  const wrong = cards.filter(
    ({ card }) => !/^\d{8}$/.test(card.insurer) || card.insurer[7] !== checkDigit(card.insurer.slice(0, 7)),
  )
  expect(wrong).toEqual([])
})

test('no two households share an insured number, and on one day no two people a branch', () => {
  const owner = new Map<string, string>()
  const shared = cards.filter(({ person, card }) => {
    const key = `${card.insurer}:${card.symbol}:${card.number}`
    const household = owner.get(key) ?? person.household
    owner.set(key, household)
    return household !== person.household
  })
  expect(shared).toEqual([])
  const today = persons.flatMap((person) => {
    const card = onDay(person.cards, TODAY)
    return card === undefined ? [] : [Object.values(card).join(':')]
  })
  expect(new Set(today).size).toBe(today.length)
})

test('from 75 the insured number is one’s own, with 39 and no branch', () => {
  const wrong = persons.filter((person) => {
    const card = onDay(person.cards, TODAY)
    if (card === undefined || ageOn(person.birth, TODAY - 1) !== ageOn(person.birth, TODAY + 1)) return false
    const isLate = card.insurer.startsWith('39')
    return isLate !== ageOn(person.birth, TODAY) >= 75 || isLate !== (card.branch === '')
  })
  expect(wrong).toEqual([])
})

test('namesake parents, namesake neighbours, weddings, divorces, deaths and foreign residents occur', () => {
  const parentsNamesakes = households.filter((members) => {
    const child = members.filter(({ role }) => role === 'child').map(readingOf)
    return members.some(
      (parent) => parent.role !== 'child' && isAtHome(parent) && child.includes(readingOf(parent)),
    )
  })
  expect(parentsNamesakes.length).toBeGreaterThan(0)
  const neighbours = persons.filter(({ role }) => role === 'neighbour')
  expect(neighbours.length).toBeGreaterThan(20)
  for (const neighbour of neighbours) {
    const others = households[Number(neighbour.household)]?.filter(({ id }) => id !== neighbour.id) ?? []
    expect(
      others.some((other) => other.sex === neighbour.sex && readingsOf(other).has(readingOf(neighbour))),
    ).toBe(true)
    expect(others.every(({ birth }) => birth !== neighbour.birth)).toBe(true)
  }
  expect(persons.filter(({ names }) => names.length === 2).length).toBeGreaterThan(1_000)
  expect(persons.filter(({ names }) => names.length === 3).length).toBeGreaterThan(50)
  expect(persons.filter(({ diedOn }) => diedOn !== undefined).length).toBeGreaterThan(50)
  expect(shareOf(persons, ({ foreign }) => foreign !== undefined)).toBeGreaterThan(0.015)
  expect(persons.some(({ foreign }) => foreign?.alias !== undefined)).toBe(true)
  expect(persons.some(({ isProtected }) => isProtected)).toBe(true)
})

test('nobody is born in the future, and nobody dies before being born', () => {
  const wrong = persons.filter(
    ({ birth, diedOn }) =>
      birth >= TODAY || isoDate(birth) < '1890' || (diedOn !== undefined && diedOn <= birth),
  )
  expect(wrong).toEqual([])
})

function isAtHome({ role, diedOn }: Person): boolean {
  return role !== 'neighbour' && role !== 'elsewhere' && diedOn === undefined
}

function givenOf({ names }: Person): string {
  return names[0]?.value.given.kana ?? ''
}

function readingOf({ names }: Person): string {
  return `${names.at(-1)?.value.family.kana} ${names.at(-1)?.value.given.kana}`
}

function readingsOf({ names }: Person): Set<string> {
  return new Set(names.map(({ value }) => `${value.family.kana} ${value.given.kana}`))
}

function shareOf<T>(all: readonly T[], is: (one: T) => boolean): number {
  return all.filter(is).length / all.length
}
