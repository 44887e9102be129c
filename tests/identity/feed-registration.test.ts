import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { findPerson, issueHandle, personOfHandle } from '../../src/identity/index.ts'
import { linkEvent, possibleLink, registration } from '../../src/identity/tables.ts'
import { openLog } from '../../src/kernel/events.ts'
import { present } from '../../src/kernel/must.ts'
import { readEpochs } from '../../src/registry/index.ts'
import { NOON } from '../support/test-context.ts'
import { codeOf, MINATO, patientPath, SAGAMINO, SHIOKAZE, testIndex } from './index-app.ts'
import { HANAKO, patientOf } from './resident.ts'
import { myNumber } from './sample-number.ts'

const ELSEWHERE = { address: '神奈川県汐凪市白砂5丁目6番7号', postalCode: '259-9911', phone: null }

test('201 for a new registration, 200 for a changed one, and the text is kept to the letter', async () => {
  await using t = await testIndex()
  const created = await t.put(MINATO, 'M-1')
  expect([created.status, created.headers.get('etag')]).toEqual([201, 'W/"1"'])
  const updated = await t.put(MINATO, 'M-1', { phone: null })
  expect([updated.status, updated.headers.get('etag')]).toEqual([200, 'W/"2"'])
  const [row] = await t.context.db.select().from(registration)
  expect(row?.source).toBe(await updated.text())
  expect(await t.audited('registration.feed')).toMatchObject([
    { patient: 'M-1', outcome: 'created', version: 1 },
    { patient: 'M-1', outcome: 'updated', version: 2 },
  ])
})

test('the same text again is on the record and changes nothing', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  const again = await t.put(MINATO, 'M-1')
  expect([again.status, again.headers.get('etag')]).toEqual([200, 'W/"1"'])
  expect(await t.audited('registration.feed')).toMatchObject([
    { outcome: 'created' },
    { outcome: 'unchanged' },
  ])
  expect(await t.audited('link.made')).toHaveLength(1)
})

test('one resident of three regions is one person, with the reasons on record', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  await t.put(SAGAMINO, 'S-1', { family: '高橋', ...ELSEWHERE })
  await t.put(SHIOKAZE, 'K-1', { insured: '00149906:港台:１２３４５６７:02' })
  expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1', 'shiokaze K-1']])
  const events = await t.context.db.select().from(linkEvent).orderBy(linkEvent.id)
  expect(events.map(({ localId, before, rule }) => [localId, before === null, rule])).toEqual([
    ['M-1', true, null],
    ['M-1', false, 'A1'],
    ['S-1', true, 'A1'],
    ['K-1', true, 'A1'],
  ])
  expect(events.at(-1)?.explanation.pairs).toMatchObject([
    {
      with: 'minato M-1',
      rule: 'A1',
      vetoes: [],
      fields: { given: { level: 'equal' }, insured: { level: 'person' } },
    },
    { with: 'sagamino S-1', rule: 'A1', fields: { address: { level: 'different' } } },
  ])
})

