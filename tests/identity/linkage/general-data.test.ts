import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnsOf } from '../../../src/identity/linkage/columns.ts'
import { bulkLink, estimateModel, GENERAL, MODELS } from '../../../src/identity/linkage/index.ts'
import { type Model, readModel } from '../../../src/identity/linkage/model.ts'
import { randomNumbers } from '../../../src/identity/linkage/random.ts'
import type { Features } from '../../../src/identity/normalise/index.ts'

const PERSONS = 300
const LETTERS = 'ABCDEFGHIJKLMNOPRSTUVWY'

/** One to four records of each person, in Latin letters, with street, town and postcode as other columns. */
function people(seed: number): { features: Features; person: number }[] {
  const next = randomNumbers(seed)
  const word = (length: number) => Array.from({ length }, () => LETTERS[next(LETTERS.length)] ?? '').join('')
  const some = (count: number, length: number) => Array.from({ length: count }, () => word(length))
  const [surnames, givenNames, streets, towns] = [some(400, 7), some(150, 5), some(2000, 12), some(80, 8)]
  const typed = (text: string) => {
    if (next(12) > 0) return text
    const at = next(text.length)
    return text.slice(0, at) + (LETTERS[next(LETTERS.length)] ?? '') + text.slice(at + 1)
  }
  return Array.from({ length: PERSONS }, (_, person) => {
    const [surname, given] = [surnames[next(400)] ?? '', givenNames[next(150)] ?? '']
    const [street, town] = [streets[next(2000)] ?? '', next(80)]
    const day = `19${20 + next(70)}-0${1 + next(9)}-1${next(10)}`
    return Array.from({ length: 1 + next(4) }, () => {
      const birthDate = next(15) === 0 ? `${day.slice(0, -1)}${next(10)}` : day
      const isMoved = next(10) === 0
      const features: Features = {
        family: { latin: typed(surname) },
        given: { latin: typed(given) },
        birthDate: next(20) === 0 ? undefined : { day: birthDate, isPlaceholder: false },
        mobiles: [],
        texts: [
          isMoved ? (streets[next(2000)] ?? '') : typed(street),
          towns[isMoved ? next(80) : town] ?? '',
          `${4000 + town}`,
        ],
      }
      return { features, person }
    })
  }).flat()
}

async function modelOf(all: ReturnType<typeof people>): Promise<Model> {
  const columns = columnsOf(all.map(({ features }) => features))
  const size = { registrations: all.length, persons: all.length }
  return readModel(await estimateModel(columns, GENERAL.file, { name: 'test', ...size, randomPairs: 50_000 }))
}

test('data without Japanese names are linked by the score alone, once their weights are estimated', async () => {
  const all = people(1)
  const model = await modelOf(all)
  const { cluster, rule, counts } = await bulkLink(columnsOf(all.map(({ features }) => features)), {
    ...MODELS,
    general: model,
  })
  let [right, wrong, missed] = [0, 0, 0]
  for (const [a, one] of all.entries()) {
    for (let b = a + 1; b < all.length; b++) {
      const isLinked = cluster[a] === cluster[b]
      const isTrue = one.person === all[b]?.person
      if (isLinked && isTrue) right++
      else if (isLinked) wrong++
      else if (isTrue) missed++
    }
  }
  expect(wrong / (right + wrong)).toBeLessThan(0.01)
  expect(right / (right + missed)).toBeGreaterThan(0.95)
  expect(counts.linked).toBe(rule.filter((place) => place > 0).length)
})

test('in any order', async () => {
  const all = people(2).slice(0, 400)
  const model = await modelOf(all)
  const groupsOf = async (some: typeof all) => {
    const { cluster } = await bulkLink(columnsOf(some.map(({ features }) => features)), {
      ...MODELS,
      general: model,
    })
    const groups = Map.groupBy(some.keys(), (place) => cluster[place])
    return [...groups.values()].map((group) =>
      group.map((place) => all.indexOf(some[place] as (typeof all)[0])).sort(),
    )
  }
  const sorted = (groups: number[][]) => groups.map((group) => group.join()).sort()
  const expected = sorted(await groupsOf(all))
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(all, { minLength: all.length }), async (shuffled) => {
      expect(sorted(await groupsOf(shuffled))).toEqual(expected)
    }),
    { numRuns: 5 },
  )
})
