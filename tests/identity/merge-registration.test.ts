import { describe, expect, test } from 'vitest'
import { findPerson, personOf } from '../../src/identity/index.ts'
import { mergedId } from '../../src/identity/merge-tables.ts'
import { registration } from '../../src/identity/tables.ts'
import { present } from '../../src/kernel/must.ts'
import { readEpochs } from '../../src/registry/index.ts'
import { codeOf, MINATO, patientPath, SAGAMINO, testIndex } from './index-app.ts'

type Index = Awaited<ReturnType<typeof testIndex>>

/** A Patient that says it is replaced by another id (ITI-104, resolve duplicate). */
function merged(into: string, system = MINATO.patientSystem) {
  return { active: false, link: [{ type: 'replaced-by', other: { identifier: { system, value: into } } }] }
}

const merge = (t: Index, from: string, into: string, changes: object = {}) =>
  t.put(MINATO, from, {}, { ...merged(into), ...changes })
const OTHER_CITY = {
  ...{ address: '神奈川県汐凪市白砂5丁目6番7号', postalCode: '259-9911', phone: null, insured: null },
}

test('a merged id is nobody’s own, and stands for the person of the one that replaced it', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  await t.put(MINATO, 'M-2', OTHER_CITY)
  await t.put(SAGAMINO, 'S-1', OTHER_CITY)
  expect(await t.persons()).toEqual([['minato M-1'], ['minato M-2', 'sagamino S-1']])
  expect((await merge(t, 'M-1', 'M-2')).status).toBe(200)
  expect(await t.persons()).toEqual([['minato M-2', 'sagamino S-1']])
  const survivor = await t.personOf(MINATO, 'M-2')
  expect(survivor).toBeDefined()
  expect(await t.personOf(MINATO, 'M-1')).toBe(survivor)
  const found = present(await findPerson(t.context.db, { region: 'minato', localId: 'M-1' }), 'found')
  expect([found.id, found.named?.localId]).toEqual([survivor, 'M-2'])
  expect((await t.audited('registration.feed')).at(-1)).toMatchObject({
    ...{ patient: 'M-1', outcome: 'updated', person: null, replacedBy: 'M-2' },
  })
  expect(await t.audited('link.removed')).toHaveLength(0)
  const pix = `/Patient/$ihe-pix?sourceIdentifier=${encodeURIComponent(`${MINATO.patientSystem}|M-1`)}`
  const answered = await t.call(MINATO, 'GET', pix)
  expect([answered.status, await answered.json()]).toEqual([200, { resourceType: 'Parameters' }])
})

test('the epochs of both persons are raised', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  await t.put(MINATO, 'M-2', OTHER_CITY)
  const persons = await Promise.all(['M-1', 'M-2'].map((id) => personOf(t.context.db, 'minato', id)))
  const names = persons.map((id) => `person:${present(id, 'linked')}` as const)
  const before = await readEpochs(t.context.db, names)
  await merge(t, 'M-1', 'M-2')
  const after = await readEpochs(t.context.db, names)
  for (const name of names) expect(after.get(name)).toBeGreaterThan(before.get(name) ?? 0)
})

test('the same message again changes nothing; an older or plain one does not take the merge back', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  await t.put(MINATO, 'M-2')
  await merge(t, 'M-1', 'M-2')
  const again = await merge(t, 'M-1', 'M-2')
  expect([again.status, again.headers.get('etag')]).toEqual([200, 'W/"2"'])
  const plain = await t.put(MINATO, 'M-1')
  expect([plain.status, await codeOf(plain)]).toEqual([409, 'registration-merged'])
  const elsewhere = await merge(t, 'M-1', 'M-3')
  expect([elsewhere.status, await codeOf(elsewhere)]).toEqual([409, 'registration-merged'])
  await t.remove(MINATO, 'M-1')
  expect((await t.put(MINATO, 'M-1')).status).toBe(201)
  expect(await t.persons()).toEqual([['minato M-1', 'minato M-2']])
})

test('in any order the end is the same: merge before either was registered', async () => {
  await using t = await testIndex()
  const created = await merge(t, 'M-1', 'M-2')
  expect(created.status).toBe(201)
  expect(await t.personOf(MINATO, 'M-1')).toBeUndefined()
  const late = await t.put(MINATO, 'M-1')
  expect([late.status, await codeOf(late)]).toEqual([409, 'registration-merged'])
  await t.put(MINATO, 'M-2')
  expect(await t.persons()).toEqual([['minato M-2']])
  expect(await t.personOf(MINATO, 'M-1')).toBe(await t.personOf(MINATO, 'M-2'))
})

