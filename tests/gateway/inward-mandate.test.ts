import { expect, test } from 'vitest'
import { generateSigningKey, type MandateClaims, sha256 } from '../../src/trust/index.ts'
import { NOON } from '../support/test-context.ts'
import { type Changes, codeOf, type InwardRegion, inwardRegion, type Sent } from './inward-region.ts'

/** Whatever is wrong, nobody is asked anything and nothing is told. */
async function expectRefused(t: InwardRegion, sent: Partial<Sent>, code: string): Promise<void> {
  const response = await t.send(sent)
  expect(response.headers.get('tsunagi-receipt')).toBeNull()
  expect([response.status, await codeOf(response)]).toEqual([401, code])
  expect(t.ehr.asked).toEqual([])
}

const seconds = (at: Date) => Math.floor(at.getTime() / 1000)

test('401 for a mandate or request that nobody pinned signed', async () => {
  await using t = await inwardRegion()
  const stranger = await generateSigningKey('ES256')
  await expectRefused(t, await t.prepare({ mandateKey: stranger }), 'signing-key-unknown')
  await expectRefused(t, await t.prepare({ requestKey: stranger }), 'signing-key-unknown')
  expect(await t.entries()).toEqual([])
})

test('401 for a mandate signed with a key the hub has for another use, or with the asking region’s', async () => {
  await using t = await inwardRegion()
  await expectRefused(t, await t.prepare({ mandateKey: t.hub.keys.receipt }), 'signing-key-unknown')
  await expectRefused(t, await t.prepare({ mandateKey: t.hub.keys.directory }), 'signing-key-unknown')
  await expectRefused(t, await t.prepare({ mandateKey: t.asker }), 'signing-key-unknown')
})

test('401 for an altered token, a missing one, two of them, and one of another type', async () => {
  await using t = await inwardRegion()
  const sent = await t.prepare()
  const [header, payload, signature] = sent.mandate.split('.') as [string, string, string]
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const altered = Buffer.from(JSON.stringify({ ...claims, patient: { ...claims.patient, value: 'S-0002' } }))
  const forged = `${header}.${altered.toString('base64url')}.${signature}`
  await expectRefused(t, { ...sent, mandate: forged }, 'signature-invalid')
  await expectRefused(t, { ...sent, request: '' }, 'token-missing')
  await expectRefused(t, { ...sent, request: `${sent.request}, ${sent.request}` }, 'token-missing')
  await expectRefused(t, { ...sent, mandate: sent.request }, 'token-type')
  await expectRefused(t, { ...sent, request: sent.mandate }, 'token-type')
})

test('401 for a mandate with a claim that stands twice', async () => {
  await using t = await inwardRegion()
  const sent = await t.prepare()
  const [header, payload, signature] = sent.mandate.split('.') as [string, string, string]
  const text = Buffer.from(payload, 'base64url').toString()
  const doubled = Buffer.from(`${text.slice(0, -1)},"aud":"sagamino"}`).toString('base64url')
  await expectRefused(t, { ...sent, mandate: `${header}.${doubled}.${signature}` }, 'token-invalid')
})

test('401 for a mandate to another region, of another hub, or past its time', async () => {
  await using t = await inwardRegion()
  await expectRefused(t, await t.prepare({ mandate: { aud: 'shiokaze' } }), 'token-audience')
  await expectRefused(t, await t.prepare({ mandate: { iss: 'https://other.example' } }), 'token-issuer')
  const late = await t.prepare()
  t.clock.now = new Date(t.clock.now.getTime() + 121_000)
  await expectRefused(t, late, 'token-time')
})

test('401 when the mandate was signed for another method, URL or body', async () => {
  await using t = await inwardRegion()
  const others: Partial<MandateClaims>[] = [
    { htm: 'GET' },
    { htu: 'http://127.0.0.1:1/fhir/_search' },
    { bod: sha256('another body') },
  ]
  for (const mandate of others) await expectRefused(t, await t.prepare({ mandate }), 'call-mismatch')
})

test('401 when the body is not the one call that the mandate implies', async () => {
  await using t = await inwardRegion()
  const { body } = await t.prepare()
  for (const other of [`${body}&_include=*`, body.replace('Condition', 'Binary'), `${body}&${body}`]) {
    await expectRefused(
      t,
      await t.prepare({ mandate: { bod: sha256(other) } }).then((sent) => ({ ...sent, body: other })),
      'call-mismatch',
    )
  }
})

