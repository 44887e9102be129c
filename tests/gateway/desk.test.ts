import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { auditDetail, auditEntry } from '../../src/audit/tables.ts'
import { CONSENT_EXTENSIONS } from '../../src/consent/index.ts'
import { findConsentCopy, putPolicyCopy } from '../../src/gateway/copy-store.ts'
import { resendEntries } from '../../src/gateway/index.ts'
import { deskEntry } from '../../src/gateway/tables.ts'
import { ITEM_CODES, ITEMS, type Policy } from '../../src/vocabulary/index.ts'
import { consentIn } from '../support/sample-calls.ts'
import { policyFrom } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import { COUNCIL, FEED, PATIENT, SYSTEM, type TestRegion, testRegion } from './local-region.ts'

const PATIENT_PATH = `/fhir/Patient?identifier=${encodeURIComponent(`${SYSTEM}|7001`)}`
const SECOND = { ...COUNCIL, sub: 'office-2', name: '事務局 次席' }

async function desk(changes: Partial<Policy> = { secondCheckPercent: 0 }): Promise<TestRegion> {
  const region = await testRegion()
  region.state.answers = ({ body }) => ({ status: 201, text: body })
  await region.ctx.db.transaction((tx) => putPolicyCopy(tx, policyFrom(changes), NOON))
  await send(region, 'PUT', PATIENT_PATH, PATIENT, FEED)
  return region
}

async function send(
  region: TestRegion,
  method: string,
  path: string,
  body: unknown,
  login: object = COUNCIL,
) {
  const isText = typeof body === 'string' || body instanceof Uint8Array
  const response = await fetch(`${region.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await region.login(login)}`,
      'content-type': isText ? 'text/csv' : 'application/fhir+json',
    },
    ...(body === undefined ? {} : { body: (isText ? body : JSON.stringify(body)) as string }),
  })
  const text = await response.text()
  const said = JSON.parse(text === '' ? '{}' : text)
  return {
    status: response.status,
    said,
    code: said.issue?.[0]?.details?.coding?.[0]?.code as string | undefined,
  }
}

const form = (changes: object = {}) => ({
  receipt: 'R-0001',
  patient: '7001',
  kind: 'consent',
  form: '2025-04',
  signedOn: '2026-05-30',
  enteredOn: '2026-06-01',
  ...changes,
})
const stop = form({ receipt: 'T-0001', kind: 'stop', form: undefined, signedOn: '2026-06-01' })
const enter = (region: TestRegion, said: object, login?: object) =>
  send(region, 'POST', '/desk/forms', said, login)
const copy = (region: TestRegion) => findConsentCopy(region.ctx.db, '7001')

test('a paper form counts at once where nobody need look twice; the hub gets it signed, with who entered it', async () => {
  await using region = await desk()
  const refusals = {
    refusedItems: ['infection'],
    refusedInstitutions: ['1410000009'],
    refusedRegions: ['shiokaze'],
  }
  const proxy = { name: '港 太郎', relation: 'parent', residentBorn: '2015-04-01' }
  expect(await enter(region, form({ ...refusals, proxy, until: '2030-03-31' }))).toMatchObject({
    status: 200,
    said: { receipt: 'R-0001', state: 'counted', hub: 'taken' },
  })
  expect(await copy(region)).toMatchObject({
    version: 1,
    status: 'active',
    form: '2025-04',
    proxy: { relation: 'parent' },
  })
  expect(await copy(region)).toMatchObject({ refused: ['infection'], refusedRegions: ['shiokaze'] })
  const fed = JSON.parse(region.calls.at(-1)?.body ?? '')
  expect(fed.sourceReference.identifier.value).toBe('R-0001')
  expect(JSON.stringify(fed.extension)).toContain('"valueString":"office"')
})

test('a stop by telephone holds at once, though the hub is away; again, and the hub hears of it', async () => {
  await using region = await desk()
  await enter(region, form())
  region.state.answers = () => ({ status: 503, text: '' })
  expect((await enter(region, stop)).said).toMatchObject({ state: 'counted', hub: 'hub-unreachable' })
  expect(await copy(region)).toMatchObject({ version: 2, status: 'stopped' })
  region.state.answers = ({ body }) => ({ status: 201, text: body })
  expect((await enter(region, stop)).said).toMatchObject({ state: 'counted', hub: 'taken' })
  const bodies = region.calls.slice(-2).map(({ body }) => body)
  expect(bodies[0]).toBe(bodies[1])
  expect(await copy(region)).toMatchObject({ version: 2 })
})

