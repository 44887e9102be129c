import { describe, expect, test } from 'vitest'
import { linkEverybody } from '../../src/identity/bulk/index.ts'
import { MINATO, SAGAMINO, testIndex } from './index-app.ts'
import { HANAKO, type ResidentRecord } from './resident.ts'

const NEW_HOME = { address: '神奈川県野分市南町1丁目1番1号', postalCode: '220-9922' }
/** 国民健康保険 is the town's, so that whoever moves gets another number. */
const NEW_INSURANCE = { insured: '00149914:野分:7654321:01' }
const FORMER_HOME = { use: 'old', text: HANAKO.address, postalCode: HANAKO.postalCode }

/** What the new region knows of who came, and what it knows of where from. */
const MOVED: [string, ResidentRecord, object[]][] = [
  ['insured by the same employer', NEW_HOME, []],
  ['insured by the new town, with the same telephone', { ...NEW_HOME, ...NEW_INSURANCE }, []],
  [
    'insured by the new town, with another telephone and the former address',
    { ...NEW_HOME, ...NEW_INSURANCE, phone: '070-0000-0009' },
    [FORMER_HOME],
  ],
]

describe.each(MOVED)('F26: a resident moved from one region to another, %s', (_, record, former) => {
  async function moved() {
    const t = await testIndex()
    await t.put(MINATO, 'M-1')
    const { address: text, postalCode } = record
    const response = await t.put(SAGAMINO, 'S-1', record, { address: [{ text, postalCode }, ...former] })
    expect(response.status).toBe(201)
    return t
  }

  test('both registrations are linked, and one person is counted', async () => {
    await using t = await moved()
    expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1']])
    expect(await linkEverybody(t.context, { threads: 1 })).toMatchObject({ registrations: 2, clusters: 1 })
    expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1']])
  })

  test('nobody is counted twice, nor lost, when the former region ends the registration, and has them back', async () => {
    await using t = await moved()
    const person = await t.personOf(SAGAMINO, 'S-1')
    await t.put(MINATO, 'M-1', {}, { active: false })
    expect(await t.persons()).toEqual([['sagamino S-1']])
    expect(await linkEverybody(t.context, { threads: 1 })).toMatchObject({ registrations: 1, clusters: 1 })
    await t.put(MINATO, 'M-1', {}, { active: true })
    expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1']])
    expect(await t.personOf(MINATO, 'M-1')).toBe(person)
  })
})
