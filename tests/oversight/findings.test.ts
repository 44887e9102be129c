import { expect, test } from 'vitest'
import { runRules } from '../../src/oversight/index.ts'
import { HONEST, records } from '../broker/ask-three.ts'
import { visitOf } from '../consent/feed.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { NOON } from '../support/test-context.ts'
import {
  CLINIC_OF,
  queryCall,
  type RegionId,
  register,
  SYSTEM_OF,
  type TestHub,
  testHub,
} from '../support/test-hub.ts'

const DAY_MS = 86_400_000

async function setup() {
  const t = await testHub()
  await register(t, 'minato', 'm-1')
  await register(t, 'shiokaze', 'p-1')
  t.gateways.minato.answers(() => ({ resources: [HONEST] }))
  return t
}

async function findings(t: TestHub, region: RegionId) {
  const response = await t.send(region, { method: 'GET', path: '/oversight/findings' })
  expect(response.status).toBe(200)
  return (await response.json()) as { id: string; rule: string; score: number; outcome: string | null }[]
}

function settle(t: TestHub, region: RegionId, finding: string, more: object = {}) {
  const said = {
    finding,
    by: '個人情報管理者',
    outcome: 'proper',
    followUp: '当日の当直表で確認した。',
    ...more,
  }
  const body = JSON.stringify(said)
  return t.send(region, {
    method: 'POST',
    path: '/oversight/findings/settle',
    body,
    contentType: 'application/json',
  })
}

const firstVisit = { visit: undefined, firstVisit: { warnings: [] } }

test('a first visit that no visit followed within a week stands on the worklist of its own region', async () => {
  await using t = await setup()
  expect((await t.send('shiokaze', queryCall('shiokaze', firstVisit))).status).toBe(200)
  t.hub.now = () => new Date(NOON.getTime() + 7 * DAY_MS)
  expect(await runRules(t.hub, '2026-06-08')).toMatchObject({ attempts: 0, findings: 1 })
  expect(await findings(t, 'shiokaze')).toMatchObject([{ rule: 'no-later-visit', score: 30, outcome: null }])
  expect(await findings(t, 'minato')).toEqual([])
  expect(await runRules(t.hub, '2026-06-08')).toMatchObject({ findings: 0 })
  expect(await records(t, 'finding.made')).toHaveLength(1)
})

test('a first visit that a visit followed does not', async () => {
  await using t = await setup()
  await t.send('shiokaze', queryCall('shiokaze', firstVisit))
  const encounter = visitOf(
    { system: SYSTEM_OF.shiokaze, value: 'p-1' },
    { institution: CLINIC_OF.shiokaze, period: { start: '2026-06-01', end: '2026-06-01' } },
  )
  const fed = await t.send('shiokaze', {
    method: 'POST',
    path: '/fhir/Encounter',
    body: JSON.stringify(encounter),
  })
  expect(fed.status, await fed.text()).toBe(201)
  t.hub.now = () => new Date(NOON.getTime() + 7 * DAY_MS)
  expect(await runRules(t.hub, '2026-06-08')).toMatchObject({ findings: 0 })
})

test('one login at two terminals within minutes; more of it raises the score, and settling it is once and on record', async () => {
  await using t = await setup()
  for (const terminal of ['pc-1', 'pc-2']) await t.send('shiokaze', queryCall('shiokaze', { terminal }))
  expect(await runRules(t.hub, '2026-06-01')).toMatchObject({ attempts: 2, viewers: 1, findings: 1 })
  const [before] = await findings(t, 'shiokaze')
  await t.send('shiokaze', queryCall('shiokaze', { terminal: 'pc-3' }))
  expect(await runRules(t.hub, '2026-06-01')).toMatchObject({ findings: 1 })
  const [after] = await findings(t, 'shiokaze')
  expect(after).toMatchObject({ id: before?.id, rule: 'many-terminals' })
  expect(after?.score).toBeGreaterThan(before?.score ?? 100)
  const id = after?.id ?? ''
  await expectRefusal(await settle(t, 'minato', id), 404, 'finding-unknown')
  await expectRefusal(await settle(t, 'shiokaze', id, { outcome: 'forgotten' }), 422, 'resource-invalid')
  expect((await settle(t, 'shiokaze', id)).status).toBe(204)
  await expectRefusal(await settle(t, 'shiokaze', id), 404, 'finding-unknown')
  await t.send('shiokaze', queryCall('shiokaze', { terminal: 'pc-4' }))
  expect(await runRules(t.hub, '2026-06-01')).toMatchObject({ findings: 0 })
  expect(await findings(t, 'shiokaze')).toMatchObject([{ id, outcome: 'proper' }])
  expect(await records(t, 'finding.settled')).toMatchObject([
    { finding: id, region: 'shiokaze', outcome: 'proper' },
  ])
})