test('what the hub could not take is sent again by itself, once, to the letter', async () => {
  await using region = await desk()
  await enter(region, form())
  region.state.answers = () => ({ status: 503, text: '' })
  await enter(region, stop)
  expect(await resendEntries(region.ctx)).toBe(0)
  region.state.answers = ({ body }) => ({ status: 201, text: body })
  const before = region.calls.length
  expect([await resendEntries(region.ctx), await resendEntries(region.ctx)]).toEqual([1, 0])
  expect(region.calls.slice(before).map(({ body }) => body)).toEqual([region.calls[before - 1]?.body])
})

test('of whoever was removed meanwhile the hub hears the stop, and no consent that the next holder never gave', async () => {
  await using region = await desk()
  region.state.answers = () => ({ status: 503, text: '' })
  await enter(region, form())
  await enter(region, stop)
  await enter(region, form({ receipt: 'R-0002', signedOn: '2026-06-01' }))
  await send(region, 'DELETE', PATIENT_PATH, undefined, FEED)
  region.state.answers = ({ body }) => ({ status: 201, text: body })
  await send(region, 'PUT', PATIENT_PATH, PATIENT, FEED)
  const before = region.calls.length
  expect(await resendEntries(region.ctx)).toBe(1)
  expect(region.calls.slice(before).map(({ body }) => JSON.parse(body).status)).toEqual(['inactive'])
  expect((await enter(region, form())).said).toEqual({ receipt: 'R-0001', state: 'refused' })
  expect((await enter(region, form({ receipt: 'R-0003', signedOn: '2026-06-01' }))).said).toMatchObject({
    hub: 'taken',
  })
  expect(await copy(region)).toMatchObject({ version: 4, status: 'active' })
})

test('what the hub refuses again and again holds up no stop that was entered after it', async () => {
  await using region = await desk()
  await enter(region, form())
  const [row] = await region.ctx.db.select().from(deskEntry)
  if (row === undefined) throw new Error('The entry is not there.')
  const before = new Date(NOON.getTime() - 60_000)
  const refused = Array.from({ length: 200 }, (_, at) => ({
    ...row,
    ...{ receipt: `W-${at}`, enteredAt: before, fedAt: null },
  }))
  await region.ctx.db.insert(deskEntry).values(refused)
  region.state.answers = () => ({ status: 422, text: '{}' })
  await enter(region, stop)
  region.state.answers = ({ body }) => ({ status: body.includes('T-0001') ? 201 : 422, text: body })
  expect(await resendEntries(region.ctx)).toBe(1)
})

test('after a stop the old paper lifts nothing, a new one does, and a withdrawal confirms it', async () => {
  await using region = await desk()
  await enter(region, form())
  await enter(region, stop)
  expect(await enter(region, form({ receipt: 'R-0002' }))).toMatchObject({
    status: 409,
    code: 'consent-stop-holds',
  })
  expect(await copy(region)).toMatchObject({ status: 'stopped' })
  expect((await enter(region, form({ receipt: 'R-0003', signedOn: '2026-06-01' }))).said.state).toBe(
    'counted',
  )
  expect(await copy(region)).toMatchObject({ version: 3, status: 'active' })
  const withdrawal = { ...stop, receipt: 'W-0001', kind: 'withdrawal' }
  expect((await enter(region, withdrawal)).said.state).toBe('counted')
  expect(await enter(region, { ...withdrawal, receipt: 'W-0002' })).toMatchObject({
    status: 409,
    code: 'consent-ended',
  })
})

test('a death ends nothing that was signed, and says the day', async () => {
  await using region = await desk()
  await enter(region, form({ refusedItems: ['infection'] }))
  const death = { ...stop, receipt: 'D-0001', kind: 'deceased', deceasedOn: '2026-05-31' }
  expect((await enter(region, death)).said.state).toBe('counted')
  expect(await copy(region)).toMatchObject({
    version: 2,
    status: 'active',
    deceasedOn: '2026-05-31',
    refused: ['infection'],
  })
})

