import { expect, test } from 'vitest'
import { splitPerson } from '../../src/identity/review/index.ts'
import { outbox } from '../../src/kernel/outbox-tables.ts'
import {
  callClaims,
  freshClaims,
  generateSigningKey,
  type Notice,
  noticeClaimsSchema,
  signToken,
  verifyingKey,
  verifyToken,
} from '../../src/trust/index.ts'
import { NOON } from '../support/test-context.ts'
import { MINATO, SAGAMINO, testIndex } from './index-app.ts'

type Index = Awaited<ReturnType<typeof testIndex>>

async function letters(t: Index): Promise<{ destination: string; subject: string; notice: Notice }[]> {
  const rows = await t.context.db.select().from(outbox).orderBy(outbox.id)
  return rows
    .map(({ destination, subject, body }) => ({ destination, subject, notice: JSON.parse(body) as Notice }))
    .filter(({ notice }) => notice.kind === 'links-changed')
}

/** The one patient of a message, with the ids it is linked to. */
function told(notice: Notice): { patient: string; links: string[] } {
  if (notice.kind !== 'links-changed') throw new Error('Another kind of notice.')
  const message = JSON.parse(notice.message)
  expect(message).toMatchObject({ resourceType: 'Bundle', type: 'message' })
  const [header, history] = message.entry
  expect(header.resource.eventUri).toBe('urn:ihe:iti:pmir:2019:patient-feed')
  expect(header.resource.focus).toEqual([{ reference: history.fullUrl }])
  const [{ resource, request }] = history.resource.entry
  expect(request.method).toBe('PUT')
  const links = (resource.link ?? []) as { other: { identifier: { value: string } } }[]
  return { patient: resource.identifier[0].value, links: links.map(({ other }) => other.identifier.value) }
}

test('a region is told which of its own ids are one resident, and when they are no longer', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  expect(await letters(t)).toEqual([])
  await t.put(MINATO, 'M-2', { phone: null })
  const first = await letters(t)
  expect(first.map(({ destination, subject }) => [destination, subject])).toEqual([
    ['minato', 'patient:M-1'],
    ['minato', 'patient:M-2'],
  ])
  expect(first.map(({ notice }) => told(notice))).toEqual([
    { patient: 'M-1', links: ['M-2'] },
    { patient: 'M-2', links: ['M-1'] },
  ])
  await t.context.db.transaction((tx) =>
    splitPerson(tx, [{ region: 'minato', localId: 'M-2' }], {
      by: { region: 'minato', clerk: 'clerk-1' },
      ...{ reason: '別人', at: NOON },
    }),
  )
  expect((await letters(t)).slice(2).map(({ notice }) => told(notice))).toEqual([
    { patient: 'M-1', links: [] },
    { patient: 'M-2', links: [] },
  ])
})

test('nobody is told that somebody is registered elsewhere', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  await t.put(SAGAMINO, 'S-1')
  await t.put(SAGAMINO, 'S-1', { birthDate: '1961-02-08' })
  await t.remove(SAGAMINO, 'S-1')
  expect(await letters(t)).toEqual([])
})

test('whoever remains is told of a removal and of a merge', async () => {
  await using t = await testIndex()
  for (const id of ['M-1', 'M-2', 'M-3']) await t.put(MINATO, id)
  await t.remove(MINATO, 'M-1')
  const link = [
    { type: 'replaced-by', other: { identifier: { system: MINATO.patientSystem, value: 'M-3' } } },
  ]
  await t.put(MINATO, 'M-2', {}, { active: false, link })
  const last = (await letters(t)).slice(5).map(({ notice }) => told(notice))
  expect(last).toEqual([
    { patient: 'M-2', links: ['M-3'] },
    { patient: 'M-3', links: ['M-2'] },
    { patient: 'M-3', links: [] },
  ])
})

test('a change that is taken back tells nobody', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  await t.put(MINATO, 'M-2', { birthDate: '1961-02-08' })
  const refused = await t.put(MINATO, 'M-2', {}, { active: true, gender: 'f' })
  expect(refused.status).toBe(422)
  expect(await letters(t)).toEqual([])
})

test('a notice with the longest ids fits its token', async () => {
  await using t = await testIndex()
  const ids = Array.from({ length: 8 }, (_, at) => `${at}`.padEnd(128, '診'))
  for (const id of ids) await t.put(MINATO, id, { phone: null })
  const [longest] = (await t.context.db.select().from(outbox)).sort((a, b) => b.body.length - a.body.length)
  const key = await generateSigningKey('ES256')
  const notice = JSON.parse(longest?.body ?? '') as Notice
  const call = { method: 'POST', url: 'https://gateway.example/notices', body: '' } as const
  const claims = {
    ...freshClaims('https://hub.example', 'minato', NOON),
    ...callClaims(call),
    letter: 1,
    notice,
  }
  const token = await signToken(key, 'tsunagi-notice+jwt', claims)
  const verified = await verifyToken(token, {
    ...{ typ: 'tsunagi-notice+jwt', schema: noticeClaimsSchema, audience: 'minato', now: NOON },
    keyOf: async () => ({ ...(await verifyingKey(key.publicJwk)), owner: 'https://hub.example' }),
  })
  expect(told(verified.claims.notice).patient).toMatch(/診$/)
})
