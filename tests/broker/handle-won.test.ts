import { expect, test } from 'vitest'
import { type HandleWon, issueHandle, personOf } from '../../src/identity/index.ts'
import { handle as handleTable } from '../../src/identity/tables.ts'
import { present } from '../../src/kernel/must.ts'
import { saltedPatientHash, saltFor } from '../../src/trust/index.ts'
import { SYSTEMS, WARNING_CODES } from '../../src/vocabulary/index.ts'
import { NOON } from '../support/test-context.ts'
import { CLINIC_OF, patientIn, queryCall, register, type TestHub, testHub } from '../support/test-hub.ts'
import { allergy, records } from './ask-three.ts'

const SALT = 'salt'

/** A resident of minato, whom nobody registered at shiokaze. */
async function resident(): Promise<TestHub> {
  const t = await testHub()
  await register(t, 'minato', 'm-1')
  t.gateways.minato.answers(() => ({ resources: [allergy('a1')] }))
  return t
}

async function given(t: TestHub, won: HandleWon): Promise<string> {
  const personId = present(await personOf(t.db, 'minato', 'm-1'), 'linked')
  const holder = { region: 'shiokaze', institution: CLINIC_OF.shiokaze, at: NOON }
  const expiresAt = new Date(NOON.getTime() + 86_400_000)
  return t.db.transaction((tx) => issueHandle(tx, { ...won, ...holder, personId, expiresAt }))
}

/** What came of asking by the handle: given, or why not. */
async function ask(t: TestHub, handle: string, asked: object): Promise<unknown> {
  const patientHash = saltedPatientHash(saltFor(SALT, 'patient'), SYSTEMS.handle, handle)
  const form = { 'patient.identifier': `${SYSTEMS.handle}|${handle}` }
  const response = await t.send(
    'shiokaze',
    queryCall('shiokaze', { salt: SALT, patientHash, form, ...asked }),
  )
  if (response.status === 200) return 'given'
  const attempts = (await records(t, 'query.attempt')) as { verdicts: { reason: string }[] }[]
  return attempts.at(-1)?.verdicts[0]?.reason
}

const VISIT = {}
const FIRST = { visit: undefined, firstVisit: { warnings: [...WARNING_CODES] } }
const EMERGENCY = {
  ...{ purpose: 'BTG', visit: undefined },
  breakGlass: {
    reason: '意識がなく、家族とも連絡がとれないため',
    since: NOON.getTime() / 1_000,
    secondFactor: true,
  },
}

test.each<[string, HandleWon, object, string]>([
  ['by name alone: a visit', { named: 'name-alone', isExact: false }, VISIT, 'given'],
  ['by name alone: a first visit', { named: 'name-alone', isExact: true }, FIRST, 'search-not-permitted'],
  ['by name alone: an emergency', { named: 'name-alone', isExact: false }, EMERGENCY, 'search-not-permitted'],
  ['by the number: a first visit', { named: 'with-insured-number', isExact: false }, FIRST, 'given'],
  [
    'by the number without an address: an emergency',
    { named: 'with-insured-number', isExact: false },
    EMERGENCY,
    'not-exactly-one-person',
  ],
  [
    'by all four and the number: an emergency',
    { named: 'with-insured-number', isExact: true },
    EMERGENCY,
    'given',
  ],
])('a handle opens what it was won by: %s', async (_, won, asked, outcome) => {
  await using t = await resident()
  expect(await ask(t, await given(t, won), asked)).toBe(outcome)
})

test.each([
  ['all four', {}, true],
  ['no address', { address: undefined }, false],
])('how it was won is kept: %s and the number', async (_, changes, isExact) => {
  await using t = await resident()
  const { identifier, ...rest } = patientIn('minato', 'unused') as { identifier: object[] }
  const text = JSON.stringify({ ...rest, identifier: identifier.slice(1), ...changes })
  const patientHash = saltedPatientHash(saltFor(SALT, 'patient'), '_demographics', text)
  const body = new URLSearchParams({ _demographics: text, _salt: SALT }).toString()
  const response = await t.send('shiokaze', { ...queryCall('shiokaze', { salt: SALT, patientHash }), body })
  expect(response.status).toBe(200)
  expect(await t.db.select().from(handleTable)).toMatchObject([{ named: 'with-insured-number', isExact }])
})
