import { expect, test } from 'vitest'
import { type DeskForm, deskFormSchema } from '../../src/consent/index.ts'
import { closeEntry, insertEntry } from '../../src/gateway/desk-store.ts'
import { putConsentCopy, putPolicyCopy, putRegistrationCopy } from '../../src/gateway/index.ts'
import { putMergeCopies } from '../../src/gateway/merge-store.ts'
import { randomSalt } from '../../src/kernel/ids.ts'
import { EMPTY_ROOT, saltedBirthSexHash } from '../../src/trust/index.ts'
import type { Item } from '../../src/vocabulary/index.ts'
import { policyFrom, readAs } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import { searchset, sendJson } from './inward-ehr.ts'
import {
  ALLERGY,
  CONDITION,
  codeOf,
  consent,
  FORM,
  type InwardRegion,
  inwardRegion,
  LABORATORY,
  LOCAL_ID,
  PATIENT,
  provenTexts,
  receiptOf,
  SALT,
  type Sent,
  SYSTEM,
} from './inward-region.ts'

/** A denial tells nobody why; the receipt proves that there was one, and the own log keeps the reason. */
async function expectDenied(t: InwardRegion, sent: Partial<Sent>, reason: string): Promise<void> {
  const response = await t.send(sent)
  expect(response.status).toBe(403)
  const claims = await receiptOf(t, response)
  expect(claims).toMatchObject({
    status: 'denied',
    count: 0,
    root: Buffer.from(EMPTY_ROOT).toString('base64url'),
  })
  expect(claims.patient).toBeUndefined()
  const text = await response.clone().text()
  expect(await codeOf(response)).toBe('holder-denied')
  expect(text).not.toContain(reason)
  expect((await t.entries()).at(-1)).toMatchObject({ kind: 'gateway.refusal', detail: { reason } })
}

test('403 when consent was withdrawn here, whatever the hub still says, and nobody is asked', async () => {
  await using t = await inwardRegion()
  await t.ctx.db.transaction((tx) => putConsentCopy(tx, LOCAL_ID, consent(2, 'withdrawn'), NOON))
  await expectDenied(t, await t.prepare(), 'withdrawn')
  expect(t.ehr.asked).toEqual([])
})

test('403 when this region knows of no consent', async () => {
  await using t = await inwardRegion()
  const patient = { system: t.ctx.patientSystem, value: 'S-0002' }
  await expectDenied(t, await t.prepare({ mandate: { patient } }), 'no-consent')
})

test('403 for a protected person', async () => {
  await using t = await inwardRegion()
  await t.ctx.db.transaction((tx) =>
    putRegistrationCopy(tx, { localId: LOCAL_ID, protected: true, deceasedOn: null }, NOON),
  )
  await expectDenied(t, await t.prepare(), 'protected')
})

test('403 when the institution is no member of the asking region, or its region may not ask', async () => {
  await using t = await inwardRegion()
  await expectDenied(t, await t.prepare({ query: { institution: '1410000009' } }), 'not-a-member')
  await using u = await inwardRegion()
  for (const region of u.hub.directory.regions) if (region.id === 'minato') region.stage = 'feeding'
  await expectDenied(u, await u.prepare(), 'asking-not-started')
})

test('403 for break-glass by a post that the own policy does not name', async () => {
  await using t = await inwardRegion()
  const breakGlass = { reason: '意識不明で救急搬送された', secondFactor: true }
  const nurse = { profession: 'nurse', purpose: 'BTG', breakGlass } as const
  await expectDenied(t, await t.prepare({ query: nurse }), 'break-glass-not-permitted')
  const physician = await t.send(await t.prepare({ query: { ...nurse, profession: 'physician' } }))
  expect(physician.status).toBe(200)
})

test('the own policy is narrower than the mandate: only what it shares leaves', async () => {
  await using t = await inwardRegion()
  const shared: Item[] = ['allergy-drug']
  const policy = policyFrom({ version: 3, forms: { [FORM]: readAs('medical') }, shared })
  await t.ctx.db.transaction((tx) => putPolicyCopy(tx, policy, NOON))
  expect(await provenTexts(t, await t.send())).toEqual([ALLERGY])
  expect(t.ehr.asked.map(({ type }) => type)).not.toContain('Condition')
})

test('the mandate is narrower than the own policy: only what it names leaves', async () => {
  await using t = await inwardRegion()
  const texts = await provenTexts(t, await t.send(await t.prepare({ mandate: { items: ['condition'] } })))
  expect(texts).toEqual([CONDITION])
})

test('an item the resident keeps back is kept back, also while the hub has not heard of it', async () => {
  await using t = await inwardRegion()
  const refused: Item[] = ['laboratory']
  await t.ctx.db.transaction((tx) => putConsentCopy(tx, LOCAL_ID, { ...consent(2), refused }, NOON))
  expect(await provenTexts(t, await t.send())).toEqual([ALLERGY, CONDITION])
})

test('403 when consent is withdrawn while the local system is being asked', async () => {
  await using t = await inwardRegion()
  t.ehr.manner = (asked, response) => {
    const withdrawn = t.ctx.db.transaction((tx) =>
      putConsentCopy(tx, LOCAL_ID, consent(2, 'withdrawn'), NOON),
    )
    withdrawn.then(() => sendJson(response, searchset(t.ehr.holds[asked.type] ?? [])))
  }
  await expectDenied(t, await t.prepare({ query: { items: ['condition'] } }), 'withdrawn')
})