describe('after a death', () => {
  const death = form({
    ...{ receipt: 'D-0001', kind: 'deceased', form: undefined },
    ...{ signedOn: '2026-06-01', deceasedOn: '2026-05-31' },
  })
  test('a consent signed before it is taken, and the death goes on counting, here and at the hub', async () => {
    await using region = await desk()
    await enter(region, form())
    await enter(region, death)
    const later = form({ receipt: 'R-0002', signedOn: '2026-05-31', refusedItems: ['infection'] })
    expect((await enter(region, later)).said).toMatchObject({ state: 'counted', hub: 'taken' })
    expect(await copy(region)).toMatchObject({ version: 3, deceasedOn: '2026-05-31', refused: ['infection'] })
    expect(JSON.parse(region.calls.at(-1)?.body ?? '').extension).toContainEqual({
      url: 'https://tsunagi.example/StructureDefinition/consent-deceased',
      valueDate: '2026-05-31',
    })
  })
  test('an end keeps it too; a consent signed after it is refused, whether sharing had ended or not', async () => {
    await using region = await desk()
    await enter(region, form())
    await enter(region, death)
    const late = form({ receipt: 'R-0002', signedOn: '2026-06-01' })
    const refused = { status: 409, code: 'consent-after-death' }
    expect(await enter(region, late)).toMatchObject(refused)
    expect((await enter(region, stop)).said.state).toBe('counted')
    expect(await copy(region)).toMatchObject({ status: 'stopped', deceasedOn: '2026-05-31' })
    expect(await enter(region, late)).toMatchObject(refused)
  })
  test('another day of death takes the place of a wrong one', async () => {
    await using region = await desk()
    await enter(region, form())
    await enter(region, death)
    await enter(region, { ...death, receipt: 'D-0002', deceasedOn: '2026-06-01' })
    expect(await copy(region)).toMatchObject({ deceasedOn: '2026-06-01' })
  })
})