describe('409, and nothing is changed, for', () => {
  test('a registration as it was before the one on record', async () => {
    await using t = await testIndex()
    const at = (lastUpdated: string) => ({ meta: { lastUpdated } })
    await t.put(MINATO, 'M-1', {}, at('2026-05-02T09:00:00+09:00'))
    const late = await t.put(MINATO, 'M-1', { phone: null }, at('2026-05-01T23:59:59Z'))
    expect([late.status, await codeOf(late)]).toEqual([409, 'version-stale'])
    const again = await t.put(MINATO, 'M-1', { phone: null }, at('2026-05-02T00:00:00Z'))
    expect([again.status, again.headers.get('etag')]).toEqual([200, 'W/"2"'])
    expect((await t.put(MINATO, 'M-1')).status).toBe(200)
  })

  test('F25: a message from before the registration was removed, whose person and demographics are gone', async () => {
    await using t = await testIndex()
    const at = (lastUpdated: string) => ({ meta: { lastUpdated } })
    await t.put(MINATO, 'M-1', {}, at('2026-05-02T00:00:00Z'))
    await t.put(SAGAMINO, 'S-1')
    expect((await t.remove(MINATO, 'M-1')).status).toBe(204)
    const kept = await t.context.db.select({ localId: registration.localId }).from(registration)
    expect(kept).toEqual([{ localId: 'S-1' }])
    for (const late of ['2026-05-01T00:00:00Z', '2026-05-02T00:00:00Z', NOON.toISOString()]) {
      const again = await t.put(MINATO, 'M-1', {}, at(late))
      expect([again.status, await codeOf(again)]).toEqual([409, 'version-stale'])
    }
    expect(await t.persons()).toEqual([['sagamino S-1']])
    expect(await t.audited('link.removed')).toMatchObject([{ patient: 'M-1' }])
    const anew = await t.put(MINATO, 'M-1', {}, at(new Date(NOON.getTime() + 1).toISOString()))
    expect(anew.status).toBe(201)
    expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1']])
  })

  test('an id that is used for somebody else: consents and visits would be theirs', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1')
    const other = { given: '太郎', givenKana: 'タロウ', birthDate: '1990-08-09' }
    const refused = await t.put(MINATO, 'M-1', other)
    expect([refused.status, await codeOf(refused)]).toEqual([409, 'registration-replaced'])
    expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1']])
    await t.remove(MINATO, 'M-1')
    expect((await t.put(MINATO, 'M-1', other)).status).toBe(201)
  })

  test('but not for one whose name or birth date alone was wrong, nor for who had none yet', async () => {
    await using t = await testIndex()
    for (const record of [
      { given: '不詳', givenKana: null, birthDate: '1900-01-01' },
      {},
      { given: '春子', givenKana: 'ハルコ' },
      { given: '春子', givenKana: 'ハルコ', birthDate: '1961-02-08' },
    ]) {
      expect([200, 201]).toContain((await t.put(MINATO, 'M-1', record)).status)
    }
  })
})

describe('a change', () => {
  test('that satisfies no rule any more takes the registration out of its person', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1')
    const before = present(await t.personOf(MINATO, 'M-1'), 'linked')
    await t.put(SAGAMINO, 'S-1', { birthDate: '1961-02-08' })
    expect(await t.persons()).toEqual([['minato M-1'], ['sagamino S-1']])
    expect(await t.personOf(MINATO, 'M-1')).toBe(before)
  })

  test('that satisfies a rule brings it in, and the older person’s id goes on', async () => {
    await using t = await testIndex({ now: clock() })
    await t.put(MINATO, 'M-1')
    const older = await t.personOf(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1', { birthDate: '1961-02-08' })
    await t.put(SAGAMINO, 'S-1')
    expect(await t.personOf(SAGAMINO, 'S-1')).toBe(older)
    expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1']])
  })

  test('raises the epoch of everybody concerned, also where only a flag changed', async () => {
    await using t = await testIndex()
    const epochOf = async (person: string) => {
      const [value] = (await readEpochs(t.context.db, [`person:${person}`])).values()
      return present(value, 'every epoch can be read')
    }
    await t.put(MINATO, 'M-1')
    const person = present(await t.personOf(MINATO, 'M-1'), 'linked')
    const first = await epochOf(person)
    await t.put(SAGAMINO, 'S-1')
    const second = await epochOf(person)
    const security = [{ system: 'https://tsunagi.example/CodeSystem/protection', code: 'support-measures' }]
    await t.put(SAGAMINO, 'S-1', {}, { meta: { security } })
    const third = await epochOf(person)
    await t.remove(SAGAMINO, 'S-1')
    const fourth = await epochOf(person)
    expect([second > first, third > second, fourth > third]).toEqual([true, true, true])
  })

  test('that takes somebody out ends the person’s handles', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1')
    const holder = { region: 'shiokaze', institution: '1410000003', at: NOON }
    const personId = present(await t.personOf(MINATO, 'M-1'), 'linked')
    const expiresAt = new Date(NOON.getTime() + 1_000)
    const handle = await t.context.db.transaction((tx) =>
      issueHandle(tx, { named: 'with-insured-number', isExact: true, ...holder, personId, expiresAt }),
    )
    expect(await personOfHandle(t.context.db, handle, holder)).toBe(personId)
    await t.put(SAGAMINO, 'S-1', { birthDate: '1961-02-08' })
    expect(await personOfHandle(t.context.db, handle, holder)).toBeUndefined()
  })
})