test('a chain leads to its end, and may be named by its end', async () => {
  await using t = await testIndex()
  for (const id of ['M-1', 'M-2', 'M-3']) await t.put(MINATO, id, { insured: null })
  await merge(t, 'M-1', 'M-2')
  await merge(t, 'M-2', 'M-3')
  expect(await t.personOf(MINATO, 'M-1')).toBe(await t.personOf(MINATO, 'M-3'))
  expect((await merge(t, 'M-1', 'M-3')).status).toBe(200)
})

describe('refused, and nothing is changed', () => {
  test('409 for a cycle, also of three sent at once', async () => {
    await using t = await testIndex()
    for (const id of ['M-1', 'M-2', 'M-3']) await t.put(MINATO, id)
    await merge(t, 'M-1', 'M-2')
    const back = await merge(t, 'M-2', 'M-1')
    expect([back.status, await codeOf(back)]).toEqual([409, 'merge-cycle'])
    for (let round = 0; round < 10; round += 1) {
      const ids = ['A', 'B', 'C'].map((id) => `${id}-${round}`)
      for (const id of ids) await t.put(MINATO, id, { birthDate: `1970-01-${10 + round}` })
      const answers = await Promise.all(ids.map((id, at) => merge(t, id, ids[(at + 1) % 3] as string)))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 409])
    }
    const rows = await t.context.db.select().from(registration)
    expect(rows.filter(({ replacedBy }) => replacedBy !== null)).toHaveLength(21)
  }, 60_000)

  test.each([
    ['itself', merged('M-1'), 422, 'merge-invalid'],
    ['another region’s id', merged('S-1', SAGAMINO.patientSystem), 403, 'foreign-patient-domain'],
    ['an id of no known domain', merged('M-2', 'urn:oid:2.999.9'), 422, 'merge-invalid'],
    [
      'two at once',
      { active: false, link: [...merged('M-2').link, ...merged('M-3').link] },
      422,
      'merge-invalid',
    ],
    ['an id while still active', { ...merged('M-2'), active: true }, 422, 'merge-invalid'],
    [
      'a reference without an id',
      { active: false, link: [{ type: 'replaced-by', other: { reference: 'Patient/2' } }] },
      422,
      'merge-invalid',
    ],
  ])('replaced by %s', async (_, changes, status, code) => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    const refused = await t.put(MINATO, 'M-1', {}, changes)
    expect([refused.status, await codeOf(refused)]).toEqual([status, code])
    expect(await t.persons()).toEqual([['minato M-1']])
  })

  test('removing the one that replaced it leaves the merged id nobody’s', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(MINATO, 'M-2')
    await merge(t, 'M-1', 'M-2')
    await t.remove(MINATO, 'M-2')
    expect(await t.personOf(MINATO, 'M-1')).toBeUndefined()
    const answer = await t.call(MINATO, 'DELETE', patientPath(MINATO, 'M-1'))
    expect(answer.status).toBe(204)
  })
})

test('each merged id leads in one step to the one that stands for it; one that is removed leads nowhere', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-4')
  await merge(t, 'M-2', 'M-3')
  await merge(t, 'M-1', 'M-2')
  await merge(t, 'M-0', 'M-1')
  await merge(t, 'M-3', 'M-4')
  const led = async () => {
    const rows = await t.context.db.select().from(mergedId)
    return rows.map(({ localId, survivor }) => `${localId} ${survivor}`).sort()
  }
  expect(await led()).toEqual(['M-0 M-4', 'M-1 M-4', 'M-2 M-4', 'M-3 M-4'])
  await t.remove(MINATO, 'M-2')
  expect(await led()).toEqual(['M-0 M-1', 'M-3 M-4'])
  expect((await t.audited('registration.feed')).at(-1)).toMatchObject({ patient: 'M-2', freed: ['M-1'] })
  await merge(t, 'M-2', 'M-4')
  expect(await led()).toEqual(['M-0 M-1', 'M-2 M-4', 'M-3 M-4'])
  expect((await merge(t, 'M-1', 'M-2')).status, 'the same message, after it was taken back').toBe(200)
  expect(await led()).toEqual(['M-0 M-4', 'M-1 M-4', 'M-2 M-4', 'M-3 M-4'])
})