describe('a death entered for the wrong patient is taken back', () => {
  const death = form({
    ...{ receipt: 'D-0001', kind: 'deceased', form: undefined },
    ...{ signedOn: '2026-06-01', deceasedOn: '2026-05-31' },
  })
  const takenBack = form({
    ...{ receipt: 'D-0002', kind: 'not-deceased', form: undefined },
    ...{ signedOn: '2026-06-01', reason: '患者IDの取り違え' },
  })
  const check = (region: TestRegion, login: object = SECOND) =>
    send(region, 'POST', '/desk/checks', { receipt: 'D-0002', isRight: true }, login)

  test('by two people, whatever the council’s share is; what was signed stays as it was', async () => {
    await using region = await desk()
    const refusals = { refusedItems: ['infection'], refusedRegions: ['shiokaze'], until: '2030-03-31' }
    await enter(region, form(refusals))
    const before = await copy(region)
    await enter(region, death)
    expect((await enter(region, takenBack)).said).toEqual({ receipt: 'D-0002', state: 'waiting' })
    expect(await copy(region)).toMatchObject({ deceasedOn: '2026-05-31' })
    expect(await check(region, COUNCIL)).toMatchObject({ status: 403, code: 'second-person-needed' })
    expect((await check(region)).said).toMatchObject({ state: 'counted', hub: 'taken' })
    expect(await copy(region)).toEqual({ ...before, version: 3 })
    expect(region.calls.at(-1)?.body).not.toContain('consent-deceased')
    const kinds = await region.ctx.db.select({ detail: auditDetail.detail }).from(auditDetail)
    expect(JSON.stringify(kinds)).toContain('患者IDの取り違え')
  })
  test('an end stays an end, and then a new paper may be entered', async () => {
    await using region = await desk()
    await enter(region, form())
    await enter(region, death)
    await enter(region, stop)
    const paper = form({ receipt: 'R-0002', signedOn: '2026-06-01' })
    expect(await enter(region, paper)).toMatchObject({ code: 'consent-after-death' })
    await enter(region, takenBack)
    expect((await check(region)).said).toMatchObject({ state: 'counted', hub: 'taken' })
    expect(await copy(region)).toMatchObject({ version: 4, status: 'stopped', deceasedOn: undefined })
    expect(await enter(region, form({ receipt: 'R-0003' }))).toMatchObject({ code: 'consent-stop-holds' })
    expect((await enter(region, paper)).said.state).toBe('counted')
  })
  test('a form whose period is yet to begin does not begin by it', async () => {
    await using region = await desk()
    const consent = consentIn('minato', '7001', {
      provision: { type: 'permit', period: { start: '2026-12-01' } },
    })
    const patient = { identifier: { system: SYSTEM, value: '7001' } }
    await send(region, 'POST', '/fhir/Consent', { ...consent, patient, performer: [patient] }, FEED)
    const before = await copy(region)
    expect(before?.validFrom).toEqual(new Date('2026-12-01T00:00:00+09:00'))
    await enter(region, death)
    await enter(region, takenBack)
    await check(region)
    expect(await copy(region)).toEqual({ ...before, version: 3 })
  })
  test('not one that was told once more while the taking back waited', async () => {
    await using region = await desk()
    await enter(region, form())
    await enter(region, death)
    await enter(region, takenBack)
    await enter(region, { ...death, receipt: 'D-0003', deceasedOn: '2026-05-30' })
    expect((await send(region, 'GET', '/desk/checks', undefined)).said).toEqual([])
    expect(await check(region)).toMatchObject({ status: 404, code: 'entry-unknown' })
    expect(await copy(region)).toMatchObject({ deceasedOn: '2026-05-30' })
    expect((await enter(region, takenBack)).said).toEqual({ receipt: 'D-0002', state: 'refused' })
    expect((await enter(region, { ...takenBack, receipt: 'D-0004' })).said.state).toBe('waiting')
  })
  test.each<[string, (region: TestRegion) => Promise<unknown>]>([
    [
      'with a consent',
      async (region) => {
        const { version = 0 } = (await copy(region)) ?? {}
        const said = {
          ...consentIn('minato', '7001', {
            extension: [{ url: CONSENT_EXTENSIONS.deceased, valueDate: '2026-05-31' }],
          }),
          ...{
            patient: { identifier: { system: SYSTEM, value: '7001' } },
            meta: { versionId: `${version + 1}` },
          },
        }
        const performer = [said.patient]
        return send(region, 'POST', '/fhir/Consent', { ...said, performer }, FEED)
      },
    ],
    [
      'with a registration',
      (region) => send(region, 'PUT', PATIENT_PATH, { ...PATIENT, deceasedDateTime: '2026-05-30' }, FEED),
    ],
  ])('not one that a system feeds once more meanwhile, %s', async (_, feed) => {
    await using region = await desk()
    await enter(region, form())
    await enter(region, death)
    await enter(region, takenBack)
    expect(await feed(region)).toMatchObject({ status: 201 })
    expect(await check(region)).toMatchObject({ status: 404, code: 'entry-unknown' })
    expect((await enter(region, takenBack)).said).toEqual({ receipt: 'D-0002', state: 'refused' })
    const details = await region.ctx.db.select({ detail: auditDetail.detail }).from(auditDetail)
    const turnedDown = { receipt: 'D-0002', patient: '7001', state: 'refused', user: FEED.sub }
    expect(details.map(({ detail }) => JSON.parse(detail ?? '{}'))).toContainEqual(
      expect.objectContaining(turnedDown),
    )
  })
  test('a registration that says again a day it said before turns nothing down', async () => {
    await using region = await desk()
    const dead = { ...PATIENT, deceasedDateTime: '2026-05-30' }
    await send(region, 'PUT', PATIENT_PATH, dead, FEED)
    await enter(region, form())
    await enter(region, death)
    await enter(region, takenBack)
    await send(region, 'PUT', PATIENT_PATH, dead, FEED)
    expect((await check(region)).said).toMatchObject({ state: 'counted' })
  })
  test('by a line of a batch', async () => {
    await using region = await desk()
    await enter(region, form())
    await enter(region, death)
    const lines = [
      '受付番号,患者ID,区分,署名日,入力日,理由',
      'D-0002,7001,死亡取消,2026-06-01,2026-06-01,患者IDの取り違え',
      'D-0003,7001,死亡取消,2026-06-01,2026-06-01,',
    ]
    expect((await send(region, 'POST', '/desk/batches', lines.join('\n'))).said).toMatchObject([
      { line: 2, state: 'waiting' },
      { line: 3, faults: [{ at: 'reason' }] },
    ])
  })
  test('409 where none is on record, 422 without a reason, or with one for anything else', async () => {
    await using region = await desk()
    await enter(region, form())
    expect(await enter(region, takenBack)).toMatchObject({ status: 409, code: 'death-unknown' })
    const { reason, ...without } = takenBack as { reason?: string }
    for (const wrong of [without, { ...stop, reason }]) {
      expect(await enter(region, wrong)).toMatchObject({ status: 422, code: 'desk-form-invalid' })
    }
  })
})

