import { describe, expect, test } from 'vitest'
import { findConsentCopy, putPolicyCopy } from '../../src/gateway/copy-store.ts'
import { deskEntry } from '../../src/gateway/tables.ts'
import type { Policy } from '../../src/vocabulary/index.ts'
import { policyFrom, readAs } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import { FEED, PATIENT, SYSTEM, type TestRegion, testRegion } from './local-region.ts'
import { DESK, fieldOf, openOffice, SECOND } from './office-pages.ts'

async function desk(changes: Partial<Policy> = {}): Promise<TestRegion> {
  const region = await testRegion()
  region.state.answers = ({ body }) => ({ status: 201, text: body })
  const policy = policyFrom({ secondCheckPercent: 0, forms: { 'form-2025': readAs('medical') }, ...changes })
  await region.ctx.db.transaction((tx) => putPolicyCopy(tx, policy, NOON))
  const identifier = encodeURIComponent(`${SYSTEM}|7001`)
  await fetch(`${region.url}/fhir/Patient?identifier=${identifier}`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${await region.login(FEED)}`,
      'content-type': 'application/fhir+json',
    },
    body: JSON.stringify(PATIENT),
  })
  return region
}

/** As the browser sends the page's form: every text field, filled in or not. */
const paper = (changes: Record<string, string | string[]> = {}) => ({
  ...{ receipt: 'R-1', patient: '7001', form: 'form-2025', signedOn: '2026-05-30', enteredOn: '2026-06-01' },
  ...{ until: '', proxyName: '', relation: '', residentBorn: '', refusedInstitutions: '' },
  ...changes,
})
const end = (changes: Record<string, string> = {}) => ({
  ...{ kind: 'stop', receipt: 'T-1', patient: '7001', signedOn: '2026-06-01', enteredOn: '2026-06-01' },
  ...{ deceasedOn: '', reason: '', proxyName: '', relation: '', residentBorn: '', ...changes },
})
const copy = (region: TestRegion) => findConsentCopy(region.ctx.db, '7001')

test('a paper is entered with proxy and refusals, counts, and the hub hears of it', async () => {
  await using region = await desk()
  const office = await openOffice(region)
  const form = await office.text('/office/desk/paper')
  expect(fieldOf(form, 'enteredOn').value).toBe('2026-06-01')
  expect(form).toContain('<option value="form-2025">')
  expect(form).toContain('しおかぜ医療介護ネット')
  expect(form).not.toContain('value="minato"')
  const said = paper({
    ...{ proxyName: '港 太郎', relation: 'parent', residentBorn: '2015-04-01', until: '2030-03-31' },
    ...{ refusedItems: ['infection', 'condition'], refusedInstitutions: '1410000009、1410000010' },
    refusedRegions: ['shiokaze'],
  })
  const { status, page } = await office.post('/office/desk/paper', said)
  expect([status, page.includes('有効になり、ハブも受け付けました。')]).toEqual([200, true])
  expect(page, 'of whom the directory knows nothing').toContain('拒否機関の2番目は')
  expect(await copy(region)).toMatchObject({
    ...{ status: 'active', form: 'form-2025', proxy: { relation: 'parent' } },
    ...{ refused: ['condition', 'infection'], refusedInstitutions: ['1410000009', '1410000010'] },
    refusedRegions: ['shiokaze'],
  })
})

test('a stop by telephone holds at once, though the hub is away, and the page says so', async () => {
  await using region = await desk()
  const office = await openOffice(region)
  await office.post('/office/desk/paper', paper())
  region.state.answers = () => ({ status: 503, text: '' })
  const { status, page } = await office.post('/office/desk/end', end())
  expect(status).toBe(200)
  expect(page).toContain('この地域では有効です。ハブには、まだ届いていません。')
  expect(await copy(region)).toMatchObject({ status: 'stopped' })
})

test('a death told of the wrong patient is taken back with a reason, which the second person reads', async () => {
  await using region = await desk()
  const office = await openOffice(region)
  await office.post('/office/desk/paper', paper())
  const back = end({ kind: 'not-deceased', receipt: 'D-2', reason: '患者IDの取り違え' })
  const none = await office.post('/office/desk/end', back)
  expect([none.status, fieldOf(none.page, 'patient').fault]).toEqual([409, expect.stringContaining('死亡日')])
  await office.post('/office/desk/end', end({ kind: 'deceased', receipt: 'D-1', deceasedOn: '2026-05-31' }))
  const unsaid = await office.post('/office/desk/end', { ...back, reason: '' })
  expect([unsaid.status, fieldOf(unsaid.page, 'reason').fault]).toEqual([
    422,
    expect.stringContaining('理由'),
  ])
  const { status, page } = await office.post('/office/desk/end', back)
  expect([status, page.includes('別の方の確認を待っています')]).toEqual([200, true])
  expect(await copy(region)).toMatchObject({ deceasedOn: '2026-05-31' })
  expect(await (await openOffice(region, SECOND)).text('/office/desk/checks')).toContain('患者IDの取り違え')
})

describe('what is wrong stands at its field, in both languages, and everything typed comes back', () => {
  test.each<[string, Record<string, string | string[]>, string[]]>([
    [
      'nothing filled in',
      { receipt: '', patient: '', form: '', signedOn: '' },
      ['receipt', 'patient', 'form', 'signedOn'],
    ],
    ['a receipt number in kanji', { receipt: '受付一' }, ['receipt']],
    ['a day that does not exist', { signedOn: '2026-02-30' }, ['signedOn']],
    ['entered before it was signed', { enteredOn: '2026-05-29' }, ['enteredOn']],
    ['over before it was signed', { until: '2026-05-29' }, ['until']],
    ['a proxy without a name', { relation: 'parent', residentBorn: '2015-04-01' }, ['proxyName']],
    ['a proxy without relation and birth date', { proxyName: '港 太郎' }, ['relation', 'residentBorn']],
    ['a form’s name in capitals', { form: 'FORM' }, ['form']],
    ['an institution of five digits', { refusedInstitutions: '14100' }, ['refusedInstitutions']],
    ['an item that is none', { refusedItems: ['everything'] }, ['refusedItems']],
    ['signed tomorrow', { signedOn: '2026-06-02', enteredOn: '2026-06-02' }, ['signedOn']],
    ['a patient nobody knows', { patient: '9999' }, ['patient']],
  ])('%s', async (_, changes, wrong) => {
    await using region = await desk()
    const office = await openOffice(region)
    const { status, page } = await office.post('/office/desk/paper', paper(changes))
    expect(status).toBeGreaterThanOrEqual(400)
    expect(page).toContain('登録していません。')
    const names = Object.keys({ ...paper(), refusedItems: [] })
    expect(names.filter((name) => fieldOf(page, name).fault !== undefined)).toEqual(wrong)
    for (const name of wrong) {
      expect(fieldOf(page, name).fault).toMatch(/[ぁ-ん一-龠].*[A-Za-z]{3}/)
      expect(page).toContain(`href="#${name}"`)
    }
    for (const name of ['receipt', 'patient', 'form', 'signedOn', 'until', 'proxyName'] as const)
      expect(fieldOf(page, name).value).toBe(paper(changes)[name])
    expect(await region.ctx.db.$count(deskEntry)).toBe(0)
  })
  test('a receipt number that is another paper’s, and a paper older than the one that counts', async () => {
    await using region = await desk()
    const office = await openOffice(region)
    await office.post('/office/desk/paper', paper())
    const taken = await office.post('/office/desk/paper', paper({ signedOn: '2026-05-31' }))
    expect([taken.status, fieldOf(taken.page, 'receipt').fault !== undefined]).toEqual([409, true])
    const older = await office.post('/office/desk/paper', paper({ receipt: 'R-2', signedOn: '2025-01-01' }))
    expect([older.status, fieldOf(older.page, 'signedOn').fault !== undefined]).toEqual([409, true])
  })
  test('a death without its day, a kind that is none, and what ended already', async () => {
    await using region = await desk()
    const office = await openOffice(region)
    const faultAt = async (changes: Record<string, string>, name: string) =>
      fieldOf((await office.post('/office/desk/end', end(changes))).page, name).fault
    expect(await faultAt({ kind: 'deceased' }, 'deceasedOn')).toContain('Give the day for a death')
    expect(await faultAt({ kind: 'consent' }, 'kind')).toContain('Choose what was told')
    await office.post('/office/desk/paper', paper())
    await office.post('/office/desk/end', end())
    expect(await faultAt({ kind: 'stop', receipt: 'T-2' }, 'patient')).toContain('ended already')
  })
})

test('the page shows what was typed as text, whatever it says', async () => {
  await using region = await desk()
  const office = await openOffice(region)
  const { page } = await office.post(
    '/office/desk/paper',
    paper({ proxyName: '"><script>alert(1)</script>' }),
  )
  expect(page).not.toContain('<script>')
  expect(fieldOf(page, 'proxyName').value).toBe('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;')
})

describe('the second look', () => {
  test('waits for somebody else, who lets it count', async () => {
    await using region = await desk({ secondCheckPercent: 100 })
    const [first, second] = [await openOffice(region), await openOffice(region, SECOND)]
    const refusals = { refusedItems: ['infection'], refusedInstitutions: '1410000099' }
    const { page } = await first.post('/office/desk/paper', paper(refusals))
    expect(page).toContain('別の方の確認を待っています。')
    expect(await first.text('/office')).toContain('1 件')
    const own = await first.text('/office/desk/checks')
    expect(own).toContain('受付番号 R-1')
    expect(own).not.toContain('name="isRight"')
    const others = await second.text('/office/desk/checks')
    for (const word of ['感染症', 'form-2025', DESK.sub]) expect(others).toContain(word)
    expect(others).toContain('拒否機関の1番目は、参加機関の一覧で確かめられません。')
    const looked = await second.post('/office/desk/checks', { receipt: 'R-1', isRight: 'true' })
    expect([looked.status, looked.page.includes('有効になり')]).toEqual([200, true])
    expect(await copy(region)).toMatchObject({ status: 'active', refused: ['infection'] })
    const twice = await second.post('/office/desk/checks', { receipt: 'R-1', isRight: 'true' })
    expect([twice.status, twice.page.includes('確認を待っている入力がありません。')]).toEqual([404, true])
  })
  test('turned down it never counts; nobody looks at their own', async () => {
    await using region = await desk({ secondCheckPercent: 100 })
    const [first, second] = [await openOffice(region), await openOffice(region, SECOND)]
    await first.post('/office/desk/paper', paper())
    const own = await first.post('/office/desk/checks', { receipt: 'R-1', isRight: 'true' })
    expect([own.status, await copy(region)]).toEqual([403, undefined])
    const turned = await second.post('/office/desk/checks', { receipt: 'R-1', isRight: 'false' })
    expect([turned.status, turned.page.includes('差し戻しました')]).toEqual([200, true])
    expect(await copy(region)).toBeUndefined()
    expect((await second.post('/office/desk/checks', { receipt: 'R-1', isRight: 'maybe' })).status).toBe(400)
  })
})
