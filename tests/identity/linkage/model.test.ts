import { expect, test } from 'vitest'
import { readModel } from '../../../src/identity/linkage/model.ts'
import { GENERAL, RESIDENTS } from '../../../src/identity/linkage/models.ts'

const { file } = GENERAL
const population = (change: object) => ({ ...file, population: { ...file.population, ...change } })
const thresholds = (change: object) => ({ ...file, thresholds: { ...file.thresholds, ...change } })

test.each([
  ['more pairs than there are', population({ registrations: 2, persons: 1, truePairs: 1e300 })],
  ['more persons than registrations', population({ persons: 100_001 })],
  ['whatever is likely to be wrong linked', thresholds({ auto: 0.4 })],
  ['nothing ever linked', thresholds({ auto: 1 })],
  ['a bound beyond all bits', thresholds({ personFloor: 1e308 })],
  ['a name of any length', { ...file, name: 'x'.repeat(81) }],
  ['a name with NUL', { ...file, name: 'a\u0000b' }],
])('refused: %s', (_, json) => {
  expect(() => readModel(json)).toThrow()
})

test('the models that come along are taken', () => {
  expect([readModel(file).id, readModel(RESIDENTS.file).id]).toEqual([GENERAL.id, RESIDENTS.id])
})
