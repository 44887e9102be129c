import { ageOn, type Day, dayOf, TODAY } from '../days.ts'
import { onDay, type Person } from '../population/person.ts'
import { AREAS } from '../population/places.ts'
import { type Random, randomFrom, weigh } from '../random.ts'
import { type Desk, openDesk } from './desk.ts'
import type { Draft } from './draft.ts'
import { makeTestPerson } from './make-test-person.ts'
import { type Source, sourceOf } from './profiles.ts'
import { spoil } from './spoil.ts'
import { writeDown } from './write-down.ts'

/** In how many regions somebody is known who is known anywhere. */
const REGIONS_KNOWN_IN = weigh([1, 2, 3, 4] as const, (count) => [0, 0.622, 0.263, 0.086, 0.029][count] ?? 0)
const DUPLICATE_SHARE = 0.01
const TEST_RECORD_SHARE = 0.0003
const ID_REUSED_SHARE = 0.00005
const CARD_OF_ANOTHER_SHARE = 0.0004
/** The oldest records are of this day; each is as it was when somebody last touched it. */
const RECORDS_FROM: Day = dayOf(2012, 1, 1)
/** Of the records of babies, those written in the first weeks of life. */
const NEWBORN_SHARE = 0.12

interface Region {
  desk: Desk
  source: Source
}

/** Writes down households, one after the other; the regions' desks remember from one to the next. */
export function openRegions(seed: number, count: number) {
  const regions: Region[] = Array.from({ length: count }, (_, region) => ({
    desk: openDesk(region),
    source: sourceOf(region),
  }))
  let tests = 0
  return {
    /** Every record of a household's members, with the region that holds it. */
    recordsOf(persons: readonly Person[], household: number): { region: number; draft: Draft }[] {
      const random = randomFrom(seed ^ 0x5bd1e995, household)
      return persons.flatMap((person) => {
        const records: { region: number; draft: Draft }[] = []
        for (const { region, day } of visitsOf(random, person, count)) {
          const held = regions[region] as Region
          const first = writeRecord(random, held, person, day)
          records.push({ region, draft: first })
          if (random.chance(DUPLICATE_SHARE)) {
            const second = writeRecord(random, held, person, dayOfVisit(random, person))
            second.causes.add('same-source-duplicate')
            records.push({ region, draft: second })
          }
          if (random.chance(TEST_RECORD_SHARE)) {
            const draft = writeDown(
              random,
              makeTestPerson(random, `test-${tests++}`),
              TODAY,
              held.desk.nextId(),
            )
            draft.causes.add('test-record')
            records.push({ region, draft })
          }
        }
        return records
      })
    },
  }
}

function writeRecord(random: Random, { desk, source }: Region, person: Person, day: Day): Draft {
  const reused = random.chance(ID_REUSED_SHARE) ? desk.usedId(random) : undefined
  const draft = writeDown(random, person, day, reused ?? desk.nextId())
  if (reused !== undefined) draft.causes.add('id-reused')
  desk.remember(draft)
  const wrong = random.chance(CARD_OF_ANOTHER_SHARE) ? desk.cardOfAnother(random, draft) : undefined
  if (wrong !== undefined) {
    draft.card = wrong
    draft.causes.add('card-of-another')
  }
  spoil(draft, source, random)
  return draft
}

/** The regions a person is known in: where they live or lived, then where they work or were referred to. */
function visitsOf(random: Random, person: Person, count: number): { region: number; day: Day }[] {
  const wanted = random.among(REGIONS_KNOWN_IN)
  const visits = new Map<number, Day>()
  const first = dayOfVisit(random, person)
  visits.set(regionOf(onDay(person.homes, first).area, count), first)
  for (let attempt = 0; visits.size < Math.min(wanted, count) && attempt < 12; attempt++) {
    const day = dayOfVisit(random, person)
    const isAtHome = attempt < 2
    const region = isAtHome ? regionOf(onDay(person.homes, day).area, count) : random.below(count)
    if (!visits.has(region)) visits.set(region, day)
  }
  return [...visits].map(([region, day]) => ({ region, day }))
}

export function regionOf(area: number, count: number): number {
  return Math.floor((area * count) / AREAS.length)
}

/** When a record was last touched: lately for most, years ago for some, within a life for all. */
function dayOfVisit(random: Random, person: Person): Day {
  const from = Math.max(RECORDS_FROM, person.birth)
  const to = Math.max(from, Math.min(TODAY, person.diedOn === undefined ? TODAY : person.diedOn + 40))
  if (ageOn(person.birth, to) < 3 && random.chance(NEWBORN_SHARE))
    return from + random.below(Math.min(45, to - from + 1))
  return Math.floor(to - (to - from) * random.next() ** 2.2)
}