describe('papers in another order than they were signed', () => {
  const older = form({ receipt: 'R-0002', signedOn: '2025-02-01' })
  const refusals = { refusedItems: ['infection'], refusedRegions: ['shiokaze'] }
  const kept = { refused: ['infection'], refusedRegions: ['shiokaze'] }
  test('an older paper does not take the place of a newer one, by itself or in a batch; its refusals stay', async () => {
    await using region = await desk()
    await enter(region, form(refusals))
    expect(await enter(region, older)).toMatchObject({ status: 409, code: 'consent-superseded' })
    const lines = [
      'receipt,patient,kind,form,signed,entered',
      'R-3,7001,consent,2025-04,2026-05-29,2026-06-01',
    ]
    const { said } = await send(region, 'POST', '/desk/batches', lines.join('\n'))
    expect(said).toMatchObject([{ line: 2, faults: [{ at: 'signedOn' }] }])
    expect(said[0].faults[0].ja).toContain('新しい署名日の同意書')
    expect(await copy(region)).toMatchObject({ version: 1, ...kept })
    expect(await region.ctx.db.$count(deskEntry)).toBe(1)
  })
  test('of two papers of one day the one entered later counts', async () => {
    await using region = await desk()
    await enter(region, form(refusals))
    expect((await enter(region, form({ receipt: 'R-0002' }))).said.state).toBe('counted')
    expect(await copy(region)).toMatchObject({ version: 2, refused: [], refusedRegions: [] })
  })
  test.each(['withdrawal', 'stop', 'left'])('an older %s ends sharing all the same', async (kind) => {
    await using region = await desk()
    await enter(region, form(refusals))
    expect((await enter(region, { ...older, kind, form: undefined })).said.state).toBe('counted')
    expect((await copy(region))?.status).not.toBe('active')
  })
  test('a paper from between an end and the consent it ended, by their days, starts nothing', async () => {
    await using region = await desk()
    await enter(region, form(refusals))
    const withdrawal = { ...older, receipt: 'W-0001', kind: 'withdrawal', form: undefined }
    expect((await enter(region, withdrawal)).said.state).toBe('counted')
    const between = form({ receipt: 'R-0003', signedOn: '2026-05-01' })
    expect(await enter(region, between)).toMatchObject({ status: 409, code: 'consent-stop-holds' })
    expect(await copy(region)).toMatchObject({ status: 'withdrawn' })
    expect((await enter(region, form({ receipt: 'R-0004', ...refusals }))).said.state).toBe('counted')
    expect(await copy(region)).toMatchObject({ status: 'active', ...kept })
  })
  test('a death told on an older paper counts', async () => {
    await using region = await desk()
    await enter(region, form(refusals))
    const death = { ...older, kind: 'deceased', form: undefined, deceasedOn: '2026-05-31' }
    expect((await enter(region, death)).said.state).toBe('counted')
    expect(await copy(region)).toMatchObject({ deceasedOn: '2026-05-31', ...kept })
  })
  test('what waited while a newer paper came does not count at the second look, and can be turned down', async () => {
    await using region = await desk({ secondCheckPercent: 100 })
    await enter(region, older)
    await region.ctx.db.transaction((tx) =>
      putPolicyCopy(tx, policyFrom({ version: 2, secondCheckPercent: 0 }), NOON),
    )
    await enter(region, form(refusals))
    const check = (isRight: boolean) =>
      send(region, 'POST', '/desk/checks', { receipt: 'R-0002', isRight }, SECOND)
    expect(await check(true)).toMatchObject({ status: 409, code: 'consent-superseded' })
    expect(await copy(region)).toMatchObject({ version: 1, ...kept })
    expect((await check(false)).said).toMatchObject({ state: 'refused' })
  })
})

