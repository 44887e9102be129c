import type { AuditEvent, Bundle } from 'fhir/r4.js'
import { expect, test } from 'vitest'
import { HONEST, records } from '../broker/ask-three.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { NOON } from '../support/test-context.ts'
import {
  consentIn,
  patientIn,
  patientPath,
  queryCall,
  type RegionId,
  register,
  SYSTEM_OF,
  type TestHub,
  testHub,
} from '../support/test-hub.ts'

const SELF = { relation: 'self', identityChecked: '運転免許証 第1234号' }

function ask(t: TestHub, region: RegionId, patient: string, more: object = {}) {
  const body = JSON.stringify({ patient, requester: SELF, by: '事務局 山田', ...more })
  return t.send(region, {
    method: 'POST',
    path: '/oversight/disclosures',
    body,
    contentType: 'application/json',
  })
}

async function events(response: Response): Promise<AuditEvent[]> {
  const text = await response.text()
  expect(response.status, text).toBe(200)
  return ((JSON.parse(text) as Bundle).entry ?? []).map(({ resource }) => resource as AuditEvent)
}

/** One resident of minato and shiokaze, asked for from shiokaze: shown, then refused. */
async function asked(): Promise<TestHub> {
  const t = await testHub()
  await register(t, 'minato', 'm-1')
  await register(t, 'shiokaze', 'p-1')
  t.gateways.minato.answers(() => ({ resources: [HONEST] }))
  await t.send('shiokaze', queryCall('shiokaze', { items: ['allergy-drug', 'condition'] }))
  await t.send('shiokaze', queryCall('shiokaze', { visit: undefined }))
  return t
}

test('200: who asked, when, for what, on what ground and what came of it, denials included', async () => {
  await using t = await asked()
  const found = await events(await ask(t, 'minato', 'm-1'))
  expect(found).toMatchObject([
    {
      recorded: NOON.toISOString(),
      outcome: '0',
      agent: [
        { who: { identifier: { value: '1410000003' } }, role: [{ coding: [{ code: 'physician' }] }, {}] },
      ],
      entity: [{ what: { identifier: { system: SYSTEM_OF.minato, value: 'm-1' } } }],
    },
    { outcome: '4', outcomeDesc: expect.stringContaining('未受診医療機関等である') },
  ])
  expect(found[0]?.entity?.[0]?.detail).toEqual(
    expect.arrayContaining([
      { type: 'asked', valueString: 'allergy-drug condition' },
      { type: 'given', valueString: 'allergy-drug condition' },
      { type: 'ground', valueString: 'visit' },
    ]),
  )
})

test('200 as plain Japanese to be printed, without anything that stood in the records', async () => {
  await using t = await asked()
  const response = await ask(t, 'minato', 'm-1', { format: 'text' })
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  const text = await response.text()
  expect(text).toContain('照会した機関：shiokaze診療所／shiokaze（1410000003）')
  expect(text).toContain('2026年6月1日 12:00')
  expect(text).toContain('結果：提供した（対象：薬剤アレルギー等、傷病名）')
  expect(text).toContain('結果：提供しなかった（未受診医療機関等である）')
  expect(text).not.toMatch(/ロキソプロフェン|dr-1|診療 太郎/)
})

test('the asking region tells what its own institutions asked, and names no region that gave nothing', async () => {
  await using t = await asked()
  const text = await (await ask(t, 'shiokaze', 'p-1', { format: 'text' })).text()
  expect(text).toContain('件数：2件')
  expect(text).toContain('結果：提供した（対象：薬剤アレルギー等、傷病名）')
  expect(text).not.toMatch(/minato|sagamino|未受診/)
})

test('a query that stopped because the resident withdrew meanwhile reads so', async () => {
  await using t = await asked()
  t.gateways.minato.answers(async () => {
    const body = JSON.stringify(consentIn('minato', 'm-1', { meta: { versionId: '2' }, status: 'inactive' }))
    await t.send('minato', { method: 'POST', path: '/fhir/Consent', body })
    return { resources: [HONEST] }
  })
  await t.send('shiokaze', queryCall('shiokaze'))
  const text = await (await ask(t, 'minato', 'm-1', { format: 'text' })).text()
  expect(text).toContain('結果：提供しなかった（照会中に状況が変わったため）')
})

test('what was asked about an id that was merged away stands in the report of the one that replaced it', async () => {
  await using t = await asked()
  await register(t, 'minato', 'm-2')
  await t.send('shiokaze', queryCall('shiokaze'))
  const merged = {
    active: false,
    link: [{ type: 'replaced-by', other: { identifier: { system: SYSTEM_OF.minato, value: 'm-2' } } }],
  }
  await t.send('minato', {
    method: 'PUT',
    path: patientPath('minato', 'm-1'),
    body: JSON.stringify(patientIn('minato', 'm-1', merged)),
  })
  for (const id of ['m-2', 'm-1']) expect(await events(await ask(t, 'minato', id))).toHaveLength(3)
})

test('reading it is on record, and dates narrow it', async () => {
  await using t = await asked()
  expect(await events(await ask(t, 'minato', 'm-1', { from: '2026-06-02' }))).toEqual([])
  expect(await events(await ask(t, 'minato', 'm-1', { until: '2026-05-31' }))).toEqual([])
  expect(
    await events(await ask(t, 'minato', 'm-1', { from: '2026-06-01', until: '2026-06-01' })),
  ).toHaveLength(2)
  expect(await records(t, 'disclosure.reported')).toMatchObject([
    {},
    {},
    { region: 'minato', patient: 'm-1', by: '事務局 山田', requester: SELF, count: 2 },
  ])
})

test('of a protected person to that person alone', async () => {
  await using t = await asked()
  const protection = { meta: { security: [{ system: 'https://tsunagi.example/CodeSystem/protection' }] } }
  await t.send('minato', {
    method: 'PUT',
    path: patientPath('minato', 'm-1'),
    body: JSON.stringify(patientIn('minato', 'm-1', protection)),
  })
  const guardian = { requester: { ...SELF, relation: 'guardian' } }
  await expectRefusal(await ask(t, 'minato', 'm-1', guardian), 403, 'disclosure-to-self-only')
  await expectRefusal(await ask(t, 'shiokaze', 'p-1', guardian), 403, 'disclosure-to-self-only')
  expect((await ask(t, 'minato', 'm-1')).status).toBe(200)
})

test('404 for another region’s patient, 422 for a request that does not say who asks, 401 unsigned', async () => {
  await using t = await asked()
  await expectRefusal(await ask(t, 'sagamino', 'm-1'), 404, 'patient-unknown')
  await expectRefusal(await ask(t, 'minato', 'm-1', { requester: undefined }), 422, 'resource-invalid')
  await expectRefusal(await ask(t, 'minato', 'm-1', { everything: true }), 422, 'resource-invalid')
  const unsigned = await fetch(`${t.url}/oversight/disclosures`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  await expectRefusal(unsigned, 401, 'token-missing')
})

test('whoever is given the id next learns nothing of who had it before', async () => {
  await using t = await asked()
  const path = patientPath('minato', 'm-1')
  expect((await t.send('minato', { method: 'DELETE', path })).status).toBeLessThan(300)
  t.hub.now = () => new Date(NOON.getTime() + 60_000)
  const body = JSON.stringify(patientIn('minato', 'm-1', { birthDate: '1990-01-01' }))
  expect((await t.send('minato', { method: 'PUT', path, body })).status).toBeLessThan(300)
  expect(await events(await ask(t, 'minato', 'm-1'))).toEqual([])
})