/** A paper entered at the desk that waits for a second look. */
function waiting(t: InwardRegion, said: Partial<DeskForm>): Promise<boolean> {
  const form = deskFormSchema.parse({
    ...{ receipt: 'R-1', patient: LOCAL_ID, kind: 'consent', form: FORM },
    ...{ signedOn: '2026-05-30', enteredOn: '2026-06-01', ...said },
  })
  const { receipt } = form
  const row = { receipt, localId: form.patient, form, state: 'waiting', enteredBy: 'office' } as const
  return t.ctx.db.transaction((tx) => insertEntry(tx, { ...row, enteredAt: NOON, resource: null }))
}

test('what a paper refuses that waits for a second look is kept back already, until it is turned down', async () => {
  await using t = await inwardRegion()
  await waiting(t, { refusedItems: ['laboratory'] })
  expect(await provenTexts(t, await t.send())).toEqual([ALLERGY, CONDITION])
  await waiting(t, { receipt: 'R-2', refusedRegions: ['minato'] })
  await expectDenied(t, await t.prepare(), 'region-refused')
  const closed = { state: 'refused', resource: null, checkedBy: 'office-2', checkedAt: NOON } as const
  await t.ctx.db.transaction((tx) => closeEntry(tx, 'R-2', closed))
  expect((await t.send(await t.prepare())).status).toBe(200)
})

test('what it refuses is kept back where nothing counts yet under its id too: in an emergency, and under a merged id', async () => {
  const breakGlass = { who: policyFrom({}).breakGlass.who, withoutConsent: 'life-or-body' } as const
  await using t = await inwardRegion({ policy: { breakGlass } })
  const patient = 'S-0002'
  t.ehr.holds.Patient = [PATIENT.replaceAll(LOCAL_ID, patient)]
  const glass = { reason: '意識不明で救急搬送された', secondFactor: true }
  const query = { purpose: 'BTG', profession: 'physician', breakGlass: glass } as const
  const emergency = () => t.prepare({ query, mandate: { patient: { system: SYSTEM, value: patient } } })
  expect((await t.send(await emergency())).status).toBe(200)
  await waiting(t, { patient, refusedRegions: ['minato'] })
  await expectDenied(t, await emergency(), 'region-refused')
  await using u = await inwardRegion()
  await waiting(u, { patient, refusedItems: ['laboratory'] })
  await u.ctx.db.transaction((tx) => putMergeCopies(tx, patient, [LOCAL_ID], NOON))
  expect(await provenTexts(u, await u.send())).toEqual([ALLERGY, CONDITION])
})

test('a waiting paper that a newer consent overtook keeps nothing back', async () => {
  await using t = await inwardRegion()
  await waiting(t, { signedOn: '2026-03-31', refusedRegions: ['minato'] })
  expect((await t.send()).status).toBe(200)
})

test('an item refused while the local system is being asked does not leave', async () => {
  await using t = await inwardRegion()
  const refused: Item[] = ['condition']
  t.ehr.manner = (asked, response) => {
    const changed = t.ctx.db.transaction((tx) =>
      putConsentCopy(tx, LOCAL_ID, { ...consent(2), refused }, NOON),
    )
    changed.then(() => sendJson(response, searchset(t.ehr.holds[asked.type] ?? [])))
  }
  expect(await provenTexts(t, await t.send())).toEqual([ALLERGY, LABORATORY])
})

test.each([
  ['another birth date', '1950-02-04', 'female'],
  ['another sex', '1950-02-03', 'male'],
])('403 when the asking region signed for %s: this is not the person meant', async (_, birthDate, sex) => {
  await using t = await inwardRegion()
  const birthSexHash = saltedBirthSexHash(SALT, birthDate, sex)
  await expectDenied(t, await t.prepare({ query: { birthSexHash } }), 'demographics-differ')
  expect(t.ehr.asked.map(({ type }) => type)).toEqual(['Patient'])
})

test('403 when the hub hands over another salt than the request was made with', async () => {
  await using t = await inwardRegion()
  await expectDenied(t, await t.prepare({ mandate: { salt: randomSalt() } }), 'demographics-differ')
})

const NOT_ONE: [whom: string, reason: string, patients: string[]][] = [
  ['nobody', 'patient-unknown', []],
  ['two patients', 'patient-ambiguous', [PATIENT, PATIENT.replace('p1', 'p2')]],
  ['an inactive patient', 'patient-inactive', [PATIENT.replace('"active":true', '"active":false')]],
  [
    'everybody, as a server that ignores the parameter',
    'patient-unknown',
    [PATIENT.replace(LOCAL_ID, 'S-7')],
  ],
  ['a patient without a whole birth date', 'demographics-differ', [PATIENT.replace('1950-02-03', '1950-02')]],
]

test('403 when the local system does not find the one active patient meant', async () => {
  await using t = await inwardRegion()
  for (const [, reason, patients] of NOT_ONE) {
    t.ehr.holds.Patient = patients
    await expectDenied(t, await t.prepare(), reason)
  }
})
