import { describe, expect, test } from 'vitest'
import { councilNotice } from '../../src/gateway/tables.ts'
import { runRules } from '../../src/oversight/index.ts'
import type { Notice } from '../../src/trust/index.ts'
import { consentIn, patientIn, patientPath, queryCall } from '../support/sample-calls.ts'
import { NOON } from '../support/test-context.ts'
import { FEED, testRegion } from './local-region.ts'
import { fieldOf, openOffice, PRIVACY } from './office-pages.ts'
import { regionAtHub } from './region-at-hub.ts'

/** The privacy officer's pages, before the real hub. */
async function privacy() {
  await using stack = new AsyncDisposableStack()
  const t = stack.use(await regionAtHub())
  const office = await openOffice(t.region, PRIVACY)
  const held = stack.move()
  return { ...t, office, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

const EMERGENCIES = '/office/privacy/emergencies'
const FINDINGS = '/office/privacy/findings'
const DISCLOSURES = '/office/privacy/disclosures'
const NOTE = '救急搬送の記録と一致した。'
const idOf = (page: string) => /name="id" value="([^"]+)"/.exec(page)?.[1] ?? ''

/** A resident of minato who consents is seen in an emergency from shiokaze. */
async function afterEmergency() {
  const t = await privacy()
  expect((await t.send('POST', '/fhir/Consent', consentIn('minato', 'm-1'), FEED)).status).toBe(201)
  t.hub.gateways.minato.answers(() => ({ resources: [] }))
  const breakGlass = { reason: '意識がなく、家族とも連絡がとれないため', secondFactor: true }
  const emergency = { purpose: 'BTG' as const, visit: undefined, breakGlass }
  expect((await t.hub.send('shiokaze', queryCall('shiokaze', emergency))).status).toBe(200)
  return t
}

describe('emergencies', () => {
  test('what is owed is listed with its day, and reviewed once', async () => {
    await using t = await afterEmergency()
    const page = await t.office.text(EMERGENCIES)
    for (const word of ['shiokaze診療所', '医師', '意識がなく', 'm-1', '未確認。期限 2026年6月8日', '未報告'])
      expect(page).toContain(word)
    const said = { id: idOf(page), outcome: 'proper', words: NOTE }
    const done = await t.office.post(EMERGENCIES, said)
    expect([done.status, done.page.includes('記録しました')]).toEqual([200, true])
    const after = await t.office.text(EMERGENCIES)
    expect(after).toContain(`適切（${PRIVACY.name}）${NOTE}`)
    expect(idOf(after)).toBe('')
    expect((await t.office.post(EMERGENCIES, said)).status).toBe(404)
  })
  test('without an outcome, or in too few words, it comes back with what was typed and nothing is kept', async () => {
    await using t = await afterEmergency()
    const id = idOf(await t.office.text(EMERGENCIES))
    const { status, page } = await t.office.post(EMERGENCIES, { id, words: '確認済み' })
    expect(status).toBe(422)
    expect(fieldOf(page, 'outcome').fault).toContain('Choose what came of it.')
    expect(fieldOf(page, 'words')).toMatchObject({
      fault: expect.stringContaining('10 字以上'),
      value: '確認済み',
    })
    expect(await t.office.text(EMERGENCIES)).toContain('未確認')
  })
})

test('what was typed is not lost while the hub cannot be reached', async () => {
  await using region = await testRegion()
  region.state.answers = () => ({ status: 503, text: '' })
  const office = await openOffice(region, PRIVACY)
  const { status, page } = await office.post(EMERGENCIES, { id: 'e-1', outcome: 'proper', words: NOTE })
  expect(status).toBe(502)
  expect(fieldOf(page, 'words').value).toBe(NOTE)
  expect(page).toMatch(/value="proper" checked/)
  expect((await office.get(EMERGENCIES)).status).toBe(502)
})