test('who is protected in one region is protected in all', async () => {
  await using t = await testIndex()
  const security = [{ system: 'https://tsunagi.example/CodeSystem/protection', code: 'support-measures' }]
  await t.put(MINATO, 'M-1')
  await t.put(SAGAMINO, 'S-1', { gender: 'female', birthDate: '1961-02-03' }, { meta: { security } })
  const person = present(await t.personOf(MINATO, 'M-1'), 'linked')
  const shared = {
    formers: [],
    deceasedOn: undefined,
    since: NOON,
    birthDate: '1961-02-03',
    sex: 'female',
    protected: true,
  }
  expect((await findPerson(t.context.db, person))?.registrations).toEqual([
    { region: 'minato', localId: 'M-1', ...shared },
    { region: 'sagamino', localId: 'S-1', ...shared },
  ])
})

test('a registration that is not active is nobody’s, until it is active again', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  await t.put(SAGAMINO, 'S-1')
  await t.put(SAGAMINO, 'S-1', {}, { active: false })
  expect(await t.persons()).toEqual([['minato M-1']])
  expect(await t.personOf(SAGAMINO, 'S-1')).toBeUndefined()
  await t.put(SAGAMINO, 'S-1', {}, { active: true })
  expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1']])
})

test('what a removed registration kept apart comes together', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1', { given: null, givenKana: 'ユウコ' })
  await t.put(SAGAMINO, 'S-1', { given: '裕子', givenKana: 'ユウコ' })
  await t.put(SHIOKAZE, 'K-1', { given: '優子', givenKana: 'ユウコ' })
  expect(await t.persons()).toEqual([['minato M-1'], ['sagamino S-1'], ['shiokaze K-1']])
  expect((await t.remove(SHIOKAZE, 'K-1')).status).toBe(204)
  expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1']])
  expect(await t.context.db.select().from(possibleLink)).toEqual([])
})

test('a pair that a veto keeps apart waits for a person, unlinked', async () => {
  await using t = await testIndex({ now: clock() })
  await t.put(MINATO, 'M-1')
  await t.put(SAGAMINO, 'S-1', { gender: 'male' })
  expect(await t.persons()).toEqual([['minato M-1'], ['sagamino S-1']])
  const [first] = await t.context.db.select().from(possibleLink)
  await t.put(SAGAMINO, 'S-1', { gender: 'male', phone: null })
  const [again] = await t.context.db.select().from(possibleLink)
  expect(again?.since).toEqual(first?.since)
  expect(await t.context.db.select().from(possibleLink)).toMatchObject([
    { localIdA: 'M-1', localIdB: 'S-1', rule: 'A1', vetoes: ['V4'] },
  ])
  await t.put(SAGAMINO, 'S-1')
  expect(await t.context.db.select().from(possibleLink)).toEqual([])
})

test('a filler shared by many is never compared', async () => {
  await using t = await testIndex()
  for (let n = 0; n < 5; n += 1) await t.put(MINATO, `T-${n}`, { family: 'テスト', given: '患者' })
  expect(await t.persons()).toHaveLength(5)
  expect(await t.context.db.select().from(possibleLink)).toEqual([])
})

test('a record that more share than one person has comes apart, and costs no more with every copy', async () => {
  await using t = await testIndex()
  for (let n = 0; n < 30; n += 1) await t.put(MINATO, `D-${n}`, { phone: null })
  expect(await t.persons()).toHaveLength(30)
  const fed = (await t.audited('registration.feed')) as { isCrowded: boolean }[]
  expect(fed.filter(({ isCrowded }) => isCrowded)).toHaveLength(6)
}, 60_000)

