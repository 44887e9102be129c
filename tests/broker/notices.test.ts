import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { outbox } from '../../src/kernel/outbox-tables.ts'
import { deliverNotices, recordPolicy, retireKey } from '../../src/registry/index.ts'
import { noticeClaimsSchema, verifyingKey, verifyToken } from '../../src/trust/index.ts'
import { policyFrom } from '../support/sample-policy.ts'
import { secondHub } from '../support/second-hub.ts'
import { NOON } from '../support/test-context.ts'
import { consentIn, queryCall, register, testHub } from '../support/test-hub.ts'
import { allergy, HONEST, readAnswer, records, threeRegions } from './ask-three.ts'

test('what a gateway is to be told is sent once it can be reached, signed for it and for that call', async () => {
  let at = NOON
  await using t = await testHub({ now: () => at })
  for (const peer of Object.values(t.gateways)) peer.answers(() => ({ httpStatus: 204 }))
  await deliverNotices(t.hub)
  await t.db.transaction((tx) => recordPolicy(tx, 'minato', policyFrom({ version: 2 }), NOON))
  const mine = () => t.gateways.minato.calls.length
  const before = mine()
  t.gateways.minato.answers(() => ({ httpStatus: 503 }))
  expect(await deliverNotices(t.hub)).toBe(1)
  t.gateways.minato.answers(() => ({ httpStatus: 204 }))
  expect(await deliverNotices(t.hub)).toBe(0)
  at = new Date(NOON.getTime() + 2_000)
  await deliverNotices(t.hub)
  expect(mine()).toBe(before + 2)
  at = new Date(NOON.getTime() + 3_600_000)
  expect(await deliverNotices(t.hub)).toBe(0)
  const { mandate } = t.gateways.minato.calls.at(-1) ?? { mandate: '' }
  const { claims } = await verifyToken(mandate, {
    typ: 'tsunagi-notice+jwt',
    schema: noticeClaimsSchema,
    audience: 'minato',
    now: new Date(NOON.getTime() + 2_000),
    keyOf: async () => ({ ...(await verifyingKey(t.hub.keys.mandate.publicJwk)), owner: t.hub.publicUrl }),
  })
  expect(claims).toMatchObject({
    htu: `${t.gateways.minato.url}/notices`,
    notice: { kind: 'policy-recorded', version: 2 },
  })
})

test('a key that is retired is told to every gateway', async () => {
  await using t = await testHub()
  await t.db.transaction((tx) => retireKey(tx, t.keys.minato.kid, NOON))
  const told = (await t.db.select().from(outbox)).filter(({ body }) => body.includes('directory-changed'))
  expect(new Set(told.map(({ destination }) => destination))).toEqual(
    new Set(['minato', 'sagamino', 'shiokaze']),
  )
})

const FROM_MINATO = allergy('from-minato')

test('a source whose resident withdraws at another process is not waited for; the others are', async () => {
  await using t = await threeRegions({ sourcesDeadlineMs: 8_000 })
  await using other = await secondHub(t)
  const isAsked = Promise.withResolvers<void>()
  t.gateways.minato.answers(async () => {
    isAsked.resolve()
    return { resources: [FROM_MINATO], delayMs: 6_000 }
  })
  const started = performance.now()
  const asked = t.send('shiokaze', queryCall('shiokaze'))
  await isAsked.promise
  const body = JSON.stringify(consentIn('minato', 'm-1', { meta: { versionId: '2' }, status: 'inactive' }))
  const withdrawn = await t.send('minato', { method: 'POST', path: '/fhir/Consent', body, to: other.url })
  expect(withdrawn.status).toBe(201)
  const { states, text } = await readAnswer(await asked)
  expect(performance.now() - started).toBeLessThan(4_000)
  expect(states).toEqual({ sagamino: 'complete' })
  expect(text).toContain('from-sagamino')
  expect(text).not.toMatch(/minato/)
  const [release] = await records(t, 'query.release')
  expect(release?.sources).toMatchObject([{ region: 'minato', state: 'denied', receipt: null }, {}])
})

test('what moves without taking a permission away stops nobody', async () => {
  await using t = await testHub()
  await register(t, 'minato', 'm-1')
  await register(t, 'shiokaze', 'p-1')
  t.gateways.minato.answers(async () => {
    const body = JSON.stringify(consentIn('minato', 'm-1', { meta: { versionId: '2' } }))
    expect((await t.send('minato', { method: 'POST', path: '/fhir/Consent', body })).status).toBe(201)
    await wait(300)
    return { resources: [HONEST] }
  })
  const { states } = await readAnswer(await t.send('shiokaze', queryCall('shiokaze')))
  expect(states).toEqual({ minato: 'complete' })
})
