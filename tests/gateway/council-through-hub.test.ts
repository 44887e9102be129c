import type { Bundle } from 'fhir/r4.js'
import { expect, test } from 'vitest'
import { runRules } from '../../src/oversight/index.ts'
import type { Item } from '../../src/vocabulary/index.ts'
import { consentIn, patientIn, patientPath, queryCall } from '../support/sample-calls.ts'
import { FEED } from './local-region.ts'
import { regionAtHub } from './region-at-hub.ts'

/** What a council's privacy officer does, at the region's own gateway, before the real hub. */
const SELF = { relation: 'self', identityChecked: '運転免許証 第1234号' }
const ALLERGY =
  '{"resourceType":"AllergyIntolerance","id":"a-1","category":["medication"],"code":{"text":"ロキソプロフェン"},"patient":{"reference":"Patient/p"}}'
const PATH = patientPath('minato', 'm-1')

/** A resident of minato who consents, seen in an emergency from shiokaze, then refused to somebody who never saw them. */
async function afterEmergency() {
  const t = await regionAtHub()
  expect((await t.send('POST', '/fhir/Consent', consentIn('minato', 'm-1'), FEED)).status).toBe(201)
  t.hub.gateways.minato.answers(() => ({ resources: [ALLERGY] }))
  const breakGlass = { reason: '意識がなく、家族とも連絡がとれないため', secondFactor: true }
  const items: Item[] = ['allergy-drug']
  const emergency = { items, purpose: 'BTG' as const, visit: undefined, breakGlass }
  expect((await t.hub.send('shiokaze', queryCall('shiokaze', emergency))).status).toBe(200)
  expect((await t.hub.send('shiokaze', queryCall('shiokaze', { visit: undefined }))).status).toBe(403)
  return t
}

test('an emergency is listed with what is owed for it, and reviewed once', async () => {
  await using t = await afterEmergency()
  const listed = await t.send('GET', '/council/emergencies')
  const [found] = (await listed.json()) as { emergency: string; review: object }[]
  expect(found).toMatchObject({ review: { patient: 'm-1', finding: null } })
  const review = {
    emergency: found?.emergency,
    officer: '個人情報管理者',
    finding: 'proper',
    note: '救急搬送の記録と一致した。',
  }
  expect((await t.send('POST', '/council/emergencies/review', review)).status).toBe(204)
  expect((await t.send('POST', '/council/emergencies/review', review)).status).toBe(404)
})

test('a resident is told who asked, denials included: as FHIR, and in plain Japanese to be printed', async () => {
  await using t = await afterEmergency()
  const asked = { patient: 'm-1', requester: SELF, by: '事務局 山田' }
  const fhir = await t.send('POST', '/council/disclosures', asked)
  expect(fhir.headers.get('content-type')).toMatch(/^application\/fhir\+json/)
  expect(((await fhir.json()) as Bundle).entry?.map(({ resource }) => resource)).toMatchObject([
    { resourceType: 'AuditEvent', outcome: '0' },
    { resourceType: 'AuditEvent', outcome: '4' },
  ])
  const plain = await t.send('POST', '/council/disclosures', { ...asked, format: 'text' })
  expect(plain.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  const text = await plain.text()
  for (const word of ['shiokaze診療所', '医師', '薬剤アレルギー', '緊急時', '未受診'])
    expect(text).toContain(word)
  expect(text).not.toContain('ロキソプロフェン')
})

test('of a protected person to nobody but them', async () => {
  await using t = await afterEmergency()
  const security = [{ system: 'https://tsunagi.example/CodeSystem/protection', code: 'protected' }]
  const body = patientIn('minato', 'm-1', { meta: { security } })
  expect((await t.send('PUT', PATH, body, FEED)).status).toBeLessThan(300)
  const of = (relation: string) =>
    t.send('POST', '/council/disclosures', {
      ...{ patient: 'm-1', by: '事務局 山田' },
      requester: { ...SELF, relation },
    })
  expect([(await of('agent')).status, (await of('guardian')).status, (await of('self')).status]).toEqual([
    403, 403, 200,
  ])
})

test('what the rules found of the own users is listed, and settled once', async () => {
  await using t = await regionAtHub()
  // Ten people described in vain, by one user of this region in one day.
  for (let n = 0; n < 10; n++) await t.hub.send('minato', queryCall('minato', { localId: `nobody-${n}` }))
  await runRules(t.hub.hub, '2026-06-01')
  const listed = await t.send('GET', '/council/findings')
  expect(listed.headers.get('content-type')).toMatch(/^application\/json/)
  const [found] = (await listed.json()) as { id: string; rule: string; reason: string }[]
  expect(found).toMatchObject({ rule: 'many-unfound' })
  const outcome = {
    finding: found?.id,
    by: '個人情報管理者',
    outcome: 'improper',
    followUp: '本人に注意し、研修を受けさせた。',
  }
  expect((await t.send('POST', '/council/findings/settle', outcome)).status).toBe(204)
  expect((await t.send('POST', '/council/findings/settle', outcome)).status).toBe(404)
})
