import { expect, test } from 'vitest'
import { columnsOf } from '../../../src/identity/linkage/columns.ts'
import { estimateModel, RESIDENTS } from '../../../src/identity/linkage/index.ts'
import { readModel } from '../../../src/identity/linkage/model.ts'
import { randomNumbers } from '../../../src/identity/linkage/random.ts'
import type { Features } from '../../../src/identity/normalise/index.ts'

const PERSONS = 2000
const SURNAMES = 100
const GIVEN_NAMES = 400

/** Two registrations of each person; in one of twenty the birth date is a digit off, in a quarter the address is new. */
function residents(seed: number): Features[] {
  const next = randomNumbers(seed)
  return Array.from({ length: PERSONS }, (_, person) => {
    const surname = next(10) === 0 ? 0 : 1 + next(SURNAMES)
    const givenName = next(GIVEN_NAMES)
    const day = `19${10 + next(80)}-0${1 + next(9)}-1${next(10)}`
    const own = (): Features => ({
      family: { kanji: `姓${surname}`, kana: nameOf(surname) },
      given: { kanji: `名${givenName}`, kana: nameOf(givenName) },
      birthDate: { day: next(20) === 0 ? `${day.slice(0, -1)}${next(10)}` : day, isPlaceholder: false },
      sex: givenName % 2 === 0 ? 'female' : 'male',
      insured: {
        ...{ insurer: '00149906', symbol: '', number: `9${person}`, branch: '00', isSound: true },
      },
      address: {
        postalCode: undefined,
        town: `港台市町${person % 50}`,
        lot: next(4) === 0 ? `${next(1e6)}` : `${person}-1`,
      },
      mobiles: [],
    })
    return [own(), own()]
  }).flat()
}

const KANA = [...'アイウエオカキクケコサシスセソタチツテト']
const nameOf = (number: number) => KANA[Math.floor(number / 20) % 20]?.concat('ンン', KANA[number % 20] ?? '')

const options = { name: 'test', registrations: 1_000_000, persons: 500_000, randomPairs: 200_000 }

test('weights come out of the registrations: m of what errors there are, u of how names are spread', async () => {
  const { fields, frequencies, population } = await estimateModel(
    columnsOf(residents(1)),
    RESIDENTS.file,
    options,
  )
  expect(fields.birthDate?.equal?.m).toBeCloseTo(0.91, 1)
  expect(fields.birthDate?.oneDigit?.m).toBeCloseTo(0.09, 1)
  expect(fields.birthDate?.equal?.u).toBeLessThan(0.001)
  expect(fields.sex?.equal?.u).toBeCloseTo(0.5, 1)
  expect(fields.sex?.equal?.m).toBeGreaterThan(0.99)
  expect(fields.given?.equal?.u).toBeCloseTo(1 / GIVEN_NAMES, 3)
  expect(fields.address?.different?.m).toBeLessThan(0.1)
  expect(frequencies.surnameKanji.values.姓0).toBeCloseTo(0.1, 1)
  // One pair each of 2,000 people, among 250 times as many registrations.
  expect(population.truePairs / 250).toBeGreaterThan(1700)
  expect(population.truePairs / 250).toBeLessThan(2700)
})

test('what the registrations say nothing about keeps its weights, bounds and rules stay', async () => {
  const estimated = await estimateModel(columnsOf(residents(1)), RESIDENTS.file, options)
  expect(estimated.fields.national).toEqual(RESIDENTS.file.fields.national)
  expect(estimated.fields.surname?.equal?.cap).toBe(RESIDENTS.file.fields.surname?.equal?.cap)
  expect(estimated.thresholds).toEqual(RESIDENTS.file.thresholds)
  expect(readModel(estimated).id).not.toBe(RESIDENTS.id)
})

test('the same registrations in another order give the same model, to the last digit', async () => {
  const all = residents(2)
  const [there, back] = [
    await estimateModel(columnsOf(all), RESIDENTS.file, options),
    await estimateModel(columnsOf(all.toReversed()), RESIDENTS.file, options),
  ]
  expect(back).toEqual(there)
})