describe('the second look', () => {
  test('a drawn form waits, counts on the word of somebody else, and then once', async () => {
    await using region = await desk({ secondCheckPercent: 100 })
    expect((await enter(region, form())).said).toEqual({ receipt: 'R-0001', state: 'waiting' })
    expect(await copy(region)).toBeUndefined()
    expect((await send(region, 'GET', '/desk/checks', undefined)).said).toMatchObject([{ receipt: 'R-0001' }])
    const check = { receipt: 'R-0001', isRight: true }
    const own = await send(region, 'POST', '/desk/checks', check)
    expect(own).toMatchObject({ status: 403, code: 'second-person-needed' })
    expect((await send(region, 'POST', '/desk/checks', check, SECOND)).said).toMatchObject({
      state: 'counted',
    })
    expect(await copy(region)).toMatchObject({ version: 1, status: 'active' })
    const twice = await send(region, 'POST', '/desk/checks', check, SECOND)
    expect(twice).toMatchObject({ status: 404, code: 'entry-unknown' })
    const kinds = await region.ctx.db
      .select({ kind: auditEntry.kind })
      .from(auditEntry)
      .orderBy(auditEntry.number)
    expect(kinds.slice(-3).map(({ kind }) => kind)).toEqual([
      'desk.entered',
      'gateway.consent-copied',
      'desk.checked',
    ])
  })
  test('what the second person refuses never counts; a stop waits for nobody', async () => {
    await using region = await desk({ secondCheckPercent: 100 })
    await enter(region, form())
    await send(region, 'POST', '/desk/checks', { receipt: 'R-0001', isRight: false }, SECOND)
    expect(await copy(region)).toBeUndefined()
    expect((await enter(region, stop)).said).toMatchObject({ state: 'counted' })
    expect(await copy(region)).toMatchObject({ status: 'stopped' })
  })
  test.each<[string, object, string]>([
    ['signed tomorrow', { signedOn: '2026-06-02', enteredOn: '2026-06-02' }, 'consent-invalid'],
    ['signed before a stop', {}, 'consent-stop-holds'],
  ])('a form %s is refused when it is entered: it never waits', async (_, changes, code) => {
    await using region = await desk({ secondCheckPercent: 100 })
    await enter(region, stop)
    expect(await enter(region, form(changes))).toMatchObject({ code })
    expect((await send(region, 'GET', '/desk/checks', undefined)).said).toEqual([])
  })
  test('what came up while it waited is looked at when it is to count: a stop, a death', async () => {
    await using region = await desk({ secondCheckPercent: 100 })
    const check = (receipt: string) =>
      send(region, 'POST', '/desk/checks', { receipt, isRight: true }, SECOND)
    await enter(region, form())
    await check('R-0001')
    for (const receipt of ['R-0002', 'R-0003']) {
      await enter(region, form({ receipt, signedOn: '2026-05-31' }))
    }
    const death = { ...stop, receipt: 'D-0001', kind: 'deceased', deceasedOn: '2026-05-30' }
    expect((await enter(region, death)).said.state).toBe('counted')
    expect(await check('R-0002')).toMatchObject({ status: 409, code: 'consent-after-death' })
    await enter(region, { ...death, receipt: 'D-0002', deceasedOn: '2026-05-31' })
    await enter(region, stop)
    expect(await check('R-0003')).toMatchObject({ status: 409, code: 'consent-stop-holds' })
    expect(await copy(region)).toMatchObject({ status: 'stopped' })
  })
  test('about the share that the council set is drawn, and the same ones every time', async () => {
    await using region = await desk({ secondCheckPercent: 20 })
    const draw = async (n: number) => {
      const said = form({ receipt: `S-${n}`, signedOn: '2026-06-01' })
      return [(await enter(region, said)).said.state, (await enter(region, said)).said.state]
    }
    const drawn = []
    for (let n = 0; n < 60; n++) drawn.push(await draw(n))
    for (const [first, again] of drawn) expect(again).toBe(first)
    const waiting = drawn.filter(([state]) => state === 'waiting').length
    expect(waiting).toBeGreaterThan(3)
    expect(waiting).toBeLessThan(25)
  })
})

describe('whom a paper refuses and the directory does not name', () => {
  const refusals = {
    refusedInstitutions: ['1410000001', '1410000099'],
    refusedRegions: ['shiokaze', 'nowhere'],
  }
  const faults = [
    { at: 'refusedInstitutions', ja: expect.stringContaining('拒否機関の2番目') },
    { at: 'refusedRegions', ja: expect.stringContaining('拒否地域の2番目') },
  ]
  test('is named, each time it is entered, and the whole counts as it stands', async () => {
    await using region = await desk()
    for (let times = 0; times < 2; times += 1) {
      const { status, said } = await enter(region, form(refusals))
      expect([status, said]).toMatchObject([
        200,
        { receipt: 'R-0001', state: 'counted', hub: 'taken', faults },
      ])
    }
    expect(await copy(region)).toMatchObject(refusals)
    const right = form({ receipt: 'R-0001-2', ...refusals, refusedInstitutions: ['1410000001'] })
    expect((await enter(region, { ...right, refusedRegions: ['shiokaze'] })).said.faults).toBeUndefined()
    expect(await copy(region)).toMatchObject({ version: 2, refusedInstitutions: ['1410000001'] })
  })
  test('is a fault in the line of a batch that counts', async () => {
    await using region = await desk({ secondCheckPercent: 100 })
    const lines = [
      'receipt,patient,kind,form,signed,entered,refused institutions,refused regions',
      'R-1,7001,consent,2025-04,2026-05-30,2026-06-01,1410000001;1410000099,shiokaze;nowhere',
    ]
    const { said } = await send(region, 'POST', '/desk/batches', lines.join('\n'))
    expect(said).toMatchObject([{ line: 2, receipt: 'R-1', state: 'waiting', faults }])
  })
  test('is named again to whoever takes the second look; nothing is where all are known', async () => {
    await using region = await desk({ secondCheckPercent: 100 })
    await enter(region, form(refusals))
    await enter(region, form({ receipt: 'R-0002', refusedRegions: ['shiokaze'] }))
    const { said } = await send(region, 'GET', '/desk/checks', undefined, SECOND)
    expect(said).toMatchObject([{ receipt: 'R-0001', faults }, { receipt: 'R-0002' }])
    expect(said[1].faults).toBeUndefined()
  })
})

