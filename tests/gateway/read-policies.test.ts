import { expect, test } from 'vitest'
import {
  callClaims,
  freshClaims,
  type RequestClaims,
  type SigningKey,
  signToken,
} from '../../src/trust/index.ts'
import { policyFrom } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import { COUNCIL, type TestRegion, testRegion } from './local-region.ts'

const TEXT = JSON.stringify(policyFrom({ version: 4 }))
const LONG_AGO = new Date(NOON.getTime() - 90 * 86_400_000)

/** The request in which sagamino sent its policy, or whatever a dishonest hub makes of it. */
async function sent(t: TestRegion, changes: { key?: SigningKey; body?: string; path?: string } = {}) {
  const { key = t.peers.sagamino, body = TEXT, path = '/policy' } = changes
  const claims = {
    ...freshClaims('sagamino', t.hub.url, LONG_AGO),
    ...callClaims({ method: 'PUT', url: t.hub.url + path, body }),
  }
  return signToken(key, 'tsunagi-request+jwt', claims as RequestClaims)
}

async function read(t: TestRegion, version: { version?: number; text?: string; request: string }) {
  const policies = [{ version: 4, effectiveFrom: NOON.toISOString(), text: TEXT, ...version }]
  t.state.answers = () => ({ status: 200, text: JSON.stringify({ region: 'sagamino', policies }) })
  const headers = { authorization: `Bearer ${await t.login(COUNCIL)}` }
  const response = await fetch(`${t.url}/council/policies?region=sagamino`, { headers })
  expect(response.status).toBe(200)
  return response.json()
}

test('200: another council’s policy, as its own region signed it long ago', async () => {
  await using t = await testRegion()
  expect(await read(t, { request: await sent(t) })).toEqual({
    region: 'sagamino',
    policies: [JSON.parse(TEXT)],
    unproven: [],
  })
})

test('what the hub altered, made up, or took from elsewhere is named as unproven, and not shown', async () => {
  await using t = await testRegion()
  const wider = JSON.stringify({ ...policyFrom({ version: 4 }), deceasedDays: 3_660 })
  const cases = [
    { request: await sent(t), text: wider },
    { request: await sent(t), text: `${TEXT} ` },
    { request: await sent(t, { key: t.peers.hub, body: wider }), text: wider },
    { request: await sent(t, { key: t.peers.shiokaze }) },
    { request: await sent(t, { path: '/fhir/Consent' }) },
    { request: await sent(t), version: 5 },
    { request: 'none' },
  ]
  for (const each of cases) {
    expect(await read(t, each)).toEqual({
      region: 'sagamino',
      policies: [],
      unproven: [each.version ?? 4],
    })
  }
})
