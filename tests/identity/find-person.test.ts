import { describe, expect, test } from 'vitest'
import { findPerson, issueHandle, personOfHandle, resolveByDemographics } from '../../src/identity/index.ts'
import { handle as handleTable } from '../../src/identity/tables.ts'
import { present } from '../../src/kernel/must.ts'
import { epochsHold, readEpochs } from '../../src/registry/index.ts'
import { NOON } from '../support/test-context.ts'
import { untilAnyoneWaits } from '../support/until-waiting.ts'
import { MINATO, SAGAMINO, SHIOKAZE, testIndex } from './index-app.ts'
import { HANAKO, patientOf, type ResidentRecord } from './resident.ts'

const ELSEWHERE = { address: '神奈川県汐凪市白砂5丁目6番7号', postalCode: '259-9911', phone: null }
const asked = (record: ResidentRecord = {}) => JSON.stringify(patientOf({ ...HANAKO, ...record }))

describe('by demographics', () => {
  test('the one person whom a rule gives, whose registrations all agree', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1')
    const personId = await t.personOf(MINATO, 'M-1')
    for (const record of [{}, ELSEWHERE, { family: '高橋', phone: null }]) {
      const found = await resolveByDemographics(t.context.db, asked(record), NOON)
      expect(found).toEqual({ personId, isByNumber: true })
    }
    for (const insured of [null, '00149906:港台:7654321:01', '0']) {
      const found = await resolveByDemographics(t.context.db, asked({ insured }), NOON)
      expect(found).toEqual({ personId, isByNumber: false })
    }
  })

  test.each<[string, ResidentRecord]>([
    ['nobody has them', { given: '太郎', givenKana: 'タロウ' }],
    ['only name, birth date and sex agree', { ...ELSEWHERE, insured: null }],
    ['the birth date is one digit off', { birthDate: '1961-02-08' }],
    ['the sex is another', { gender: 'male' }],
    ['the branch is another', { insured: '00149906:港台:1234567:03' }],
  ])('nobody when %s', async (_, record) => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    expect(await resolveByDemographics(t.context.db, asked(record), NOON)).toBeUndefined()
  })

  test('nobody when they are one person’s address and another’s telephone', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1', { phone: null })
    await t.put(SAGAMINO, 'S-1', { ...ELSEWHERE, phone: '070-0000-0001', insured: null })
    expect(await resolveByDemographics(t.context.db, asked({ insured: null }), NOON)).toBeUndefined()
  })

  test('nobody when a registration of the person forbids it', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1', { given: '華子' })
    await t.put(SAGAMINO, 'S-1', { given: null })
    expect(await t.persons()).toHaveLength(1)
    const { db } = t.context
    expect(await resolveByDemographics(db, asked({ insured: null }), NOON)).toBeUndefined()
    expect(await resolveByDemographics(db, asked({ given: '華子' }), NOON)).toBeDefined()
  })

  test('asking keeps nothing', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await resolveByDemographics(t.context.db, asked(), NOON)
    expect(await t.persons()).toEqual([['minato M-1']])
  })

  test('what is no Patient is refused', async () => {
    await using t = await testIndex()
    await expect(resolveByDemographics(t.context.db, '{', NOON)).rejects.toMatchObject({
      code: 'body-malformed',
    })
    await expect(resolveByDemographics(t.context.db, '{}', NOON)).rejects.toMatchObject({
      code: 'resource-invalid',
    })
  })
})

describe('by handle', () => {
  const holder = { region: 'shiokaze', institution: '1410000003', at: NOON }
  const expiresAt = new Date(NOON.getTime() + 60_000)

  async function withHandle() {
    const t = await testIndex()
    await t.put(MINATO, 'M-1')
    const personId = present(await t.personOf(MINATO, 'M-1'), 'linked')
    const handle = await t.context.db.transaction((tx) =>
      issueHandle(tx, { named: 'with-insured-number', isExact: true, ...holder, personId, expiresAt }),
    )
    return {
      t,
      personId,
      handle,
      find: (change: object) => personOfHandle(t.context.db, handle, { ...holder, ...change }),
    }
  }

  test('opens for whom it was given to, until it ends', async () => {
    const { t, personId, find } = await withHandle()
    await using _ = t
    expect(await find({})).toBe(personId)
    expect(await find({ at: new Date(expiresAt.getTime() - 1) })).toBe(personId)
    expect(await find({ at: expiresAt })).toBeUndefined()
    expect(await find({ institution: '1410000001' })).toBeUndefined()
    expect(await find({ region: 'sagamino' })).toBeUndefined()
  })

  test('ends when a registration leaves the person, also if it was given at that moment', async () => {
    await using t = await testIndex()
    const { db } = t.context
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1')
    const personId = present(await t.personOf(MINATO, 'M-1'), 'linked')
    const epochs = await readEpochs(db, [`person:${personId}`])
    const { handle, leaving } = await db.transaction(async (tx) => {
      expect(await epochsHold(tx, epochs)).toBe(true)
      const issued = await issueHandle(tx, {
        named: 'with-insured-number',
        isExact: true,
        ...holder,
        personId,
        expiresAt,
      })
      const change = t.put(SAGAMINO, 'S-1', { birthDate: '1961-02-08' })
      await untilAnyoneWaits(db)
      return { handle: issued, leaving: change }
    })
    expect((await leaving).status).toBe(200)
    expect(await personOfHandle(db, handle, holder)).toBeUndefined()
  })

  test('ends when the registration is removed', async () => {
    const { t, find } = await withHandle()
    await using _ = t
    await t.remove(MINATO, 'M-1')
    expect(await find({})).toBeUndefined()
  })

  test('is not in the database, and its issue is on the record', async () => {
    const { t, personId, handle } = await withHandle()
    await using _ = t
    expect(JSON.stringify(await t.context.db.select().from(handleTable))).not.toContain(handle)
    expect(await t.audited('handle.issued')).toMatchObject([{ person: personId, institution: '1410000003' }])
    expect(JSON.stringify(await t.audited('handle.issued'))).not.toContain(handle)
  })
})

test('a region’s own sex and birth date are given back as it has them', async () => {
  await using t = await testIndex()
  await t.put(SHIOKAZE, 'K-1', { birthDate: '1961', gender: 'other' })
  const person = present(await t.personOf(SHIOKAZE, 'K-1'), 'linked')
  expect((await findPerson(t.context.db, person))?.registrations).toEqual([
    {
      region: 'shiokaze',
      localId: 'K-1',
      since: NOON,
      formers: [],
      birthDate: '1961',
      sex: 'other',
      protected: false,
    },
  ])
})