const CONTRADICTIONS: [what: string, changes: Changes][] = [
  [
    'more items than were asked for',
    { query: { items: ['condition'] }, mandate: { items: ['condition', 'infection'] } },
  ],
  ['another request', { mandate: { req: sha256('another') } }],
  ['another user', { mandate: { act: { sub: 'HUB', act: { sub: 'minato', act: { sub: 'dr-mori' } } } } }],
  ['another patient domain', { mandate: { patient: { system: 'urn:oid:2.999.14.1.3', value: 'S-0001' } } }],
  ['a promise for next year', { mandate: { promise: { leaf: sha256('x'), by: '2027-06-01T00:00:00Z' } } }],
]

test('401 for a mandate that goes beyond its request; the contradiction is kept as evidence', async () => {
  await using t = await inwardRegion()
  for (const [what, changes] of CONTRADICTIONS) {
    const sent = await t.prepare(withHub(changes, t.hub.url))
    await expectRefused(t, sent, 'mandate-mismatch')
    expect((await t.entries()).at(-1), what).toMatchObject({
      kind: 'gateway.refusal',
      detail: { mandate: sent.digests.mandate, mismatch: expect.any(String) },
    })
  }
})

/** The chain of actors starts with the hub, whose URL only the running test knows. */
function withHub(changes: Changes, sub: string): Changes {
  const act = changes.mandate?.act
  return act === undefined ? changes : { ...changes, mandate: { ...changes.mandate, act: { ...act, sub } } }
}

test('401 for a mandate that outlives its request', async () => {
  await using t = await inwardRegion()
  const now = seconds(t.clock.now)
  const changes = { request: { iat: now - 70, exp: now - 10 }, mandate: { exp: now + 60 } }
  await expectRefused(t, await t.prepare(changes), 'mandate-mismatch')
})

test('401 for a request that is no query, for another hub, or of this very region', async () => {
  await using t = await inwardRegion()
  const feed = await t.prepare({ request: { sub: undefined, extensions: undefined } })
  await expectRefused(t, feed, 'mandate-mismatch')
  await expectRefused(t, await t.prepare({ request: { aud: 'https://other.example' } }), 'token-audience')
  await expectRefused(t, await t.prepare({ request: { iss: 'sagamino' } }), 'token-issuer')
})

test('the same mandate works once, also at the same moment, and the replay is on record', async () => {
  await using t = await inwardRegion()
  const sent = await t.prepare()
  const answers = await Promise.all([t.send(sent), t.send(sent), t.send(sent)])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401])
  const kinds = (await t.entries()).map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'replay.refused')).toHaveLength(2)
  expect(kinds.filter((kind) => kind === 'gateway.mandate')).toHaveLength(1)
})

test('one request opens one patient here: a second mandate for it is refused', async () => {
  await using t = await inwardRegion()
  const claims = { jti: 'a'.repeat(22) }
  expect((await t.send(await t.prepare({ request: claims }))).status).toBe(200)
  const other = { system: 'urn:oid:2.999.14.1.2', value: 'S-0002' }
  const second = await t.send(await t.prepare({ request: claims, mandate: { patient: other } }))
  expect([second.status, await codeOf(second)]).toEqual([401, 'token-replayed'])
})

test('one leaf promises one attempt: a mandate that names another’s is refused', async () => {
  await using t = await inwardRegion()
  const promise = { leaf: sha256('one leaf for all'), by: new Date(NOON.getTime() + 60_000).toISOString() }
  expect((await t.send(await t.prepare({ mandate: { promise } }))).status).toBe(200)
  const second = await t.send(await t.prepare({ mandate: { promise } }))
  expect([second.status, await codeOf(second)]).toEqual([401, 'token-replayed'])
})

test('a form and a POST, or nothing', async () => {
  await using t = await inwardRegion()
  const url = `${t.ctx.publicUrl}/fhir/_search`
  expect((await fetch(url)).status).toBe(405)
  expect(
    (await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }))
      .status,
  ).toBe(415)
  expect((await fetch(`${t.ctx.publicUrl}/fhir/Patient`)).status).toBe(404)
  expect((await fetch(`${t.ctx.publicUrl}/livez`)).status).toBe(200)
})
