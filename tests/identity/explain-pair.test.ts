import { expect, test } from 'vitest'
import { explainPair } from '../../src/identity/index.ts'
import { MINATO, SAGAMINO, SHIOKAZE, testIndex } from './index-app.ts'

const id = (region: string, localId: string) => ({ region, localId })

test('an explanation adds up, and names what met the pair, the vetoes checked and the runner-up', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  await t.put(SAGAMINO, 'S-1')
  await t.put(SHIOKAZE, 'K-1', { given: '次郎', givenKana: 'ジロウ', gender: 'male' })
  const told = await explainPair(t.context.db, id('minato', 'M-1'), id('sagamino', 'S-1'))
  const { fields, bits } = told.pair
  const sum = Object.values(fields).reduce((total, { bits: own }) => total + own, 0)
  expect(sum).toBeGreaterThanOrEqual(bits.total - 0.1)
  expect(fields.surname?.rarity).toBeDefined()
  expect(told.isLinked).toBe(true)
  expect(told.passes).toContain('number')
  expect(told.vetoes.filter(({ forbids }) => forbids)).toEqual([])
  expect(told.vetoes.map(({ veto }) => veto)).toEqual(expect.arrayContaining(['V1', 'V6', 'V10']))
  expect(told.compared).toBe(3)
  expect(told.runnerUp).toMatchObject({ isOfThem: false })
  expect(told.runnerUp?.bits).toBeLessThan(bits.total)
})

test('a veto that forbids is named, and a look-alike without a rule waits', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  await t.put(SAGAMINO, 'S-1', { gender: 'male' })
  const told = await explainPair(t.context.db, id('minato', 'M-1'), id('sagamino', 'S-1'))
  expect(told.isLinked).toBe(false)
  expect(told.vetoes.filter(({ forbids }) => forbids)).toEqual([{ veto: 'V4', forbids: true }])
  expect(told.sentence).toContain('性別')
})
