import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { isoDate, TODAY } from './days.ts'
import { makeHousehold } from './population/make-household.ts'
import { onDay } from './population/person.ts'
import { CAUSES } from './sources/causes.ts'
import { type Draft, isDamaged, soundScripts } from './sources/draft.ts'
import { openRegions, regionOf } from './sources/make-records.ts'

const HOUSEHOLDS = 30_000
const REGIONS = 5

const { recordsOf } = openRegions(11, REGIONS)
const records: { region: number; draft: Draft }[] = []
let people = 0
for (let household = 0; household < HOUSEHOLDS; household++) {
  const members = makeHousehold(11, household)
  people += members.length
  records.push(...recordsOf(members, household))
}
const drafts = records.map(({ draft }) => draft)

test('there are about 1.53 records a person, in every region', () => {
  expect(records.length / people).toBeGreaterThan(1.5)
  expect(records.length / people).toBeLessThan(1.57)
  for (let region = 0; region < REGIONS; region++) {
    expect(records.filter((record) => record.region === region).length / records.length).toBeGreaterThan(0.1)
  }
})

test.each(Object.keys(CAUSES))('%s occurs', (cause) => {
  expect(drafts.some(({ causes }) => (causes as Set<string>).has(cause))).toBe(true)
})

test('most records are sound, some are not', () => {
  const sound = drafts.filter((draft) => soundScripts(draft).length > 0).length / drafts.length
  expect(sound).toBeGreaterThan(0.93)
  expect(sound).toBeLessThan(0.98)
})

test('a birth date or a sex is called damaged where it is not the true one, and only there', () => {
  const wrong = drafts.filter(
    (draft) =>
      !draft.causes.has('test-record') &&
      (isDamaged(draft, 'birth') !== (draft.birthDate !== isoDate(draft.person.birth)) ||
        isDamaged(draft, 'sex') !== (draft.gender !== draft.person.sex)),
  )
  expect(wrong).toEqual([])
})

test('a name without a cause is the legal name of the day', () => {
  const wrong = drafts.filter(({ causes, person, day, kanji, kana }) => {
    if ([...causes].some((cause) => NAME_CAUSES.has(cause))) return false
    const { family, given } = onDay(person.names, day)
    return (
      (kanji !== undefined && (kanji.family !== family.kanji || kanji.given !== given.kanji)) ||
      (kana !== undefined && (kana.family !== family.kana || kana.given !== given.kana))
    )
  })
  expect(wrong).toEqual([])
})

const NAME_CAUSES = new Set<string>([
  'alias-only',
  'common-form',
  'register-form',
  'unreadable-character',
  'confused-character',
  'repeat-mark-written-out',
  'half-width-kana',
  'hiragana',
  'small-kana-enlarged',
  'old-kana',
  'sound-change',
  'long-vowel',
  'reading-guessed',
  'kana-mistyped',
  'parts-swapped',
  'unsplit',
  'newborn-placeholder',
  'roman-name-cut',
  'full-width-latin',
])

test('an insured number without a cause is the one of the day', () => {
  const wrong = drafts.filter(
    ({ causes, card, person, day }) =>
      card !== undefined &&
      ![...causes].some((cause) => CARD_CAUSES.has(cause)) &&
      !isDeepStrictEqual(card, onDay(person.cards, day)),
  )
  expect(wrong).toEqual([])
})

const CARD_CAUSES = new Set<string>([
  'branch-missing',
  'branch-of-relative',
  'symbol-residue',
  'leading-noughts-dropped',
  'leading-noughts-added',
  'full-width-card',
  'insurer-unpadded',
  'card-mistyped',
  'card-of-another',
  'dummy-card',
])

test('a card of another is somebody else’s', () => {
  const given = drafts.filter(({ causes, card }) => causes.has('card-of-another') && card !== undefined)
  const own = given.filter(({ card, person }) =>
    person.cards.some(({ value }) => isDeepStrictEqual(value, card)),
  )
  expect(given.length).toBeGreaterThan(5)
  expect(own).toEqual([])
})

test('a newborn is a placeholder in the first weeks only; a record is of a day within the life', () => {
  const wrong = drafts.filter(
    ({ causes, day, person }) =>
      day < person.birth || day > TODAY || (causes.has('newborn-placeholder') && day - person.birth > 45),
  )
  expect(wrong).toEqual([])
})

test('a local id is given once in its region, unless it is re-used', () => {
  const seen = new Set<string>()
  const wrong = records.filter(({ region, draft }) => {
    const key = `${region} ${draft.localId}`
    const isKnown = seen.has(key)
    seen.add(key)
    return isKnown !== draft.causes.has('id-reused')
  })
  expect(wrong).toEqual([])
})

test('neighbouring areas make up a region, whatever the number of regions', () => {
  expect([0, 1, 5, 10].map((area) => regionOf(area, 1))).toEqual([0, 0, 0, 0])
  expect(regionOf(10, 5)).toBe(4)
  expect(Array.from({ length: 11 }, (_, area) => regionOf(area, 11))).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ])
})
