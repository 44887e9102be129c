import { expect, test } from 'vitest'
import { NOON } from '../support/test-context.ts'
import { patientIn, patientPath, queryCall, register, testHub } from '../support/test-hub.ts'
import { allergy } from './ask-three.ts'

const DAY_MS = 86_400_000

test.each([
  ['no date', { deceasedBoolean: true }],
  ['a year', { deceasedDateTime: '2026' }],
  ['a month', { deceasedDateTime: '2026-05' }],
  ['a day', { deceasedDateTime: '2026-06-01' }],
])('a death of which %s was told ends viewing, and does not when it is told again', async (_, dead) => {
  let now = NOON
  await using t = await testHub({ now: () => now })
  await register(t, 'shiokaze', 'p-1')
  await register(t, 'minato', 'm-1')
  t.gateways.minato.answers(() => ({ resources: [allergy('a1')] }))
  const ask = async () => {
    const on = now.toISOString().slice(0, 10)
    const visit = { kind: 'outpatient', on } as const
    return (await t.send('shiokaze', queryCall('shiokaze', { visit }))).status
  }
  const tell = (changes: object) => {
    const body = JSON.stringify(patientIn('minato', 'm-1', changes))
    return t.send('minato', { method: 'PUT', path: patientPath('minato', 'm-1'), body })
  }
  expect(await ask()).toBe(200)
  expect((await tell(dead)).status).toBe(200)
  now = new Date(NOON.getTime() + DAY_MS)
  expect(await ask()).toBe(403)
  expect((await tell({ ...dead, language: 'ja' })).status).toBe(200)
  expect(await ask()).toBe(403)
})