describe('refused, and nothing of it is kept', () => {
  test('422 for an Individual Number anywhere; it is neither stored nor logged', async () => {
    const number = myNumber('31415926535')
    const written: string[] = []
    const log = openLog('trace', { write: (line: string) => void written.push(line) })
    await using t = await testIndex({ log })
    const response = await t.put(MINATO, 'M-1', {}, { contact: [{ name: { text: `緊急連絡先 ${number}` } }] })
    expect(response.status).toBe(422)
    const text = await response.text()
    expect(text).toContain('my-number-refused')
    expect(text + written.join()).not.toContain(number)
    expect(await t.context.db.select().from(registration)).toEqual([])
    expect(await t.audited('registration.feed')).toEqual([])
  })

  test('403 for another region’s patient-id domain, in the address or in the Patient', async () => {
    await using t = await testIndex()
    const body = JSON.stringify(patientOf(HANAKO, { system: SAGAMINO.patientSystem, value: 'S-1' }))
    const inAddress = await t.call(MINATO, 'PUT', patientPath(SAGAMINO, 'S-1'), body)
    expect([inAddress.status, await codeOf(inAddress)]).toEqual([403, 'foreign-patient-domain'])
    const identifier = [MINATO, SAGAMINO].map(({ patientSystem: system }) => ({ system, value: 'M-1' }))
    const inPatient = await t.put(MINATO, 'M-1', {}, { identifier })
    expect([inPatient.status, await codeOf(inPatient)]).toEqual([403, 'foreign-patient-domain'])
    expect((await t.call(MINATO, 'DELETE', patientPath(SAGAMINO, 'S-1'))).status).toBe(403)
    expect(await t.persons()).toEqual([])
  })

  test.each([
    ['none of its own', []],
    ['another one', [{ system: MINATO.patientSystem, value: 'M-2' }]],
    ['two', ['M-1', 'M-2'].map((value) => ({ system: MINATO.patientSystem, value }))],
  ])('422 when the Patient carries %s', async (_, identifier) => {
    await using t = await testIndex()
    const response = await t.put(MINATO, 'M-1', {}, { identifier })
    expect([response.status, await codeOf(response)]).toEqual([422, 'resource-invalid'])
  })

  test.each([
    '/Patient',
    '/Patient?identifier=M-1',
    '/Patient?identifier=%7CM-1',
    '/Patient?identifier=urn:oid:2.999.14.1.1%7C',
    '/Patient?identifier=urn:oid:2.999.14.1.1%7CM%20-1',
    `/Patient?identifier=urn:oid:2.999.14.1.1%7C${'x'.repeat(129)}`,
    '/Patient?identifier=urn:oid:2.999.14.1.1%7CM-1&identifier=urn:oid:2.999.14.1.1%7CM-1',
    '/Patient?identifier=urn:oid:2.999.14.1.1%7CM-1&name=x',
  ])('400 for the address %.80s', async (path) => {
    await using t = await testIndex()
    const body = JSON.stringify(patientOf(HANAKO, { system: MINATO.patientSystem, value: 'M-1' }))
    const response = await t.call(MINATO, 'PUT', path, body)
    expect([response.status, await codeOf(response)]).toEqual([400, 'parameter-unsupported'])
  })

  test('404 for removing what is not registered', async () => {
    await using t = await testIndex()
    const response = await t.remove(MINATO, 'M-1')
    expect([response.status, await codeOf(response)]).toEqual([404, 'patient-unknown'])
  })
})

test('what was decided about a link can be neither changed nor deleted', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  for (const change of [
    'update link_event set rule = null',
    'delete from link_event',
    'truncate link_event',
  ]) {
    await expect(t.context.db.execute(sql.raw(change))).rejects.toThrow()
  }
})

/** Each look at it is a second later than the last. */
function clock(): () => Date {
  let seconds = 0
  return () => new Date(NOON.getTime() + 1_000 * seconds++)
}
