import { expect, test } from 'vitest'
import { putConsentCopy, putRegistrationCopy } from '../../src/gateway/index.ts'
import {
  afterMerged,
  endMergeCopies,
  findFormerCopies,
  putMergeCopies,
} from '../../src/gateway/merge-store.ts'
import type { Item } from '../../src/vocabulary/index.ts'
import { NOON } from '../support/test-context.ts'
import { searchset, sendJson } from './inward-ehr.ts'
import { consent, type InwardRegion, inwardRegion, LOCAL_ID } from './inward-region.ts'

const FORMER = 'S-0009'
const after = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000)

/** What the region's own systems told the gateway of the id that LOCAL_ID replaced. */
const said = (t: InwardRegion, what: Parameters<typeof putConsentCopy>[2], at = NOON, id = FORMER) =>
  t.ctx.db.transaction((tx) => putConsentCopy(tx, id, what, at))
const merge = (t: InwardRegion, from = FORMER, into = LOCAL_ID) =>
  t.ctx.db.transaction((tx) => putMergeCopies(tx, from, [into], after(1)))

async function outcome(t: InwardRegion): Promise<unknown> {
  const response = await t.send()
  if (response.status === 200) return 'given'
  return (await t.entries()).at(-1)?.detail.reason
}

test('a withdrawal under an id that was merged away holds here too, whatever the hub says', async () => {
  await using t = await inwardRegion()
  await said(t, consent(2, 'withdrawn'))
  expect(await outcome(t)).toBe('given')
  await merge(t)
  expect(await outcome(t)).toBe('withdrawn')
})

test('an item kept back under it does not leave', async () => {
  await using t = await inwardRegion()
  const refused: Item[] = ['laboratory']
  await said(t, { ...consent(1), refused })
  await merge(t)
  const text = await (await t.send()).text()
  expect(text).toContain('Condition')
  expect(text).not.toContain('Observation')
})

test('protection and a death told of it hold, through several merges', async () => {
  await using t = await inwardRegion()
  await merge(t, 'S-0008')
  await merge(t, FORMER, 'S-0008')
  const put = (copy: { protected: boolean; deceasedOn: string | null }) =>
    t.ctx.db.transaction((tx) => putRegistrationCopy(tx, { localId: FORMER, ...copy }, NOON))
  await put({ protected: true, deceasedOn: null })
  expect(await outcome(t)).toBe('protected')
  await put({ protected: false, deceasedOn: '2025-01-31' })
  expect(await outcome(t)).toBe('deceased')
})

test('paper entered here under the id that stands, once they are one, starts sharing again', async () => {
  await using t = await inwardRegion()
  await said(t, consent(2, 'withdrawn'))
  const paper = { ...consent(2), signedAt: after(2), evidenceKind: 'paper' } as const
  await said(t, paper, NOON, LOCAL_ID)
  await merge(t)
  expect(await outcome(t), 'entered before the merge').toBe('withdrawn')
  await said(t, { ...paper, version: 3, evidenceKind: 'document' }, after(2), LOCAL_ID)
  expect(await outcome(t), 'a copy of a document').toBe('withdrawn')
  await said(t, { ...paper, version: 4 }, after(3), LOCAL_ID)
  expect(await outcome(t)).toBe('given')
})

test.each([
  ['a merge of a withdrawn id', merge, (t: InwardRegion) => said(t, consent(2, 'withdrawn'))],
  ['a withdrawal under a merged id', (t: InwardRegion) => said(t, consent(2, 'withdrawn')), merge],
])('%s while the local system is asked stops the release', async (_, meanwhile, before) => {
  await using t = await inwardRegion()
  await before(t)
  t.ehr.manner = (asked, response) => {
    if (asked.type !== 'Condition') return sendJson(response, searchset(t.ehr.holds[asked.type] ?? []))
    meanwhile(t).then(() => sendJson(response, searchset(t.ehr.holds[asked.type] ?? [])))
  }
  expect(await outcome(t)).toBe('withdrawn')
})

test('a circle, which the hub refuses, is read to its end; what is in it narrows all of it', async () => {
  await using t = await inwardRegion()
  await merge(t)
  await merge(t, LOCAL_ID, FORMER)
  expect(await findFormerCopies(t.ctx.db, LOCAL_ID)).toEqual([{ localId: FORMER, mergedAt: after(1) }])
})

test('an id that is removed inherits nothing when it is given to somebody else', async () => {
  await using t = await inwardRegion()
  await merge(t, 'S-0008', FORMER)
  await merge(t)
  await said(t, consent(2, 'withdrawn'))
  expect(await outcome(t)).toBe('withdrawn')
  await t.ctx.db.transaction((tx) => endMergeCopies(tx, LOCAL_ID))
  expect(await outcome(t)).toBe('given')
  expect(await findFormerCopies(t.ctx.db, FORMER), 'other merges stay').toMatchObject([{ localId: 'S-0008' }])
})

test('which word is later, the order says and no clock', async () => {
  await using t = await inwardRegion()
  await said(t, { ...consent(2), signedAt: after(9), evidenceKind: 'paper' }, after(9), LOCAL_ID)
  await said(t, consent(2, 'withdrawn'))
  await merge(t)
  expect(await outcome(t), 'merged by a clock that stepped back').toBe('withdrawn')
  const dated = await t.ctx.db.transaction((tx) => afterMerged(tx, FORMER, NOON))
  expect(dated).toEqual(new Date(after(9).getTime() + 1))
})
