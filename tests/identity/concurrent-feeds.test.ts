import { expect, test } from 'vitest'
import { linkEvent } from '../../src/identity/tables.ts'
import { MINATO, SAGAMINO, SHIOKAZE, testIndex } from './index-app.ts'

const ROUNDS = 10

test('first records of one person, fed at the same moment, make one person', async () => {
  await using t = await testIndex()
  for (let n = 0; n < ROUNDS; n += 1) {
    const birthDate = `1961-02-${String(2 + n).padStart(2, '0')}`
    const fed = await Promise.all([
      t.put(MINATO, `M-${n}`, { birthDate }),
      t.put(SAGAMINO, `S-${n}`, { birthDate, family: '高橋' }),
      t.put(SHIOKAZE, `K-${n}`, { birthDate, insured: null }),
    ])
    expect(fed.map(({ status }) => status)).toEqual([201, 201, 201])
  }
  expect((await t.persons()).map((refs) => refs.length)).toEqual(Array(ROUNDS).fill(3))
}, 60_000)

test('records that each share a third, fed at the same moment, are decided as one after the other', async () => {
  await using t = await testIndex()
  const elsewhere = { insured: null, address: '神奈川県汐凪市白砂5丁目6番7号', postalCode: '259-9911' }
  await t.put(MINATO, 'M-1', { insured: null })
  await Promise.all([
    t.put(SAGAMINO, 'S-1', elsewhere),
    t.put(SHIOKAZE, 'K-1', { insured: null, phone: null }),
  ])
  expect(await t.persons()).toEqual([['minato M-1'], ['sagamino S-1'], ['shiokaze K-1']])
})

test('one registration sent many times at once is one registration', async () => {
  await using t = await testIndex()
  const fed = await Promise.all(
    [0, 1, 2, 3].map((n) => t.put(MINATO, 'M-1', n % 2 === 0 ? {} : { birthDate: '1990-08-09' })),
  )
  expect(fed.filter(({ status }) => status === 201)).toHaveLength(1)
  expect(fed.every(({ status }) => status === 200 || status === 201)).toBe(true)
  expect(await t.persons()).toEqual([['minato M-1']])
})

test('a registration fed while it is removed is either there, linked, or gone', async () => {
  await using t = await testIndex()
  await t.put(SAGAMINO, 'S-1')
  for (let n = 0; n < 10; n += 1) {
    await Promise.all([t.put(MINATO, 'M-1', n % 2 === 0 ? {} : { phone: null }), t.remove(MINATO, 'M-1')])
    const persons = await t.persons()
    expect([[['minato M-1', 'sagamino S-1']], [['sagamino S-1']]]).toContainEqual(persons)
  }
  const events = await t.context.db.select().from(linkEvent).orderBy(linkEvent.id)
  expect(events.length).toBeGreaterThan(0)
})
