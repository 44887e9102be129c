import { expect, test } from 'vitest'
import { patientIn, patientPath, testHub } from '../support/test-hub.ts'

test('of several with one request’s name one acts, also where another of them is refused', async () => {
  await using t = await testHub()
  const feed = (n: number, changes: object, jti?: string) => ({
    ...{ method: 'PUT', path: patientPath('minato', `one-${n}`) },
    body: JSON.stringify(patientIn('minato', `one-${n}`, { birthDate: `1961-02-${10 + n}`, ...changes })),
    ...(jti === undefined ? {} : { claims: { jti } }),
  })
  const at = (lastUpdated: string) => ({ meta: { lastUpdated } })
  expect((await t.send('minato', feed(0, at('2026-02-02T00:00:00Z')))).status).toBe(201)
  const calls = [
    ...[1, 2, 3].map((n) => feed(n, {})),
    ...[4, 5, 6].map((n) => feed(n, {}, 'the-name-of-three-feeds')),
    feed(7, {}, 'the-name-of-good-and-bad'),
    feed(0, at('2026-01-01T00:00:00Z'), 'the-name-of-good-and-bad'),
  ]
  const statuses = (await Promise.all(calls.map((each) => t.send('minato', each)))).map(
    ({ status }) => status,
  )
  expect(statuses.slice(0, 3)).toEqual([201, 201, 201])
  expect(statuses.slice(3, 6).sort()).toEqual([201, 401, 401])
  expect([statuses[6], (await t.send('minato', calls[6] as (typeof calls)[0])).status].sort()).toEqual([
    201, 401,
  ])
})
