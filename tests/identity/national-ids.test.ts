import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import type { NationalIdRule } from '../../src/identity/index.ts'
import { link, registration } from '../../src/identity/tables.ts'
import { NATIONAL_IDS, SYSTEMS } from '../../src/vocabulary/index.ts'
import { codeOf, MINATO, SAGAMINO, testIndex } from './index-app.ts'
import type { ResidentRecord } from './resident.ts'
import { myNumber } from './sample-number.ts'

const NUMBER = myNumber('12345678901')
const MEDICAL_ID = 'ABCD1234EFGH'
const RULE: NationalIdRule = { allowed: NATIONAL_IDS, secret: new Uint8Array(32).fill(7) }
const KEYED = /^my-number:[A-Za-z0-9_-]{43}$/

type Index = Awaited<ReturnType<typeof testIndex>>

/** Who shares neither name, home nor insurance with the resident as others know her, but the birth date. */
const MARRIED: ResidentRecord = {
  ...{ family: '山手', familyKana: 'ヤマテ', insured: null, phone: null },
  ...{ address: '神奈川県野分市南町1丁目1番1号', postalCode: '220-9922' },
}

const put = (t: Index, caller: typeof MINATO, id: string, ids: object[], record: ResidentRecord = {}) =>
  t.put(caller, id, record, { identifier: [{ system: caller.patientSystem, value: id }, ...ids] })
const medical = (value: string) => ({ system: SYSTEMS.medicalId, value })
const numbered = (value: string) => ({ system: SYSTEMS.myNumber, value })

describe('unless the law is said to allow it', () => {
  test.each([
    ['an Individual Number is refused', numbered(NUMBER), 'my-number-refused'],
    ['so is what is none under its system', numbered('none'), 'my-number-refused'],
    ['so is a 医療等ID', { system: SYSTEMS.medicalId, value: MEDICAL_ID }, 'resource-invalid'],
  ])('%s', async (_, id, code) => {
    await using t = await testIndex()
    const refused = await put(t, MINATO, 'M-1', [id])
    expect([refused.status, await codeOf(refused)]).toEqual([422, code])
    expect(await t.context.db.$count(registration)).toBe(0)
  })

  test('one of them alone may be allowed', async () => {
    await using t = await testIndex({ nationalIds: { ...RULE, allowed: ['medical-id'] } as NationalIdRule })
    expect((await put(t, MINATO, 'M-1', [{ system: SYSTEMS.medicalId, value: MEDICAL_ID }])).status).toBe(201)
    expect((await put(t, MINATO, 'M-2', [numbered(NUMBER)])).status).toBe(422)
  })
})

describe('where the law allows it', () => {
  const testNumbered = () => testIndex({ nationalIds: RULE })

  test('it links by rule A0, however it is written, and the number is in nothing that is kept or answered', async () => {
    await using t = await testNumbered()
    await put(t, MINATO, 'M-1', [numbered(NUMBER)])
    const written = NUMBER.replace(/(\d{4})(?=\d)/g, '$1-')
    const fed = await put(t, SAGAMINO, 'S-1', [numbered(written)], MARRIED)
    expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1']])
    expect((await t.context.db.select().from(link)).map(({ rule }) => rule)).toEqual(['A0', 'A0'])
    const { identifier } = JSON.parse(await fed.text())
    expect(identifier).toContainEqual({ system: SYSTEMS.myNumber, value: expect.stringMatching(KEYED) })
    const tables = ['registration', 'registration_key', 'link', 'audit_detail', 'outbox']
    for (const table of tables) {
      const [found] = await t.context.db.execute(
        sql`select string_agg(r::text, '') as all from ${sql.identifier(table)} r`,
      )
      expect(String(found?.all), table).not.toMatch(new RegExp(`${NUMBER}|${written}`))
    }
  })

  test('fed again it is unchanged', async () => {
    await using t = await testNumbered()
    const first = await put(t, MINATO, 'M-1', [numbered(NUMBER)])
    const again = await put(t, MINATO, 'M-1', [numbered(NUMBER)])
    expect([again.status, again.headers.get('etag')]).toEqual([200, first.headers.get('etag')])
  })

  test.each([
    ['a wrong check digit', [numbered(NUMBER.replace(/.$/, (last) => String((Number(last) + 1) % 10)))]],
    ['a keyed form, which no sender has', [numbered(`my-number:${'a'.repeat(43)}`)]],
    ['the number somewhere else too', [numbered(NUMBER), { system: 'urn:other', value: `No. ${NUMBER}` }]],
    ['the number twice', [numbered(NUMBER), { system: 'urn:other', value: NUMBER }]],
    ['a 医療等ID in words beside it', [{ ...medical(MEDICAL_ID), type: { text: `No ${MEDICAL_ID}` } }]],
    ['one parted otherwise beside it', [{ ...medical(MEDICAL_ID), id: 'abcd-1234-efgh' }]],
    ['one written with an escape', [medical(MEDICAL_ID), { system: 'urn:other', value: '\\' }]],
  ])('422 for %s', async (_, ids) => {
    await using t = await testNumbered()
    expect((await put(t, MINATO, 'M-1', ids)).status).toBe(422)
    expect(await t.context.db.$count(registration)).toBe(0)
  })
})

describe.each([
  ['allowed', RULE],
  ['not allowed', undefined],
])('%s, anywhere but among the own identifiers one is refused', (_, nationalIds) => {
  const id = medical(MEDICAL_ID)
  test.each([
    ['contained', { contained: [{ resourceType: 'Patient', identifier: [id] }] }],
    ['an extension', { extension: [{ url: 'urn:x', valueIdentifier: id }] }],
    ['a link', { link: [{ type: 'seealso', other: { identifier: id } }] }],
    ['an assigner', { identifier: [{ system: 'urn:other', value: '1', assigner: { identifier: id } }] }],
    ['another spelling', { identifier: [{ ...id, system: `${SYSTEMS.medicalId.toUpperCase()}/` }] }],
  ])('%s', async (_place, changes: object) => {
    await using t = await testIndex(nationalIds === undefined ? {} : { nationalIds })
    const identifier = [
      { system: MINATO.patientSystem, value: 'M-1' },
      ...('identifier' in changes ? (changes.identifier as object[]) : []),
    ]
    expect((await t.put(MINATO, 'M-1', {}, { ...changes, identifier })).status).toBe(422)
    expect(await t.context.db.$count(registration)).toBe(0)
  })
})