test('findings are listed with what the rule saw, and settled with outcome and follow-up, once', async () => {
  await using t = await privacy()
  // Ten people described in vain, by one user of this region in one day.
  for (let n = 0; n < 10; n++) await t.hub.send('minato', queryCall('minato', { localId: `nobody-${n}` }))
  await runRules(t.hub.hub, '2026-06-01')
  const page = await t.office.text(FINDINGS)
  for (const word of ['該当者のない照会を反復', '2026年6月1日', '照会回数']) expect(page).toContain(word)
  const followUp = '本人に注意し、研修を受けさせた。'
  const said = { id: idOf(page), outcome: 'improper', words: followUp }
  const short = await t.office.post(FINDINGS, { ...said, words: '注意' })
  expect([short.status, fieldOf(short.page, 'words').value]).toEqual([422, '注意'])
  expect((await t.office.post(FINDINGS, said)).status).toBe(200)
  expect(await t.office.text(FINDINGS)).toContain(`不適切（${PRIVACY.name}）${followUp}`)
  expect((await t.office.post(FINDINGS, said)).status).toBe(404)
})

describe('a disclosure report', () => {
  const asked = {
    ...{ patient: 'm-1', relation: 'self', identityChecked: '運転免許証 第1234号', from: '', until: '' },
  }
  test('in plain Japanese, to be printed; that it was made is on record', async () => {
    await using t = await afterEmergency()
    const { status, page } = await t.office.post(DISCLOSURES, asked)
    expect(status).toBe(200)
    for (const word of ['診療情報等の閲覧・照会の記録（本人開示用）', 'shiokaze診療所', '緊急時', '第1234号'])
      expect(page).toContain(word)
    expect(page).toContain('data-printed="disclosure"')
  })
  test.each<[string, Record<string, string>, string, number]>([
    ['nobody named', { patient: '' }, 'patient', 422],
    ['a patient nobody knows', { patient: 'm-9' }, 'patient', 404],
    ['no relation', { relation: '' }, 'relation', 422],
    ['no document', { identityChecked: '免許' }, 'identityChecked', 422],
    ['a day that does not exist', { from: '2026-02-30' }, 'from', 422],
    ['days the wrong way round', { from: '2026-05-02', until: '2026-05-01' }, 'until', 422],
  ])('%s: said at the field, with what was typed', async (_, changes, name, status) => {
    await using t = await privacy()
    const answered = await t.office.post(DISCLOSURES, { ...asked, ...changes })
    expect(answered.status).toBe(status)
    expect(fieldOf(answered.page, name).fault).toMatch(/[ぁ-ん].*[A-Za-z]{3}/)
    for (const kept of ['patient', 'identityChecked', 'from', 'until'] as const)
      expect(fieldOf(answered.page, kept).value).toBe({ ...asked, ...changes }[kept])
  })
  test('of a protected person for nobody but them', async () => {
    await using t = await privacy()
    const security = [{ system: 'https://tsunagi.example/CodeSystem/protection', code: 'protected' }]
    const body = patientIn('minato', 'm-1', { meta: { security } })
    await t.send('PUT', patientPath('minato', 'm-1'), body, FEED)
    const { status, page } = await t.office.post(DISCLOSURES, { ...asked, relation: 'agent' })
    expect([status, fieldOf(page, 'relation').fault !== undefined]).toEqual([403, true])
  })
})

test('notices say who saw whom and what is due; of what was said elsewhere of a resident nothing', async () => {
  await using region = await testRegion()
  const at = '2026-06-01T03:00:00Z'
  const viewer = { region: 'shiokaze', institution: '1410000001' }
  const notices: Notice[] = [
    { kind: 'first-view', patient: '7001', ...viewer, at },
    {
      ...{ kind: 'emergency', emergency: 'e-1', patient: '7001', ...viewer, user: 'dr-<b>', at },
      ...{
        profession: 'physician',
        post: 'head',
        reason: '意識障害：搬送',
        reportDueAt: at,
        reviewDueOn: '2026-06-08',
      },
    },
    { kind: 'standing', patient: '7002', protected: true, at },
    { kind: 'policy-recorded', version: 3 },
  ]
  await region.ctx.db
    .insert(councilNotice)
    .values(notices.map((notice, letter) => ({ letter, notice, receivedAt: NOON })))
  const page = await (await openOffice(region, PRIVACY)).text('/office/privacy/notices')
  for (const word of [
    '初めて閲覧',
    '緊急時閲覧がありました',
    'しおかぜ医療介護ネット',
    'みなと病院',
    '医師',
    '管理者',
  ])
    expect(page).toContain(word)
  expect(page).toContain('dr-&lt;b&gt;')
  expect(page).toContain('2026年6月8日')
  expect(page).not.toContain('7002')
})