describe('refused', () => {
  test.each<[string, object, number, string]>([
    ['a resident nobody registered', { patient: '7999' }, 404, 'patient-unknown'],
    ['a consent without its form', { form: undefined }, 422, 'desk-form-invalid'],
    ['a form entered before it was signed', { enteredOn: '2026-05-29' }, 422, 'desk-form-invalid'],
    ['a form signed tomorrow', { signedOn: '2026-06-02', enteredOn: '2026-06-02' }, 422, 'consent-invalid'],
    ['a day of death on a consent', { deceasedOn: '2026-05-01' }, 422, 'desk-form-invalid'],
    [
      'a proxy’s form for somebody born after it was signed',
      { proxy: { name: '港 太郎', relation: 'parent', residentBorn: '2026-05-31' } },
      422,
      'desk-form-invalid',
    ],
    ['an unknown element', { version: 9 }, 422, 'desk-form-invalid'],
  ])('%s; nothing is kept', async (_, changes, status, code) => {
    await using region = await desk()
    expect(await enter(region, form(changes))).toMatchObject({ status, code })
    expect(await region.ctx.db.$count(deskEntry)).toBe(0)
    expect(await copy(region)).toBeUndefined()
  })
  test('409 for a receipt number of another entry, 403 for a system that feeds, 401 for nobody', async () => {
    await using region = await desk()
    await enter(region, form())
    const other = await enter(region, form({ signedOn: '2026-05-31' }))
    expect(other).toMatchObject({ status: 409, code: 'receipt-taken' })
    expect(await enter(region, form({ receipt: 'R-2' }), FEED)).toMatchObject({
      status: 403,
      code: 'login-unfit',
    })
    expect((await fetch(`${region.url}/desk/forms`, { method: 'POST' })).status).toBe(401)
  })
})

