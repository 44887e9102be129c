import { expect, test } from 'vitest'
import { detailDigest, leafOf } from '../../src/audit/leaf.ts'
import { checkGateway, checkReceipts, faultsOf } from '../../src/gateway/index.ts'
import { receiptSigned } from '../../src/gateway/tables.ts'
import { randomId, randomSalt } from '../../src/kernel/ids.ts'
import { type InwardRegion, inwardRegion } from './inward-region.ts'

/** The entry by which an honest hub says that it got this answer, in its log. */
function nameIn(t: InwardRegion, mandate: string, receipt: string | null, state = 'complete'): void {
  const detail = JSON.stringify({ count: 3, mandate, receipt, region: 'sagamino', state })
  const [id, salt, at, kind] = [randomId(), randomSalt(), t.clock.now.toISOString(), 'source.answered']
  const leaf = Buffer.from(leafOf({ id, kind, at, digest: detailDigest(salt, detail) })).toString('base64url')
  t.hub.log.push(leaf)
  t.hub.entries.set(mandate, { leaf, entry: { id, kind, at, salt, detail } })
}

async function answered(t: InwardRegion): Promise<{ mandate: string; receipt: string }> {
  const sent = await t.prepare()
  expect((await t.send(sent)).status).toBe(200)
  const rows = await t.ctx.db.select().from(receiptSigned)
  const receipt = rows.find(({ mandateDigest }) => mandateDigest === sent.digests.mandate)?.digest ?? ''
  return { mandate: sent.digests.mandate, receipt }
}

const laterBy = (t: InwardRegion, minutes: number) => {
  t.clock.now = new Date(t.clock.now.getTime() + minutes * 60_000)
}

test('an answer that the hub’s log names is settled; before ten minutes nobody asks', async () => {
  await using t = await inwardRegion()
  const { mandate, receipt } = await answered(t)
  nameIn(t, mandate, receipt)
  expect(await checkReceipts(t.ctx)).toEqual({ named: 0, missed: 0, unchecked: 0 })
  laterBy(t, 11)
  expect(await checkReceipts(t.ctx)).toEqual({ named: 1, missed: 0, unchecked: 0 })
  expect(await checkReceipts(t.ctx)).toEqual({ named: 0, missed: 0, unchecked: 0 })
})

test('an answer that no entry names raises the alarm once, on record, and the check of the gateway fails', async () => {
  await using t = await inwardRegion()
  const { mandate, receipt } = await answered(t)
  laterBy(t, 11)
  expect(await checkReceipts(t.ctx)).toEqual({ named: 0, missed: 1, unchecked: 0 })
  expect(await checkReceipts(t.ctx)).toEqual({ named: 0, missed: 0, unchecked: 0 })
  expect((await t.entries()).at(-1)).toMatchObject({ kind: 'receipt.unnamed', detail: { mandate, receipt } })
  expect(faultsOf(await checkGateway(t.ctx)).wrong).toContain('receipt-unnamed')
})

test('an entry about another receipt, or one that no checkpoint covers, is no proof', async () => {
  await using t = await inwardRegion()
  const first = await answered(t)
  nameIn(t, first.mandate, 'x'.repeat(43))
  laterBy(t, 11)
  expect(await checkReceipts(t.ctx)).toMatchObject({ missed: 1 })
  expect((await t.entries()).at(-1)).toMatchObject({ kind: 'receipt.differs' })
  const second = await answered(t)
  nameIn(t, second.mandate, second.receipt)
  t.hub.log.pop()
  laterBy(t, 11)
  expect(await checkReceipts(t.ctx)).toMatchObject({ missed: 1 })
  expect((await t.entries()).at(-1)).toMatchObject({ kind: 'receipt.unnamed' })
})

test('an answer that came too late for the hub is what its log says, and no alarm', async () => {
  await using t = await inwardRegion()
  const { mandate } = await answered(t)
  nameIn(t, mandate, null, 'timeout')
  laterBy(t, 11)
  expect(await checkReceipts(t.ctx)).toEqual({ named: 1, missed: 0, unchecked: 0 })
})

test('a hub that does not answer is asked again', async () => {
  await using t = await inwardRegion()
  const { mandate, receipt } = await answered(t)
  nameIn(t, mandate, receipt)
  laterBy(t, 11)
  t.hub.isDown = true
  expect(await checkReceipts(t.ctx)).toEqual({ named: 0, missed: 0, unchecked: 1 })
  t.hub.isDown = false
  expect(await checkReceipts(t.ctx)).toEqual({ named: 1, missed: 0, unchecked: 0 })
})