describe('a batch', () => {
  const HEADER = '受付番号,患者ID,区分,同意書の版,署名日,入力日,入力者,拒否項目,代理人氏名,続柄,本人生年月日'
  const LINES = [
    HEADER,
    'R-1,7001,同意,2025-04,2026/5/30,2026/6/1,田中,感染症、検査,,,',
    'R-2,7001,同意,2025-04,2026/5/32,2026/6/1,田中,,,,',
    '',
    '"R-3",7002,同意,2025-04,2026/5/30,2026/6/1,"田中, 次郎",,,,',
    'T-1,7001,停止,,２０２６/６/１,2026/6/1,田中,,,,',
    'R-4,7001,同意',
  ]
  test('each line stands alone: the bad ones are named, the rest goes in', async () => {
    await using region = await desk()
    const { status, said } = await send(region, 'POST', '/desk/batches', LINES.join('\r\n'))
    expect(status).toBe(200)
    expect(said).toMatchObject([
      { line: 2, receipt: 'R-1', state: 'counted' },
      { line: 3, faults: [{ at: 'signedOn', ja: '署名日が正しくありません。' }] },
      { line: 5, faults: [{ ja: '該当する登録がありません。' }] },
      { line: 6, receipt: 'T-1', state: 'counted' },
      { line: 7, faults: [{ en: 'Needs 11 columns of at most 500 characters.' }] },
    ])
    expect(await copy(region)).toMatchObject({ version: 2, status: 'stopped' })
    const [entry] = await region.ctx.db.select().from(deskEntry).where(eq(deskEntry.receipt, 'R-1'))
    expect(entry?.form).toMatchObject({ enteredBy: '田中', refusedItems: ['infection', 'laboratory'] })
  })
  test('a birth date that is yet to come is a fault of its column; a withdrawal is taken all the same', async () => {
    await using region = await desk()
    const lines = [
      'receipt,patient,kind,form,signed,entered,proxy,relation,resident born',
      'R-1,7001,consent,2025-04,2026-05-30,2026-06-01,港 太郎,parent,2030-01-01',
      'R-2,7001,consent,2025-04,2026-05-30,2026-06-01,港 太郎,parent,2015-04-01',
      'W-1,7001,withdrawal,,2026-05-30,2026-06-01,港 太郎,parent,2030-01-01',
    ]
    expect((await send(region, 'POST', '/desk/batches', lines.join('\n'))).said).toMatchObject([
      { line: 2, faults: [{ at: 'residentBorn', ja: '本人生年月日が正しくありません。' }] },
      { line: 3, state: 'counted' },
      { line: 4, state: 'counted' },
    ])
  })
  test('a day that is none is the only fault: those that are compared with it stand', async () => {
    await using region = await desk()
    const lines = [
      'receipt,patient,kind,form,signed,entered,proxy,relation,resident born,until',
      'R-1,7001,consent,2025-04,2026-06-31,2026-06-01,港 太郎,parent,2015-04-01,2026-06-30',
      'R-2,7001,consent,2025-04,2026-05-30,2026-05-0,港 太郎,parent,2015-04-01,',
      'R-3,7001,consent,2025-04,2026-05-30,2026-06-01,港 太郎,parent,2026-05-32,2026-02-30',
      'R-4,7001,consent,2025-04,2026-05-30,2026-05-29,,,,2026-05-29',
    ]
    expect((await send(region, 'POST', '/desk/batches', lines.join('\n'))).said).toMatchObject([
      { line: 2, faults: [{ at: 'signedOn' }] },
      { line: 3, faults: [{ at: 'enteredOn' }] },
      { line: 4, faults: [{ at: 'residentBorn' }, { at: 'until' }] },
      { line: 5, faults: [{ at: 'enteredOn' }, { at: 'until' }] },
    ])
  })
  test('every item may be kept back by its Japanese name', async () => {
    await using region = await desk()
    const names = ITEM_CODES.map((item) => ITEMS[item].ja).join('；')
    const lines = ['receipt,patient,kind,form,signed,entered,refused items']
    lines.push(`R-1,7001,consent,2025-04,2026-05-30,2026-06-01,${names}`)
    const { said } = await send(region, 'POST', '/desk/batches', lines.join('\n'))
    expect(said).toMatchObject([{ line: 2, state: 'counted' }])
    expect((await copy(region))?.refused).toEqual(ITEM_CODES)
  })
  test('as Windows writes it (CP932) it says the same', async () => {
    await using region = await desk()
    // 受付番号,患者ID,区分,同意書の版,署名日,入力日 and 同意, in CP932.
    const bytes = Buffer.concat([
      Buffer.from(
        '8ef3957494d48d86,8ab38ed24944,8be695aa,93af88d38f9182cc94c5,8f9096bc93fa,93fc97cd93fa'.replaceAll(
          ',',
          '2c',
        ),
        'hex',
      ),
      Buffer.from('\r\nR-1,7001,'),
      Buffer.from('93af88d3', 'hex'),
      Buffer.from(',2025-04,2026-05-30,2026-06-01\r\n'),
    ])
    expect((await send(region, 'POST', '/desk/batches', bytes)).said).toMatchObject([
      { line: 2, state: 'counted' },
    ])
  })
  test('a quote never closed costs its own line only', async () => {
    await using region = await desk()
    const lines = [
      'receipt,patient,kind,form,signed,entered',
      '"R-0,7001',
      'R-1,7001,consent,2025-04,2026-05-30,2026-06-01',
    ]
    const { said } = await send(region, 'POST', '/desk/batches', lines.join('\n'))
    expect(said).toMatchObject([
      { line: 2, faults: [{ ja: '引用符が正しくありません。' }] },
      { line: 3, state: 'counted' },
    ])
  })
  test.each<[string, string | Uint8Array, number, string]>([
    ['an unknown column', 'receipt,patient,kind,signed,entered,colour\n', 422, 'batch-unreadable'],
    ['a missing column', 'receipt,patient,kind\n', 422, 'batch-unreadable'],
    ['nothing', ' ', 422, 'batch-unreadable'],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0xfd), 422, 'batch-unreadable'],
    [
      'more lines than are taken',
      `receipt,patient,kind,signed,entered\n${'1,1,stop,1,1\n'.repeat(2_001)}`,
      413,
      'body-too-large',
    ],
  ])('refused whole for %s', async (_, body, status, code) => {
    await using region = await desk()
    expect(await send(region, 'POST', '/desk/batches', body)).toMatchObject({ status, code })
  })
})
