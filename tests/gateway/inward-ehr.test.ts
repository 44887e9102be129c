import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type Manner, searchset, sendJson } from './inward-ehr.ts'
import { ALLERGY, CONDITION, inwardRegion, LABORATORY, provenTexts, receiptOf } from './inward-region.ts'

const bundleOf = (count: number, pad = '') =>
  Array.from({ length: count }, (_, index) =>
    CONDITION.replace('"c1"', `"c-${index}"`).replace('高血圧症', `高血圧症${pad}`),
  )

/** The one type asked here, answered badly. */
const onlyConditions = { query: { items: ['condition' as const] } }

const FAULTS: [what: string, status: string, manner: Manner][] = [
  ['a login page', 'invalid', (_, r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
  [
    'JSON said to be HTML',
    'invalid',
    (_, r) => r.writeHead(200, { 'content-type': 'text/html' }).end(searchset([])),
  ],
  ['half a Bundle', 'invalid', (_, r) => sendJson(r, searchset([CONDITION]).slice(0, -9))],
  [
    'a key that stands twice',
    'invalid',
    (_, r) => sendJson(r, searchset([CONDITION.replace('"id"', '"id":"x","id"')])),
  ],
  [
    'an outcome with status 200',
    'invalid',
    (_, r) => sendJson(r, '{"resourceType":"OperationOutcome","issue":[]}'),
  ],
  ['another type than asked', 'invalid', (_, r) => sendJson(r, searchset([ALLERGY]))],
  [
    'a resource without an id',
    'invalid',
    (_, r) => sendJson(r, searchset([CONDITION.replace('"id":"c1",', '')])),
  ],
  [
    'an entry without a resource',
    'invalid',
    (_, r) => sendJson(r, '{"resourceType":"Bundle","type":"searchset","entry":[{}]}'),
  ],
  ['an internal error', 'invalid', (_, r) => r.writeHead(500).end()],
  ['a gateway error', 'unreachable', (_, r) => r.writeHead(502).end()],
  ['too many requests', 'busy', (_, r) => r.writeHead(429).end()],
  [
    'a body cut short',
    'invalid',
    (_, r) => r.writeHead(200, { 'content-length': '900' }).write('{', () => r.destroy()),
  ],
  ['no answer', 'unreachable', (_, r) => r.destroy()],
  [
    'gzip',
    'invalid',
    (_, r) =>
      r
        .writeHead(200, { 'content-type': 'application/fhir+json', 'content-encoding': 'gzip' })
        .end(gzipSync(searchset([CONDITION]))),
  ],
  [
    'Shift_JIS',
    'invalid',
    (_, r) => r.writeHead(200, { 'content-type': 'application/fhir+json' }).end(Buffer.from('8d82', 'hex')),
  ],
]

test('what the local system does wrong is named under a receipt, and never reads as none', async () => {
  await using t = await inwardRegion()
  for (const [what, status, manner] of FAULTS) {
    t.ehr.manner = manner
    const response = await t.send(await t.prepare(onlyConditions))
    expect(response.status, what).toBe(200)
    expect(await receiptOf(t, response), what).toMatchObject({ status, count: 0 })
    expect(await response.json(), what).toEqual({ resourceType: 'Bundle', type: 'searchset' })
    expect((await t.entries()).at(-1), what).toMatchObject({
      kind: 'gateway.answer',
      detail: { state: status },
    })
  }
})

test('one type that fails beside others that do not makes the answer partial', async () => {
  await using t = await inwardRegion()
  t.ehr.manner = (asked, response) => {
    if (asked.type === 'Condition') response.writeHead(500).end()
    else sendJson(response, searchset(t.ehr.holds[asked.type] ?? []))
  }
  const response = await t.send()
  expect((await receiptOf(t, response)).status).toBe('partial')
  expect(await provenTexts(t, response)).toEqual([ALLERGY, LABORATORY])
})

test('a local system that is down is unreachable already when the patient is looked for', async () => {
  await using t = await inwardRegion()
  await t.ehr[Symbol.asyncDispose]()
  expect(await receiptOf(t, await t.send())).toMatchObject({ status: 'unreachable', count: 0 })
})

test('a drip that never ends is cut at the one absolute deadline', async () => {
  await using t = await inwardRegion()
  t.ctx.ehrDeadlineMs = 300
  t.ehr.manner = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/fhir+json' })
    const drip = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(drip))
  }
  const started = performance.now()
  expect(await receiptOf(t, await t.send())).toMatchObject({ status: 'timeout', count: 0 })
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('pages are followed as long as they stay at home', async () => {
  await using t = await inwardRegion()
  const pages = bundleOf(3)
  t.ehr.manner = (asked, response) => {
    const page = Number(asked.form.get('page') ?? 0)
    const next = page < 2 ? `${t.ehr.url}/Condition?page=${page + 1}` : undefined
    sendJson(response, searchset(pages.slice(page, page + 1), next))
  }
  const response = await t.send(await t.prepare(onlyConditions))
  expect((await receiptOf(t, response)).status).toBe('complete')
  expect(await provenTexts(t, response)).toEqual(pages)
})

test('a next page that never ends stops at ten, and the answer says partial', async () => {
  await using t = await inwardRegion()
  t.ehr.manner = (_, response) => sendJson(response, searchset([CONDITION], `${t.ehr.url}/Condition?again`))
  const claims = await receiptOf(t, await t.send(await t.prepare(onlyConditions)))
  expect(claims).toMatchObject({ status: 'partial', count: 10 })
  expect(t.ehr.asked.filter(({ type }) => type === 'Condition')).toHaveLength(10)
})

test('a next page elsewhere is not followed', async () => {
  await using t = await inwardRegion()
  const elsewhere = [
    'http://127.0.0.1:1/fhir/Condition',
    'file:///etc/passwd',
    '/other/Condition',
    '//example.invalid/fhir',
  ]
  for (const next of elsewhere) {
    t.ehr.asked = []
    t.ehr.manner = (_, response) => sendJson(response, searchset([CONDITION], next))
    const response = await t.send(await t.prepare(onlyConditions))
    expect((await receiptOf(t, response)).status, next).toBe('partial')
    expect(t.ehr.asked, next).toHaveLength(2)
  }
})

test('a redirect is not followed', async () => {
  let calls = 0
  const elsewhere = createServer((_, response) => {
    calls += 1
    response.end()
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`
  await using t = await inwardRegion()
  t.ehr.manner = (_, response) => response.writeHead(307, { location }).end()
  expect(await receiptOf(t, await t.send())).toMatchObject({ status: 'invalid', count: 0 })
  expect(calls).toBe(0)
  await new Promise((resolve) => elsewhere.close(resolve))
})

test('more than 500 entries are cut there, and the answer says partial', async () => {
  await using t = await inwardRegion()
  t.ehr.manner = (_, response) => sendJson(response, searchset(bundleOf(510)))
  const response = await t.send(await t.prepare(onlyConditions))
  expect(await receiptOf(t, response)).toMatchObject({ status: 'partial', count: 500 })
  expect(await provenTexts(t, response)).toHaveLength(500)
})

test('an answer of 50 MB is cut off at 5 MiB, and the answer says partial', async () => {
  await using t = await inwardRegion()
  t.ehr.manner = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/fhir+json' })
    const block = Buffer.alloc(1024 * 1024, ' ')
    let sent = 0
    const write = () => {
      while (sent < 50 && !response.destroyed) {
        sent += 1
        if (!response.write(block)) return void response.once('drain', write)
      }
      response.end()
    }
    write()
  }
  expect(await receiptOf(t, await t.send(await t.prepare(onlyConditions)))).toMatchObject({
    status: 'partial',
    count: 0,
  })
})

test('two types that together pass 5 MiB are cut so that the hub takes the answer', async () => {
  await using t = await inwardRegion()
  const texts = bundleOf(30, 'x'.repeat(100_000))
  t.ehr.manner = (asked, response) =>
    sendJson(
      response,
      searchset(
        asked.type === 'Condition'
          ? texts
          : texts.map((text) => text.replace('"Condition"', '"MedicationRequest"')),
      ),
    )
  const response = await t.send(await t.prepare({ query: { items: ['condition', 'prescription'] } }))
  expect((await receiptOf(t, response)).status).toBe('partial')
  expect((await response.clone().arrayBuffer()).byteLength).toBeLessThan(5 * 1024 * 1024)
  expect((await provenTexts(t, response)).length).toBeGreaterThan(45)
})

const about = (subject: string) => CONDITION.replace('"subject":{"reference":"Patient/p1"}', subject)

const WRONG: [whom: string, resource: string][] = [
  ['another patient', about('"subject":{"reference":"Patient/p2"}')],
  ['nobody', about('"recordedDate":"2026-05-01"')],
  ['a patient named by display only', about('"subject":{"display":"横浜 花子"}')],
  ['a patient named by identifier only', about('"subject":{"identifier":{"value":"S-0001"}}')],
  [
    'another patient by identifier',
    about(
      '"subject":{"reference":"Patient/p1","identifier":{"system":"urn:oid:2.999.14.1.2","value":"S-2"}}',
    ),
  ],
  [
    'a contained patient',
    about('"subject":{"reference":"#p"},"contained":[{"resourceType":"Patient","id":"p"}]'),
  ],
  [
    'somebody else inside',
    about(
      '"subject":{"reference":"Patient/p1"},"contained":[{"resourceType":"Observation","id":"o","subject":{"reference":"Patient/p2"}}]',
    ),
  ],
  ['contained things that are none', about('"subject":{"reference":"Patient/p1"},"contained":{"id":"p"}')],
  ['two subjects', about('"subject":{"reference":"Patient/p1"},"patient":{"reference":"Patient/p2"}')],
]

test('one of many records about somebody else, or about nobody, condemns the whole answer', async () => {
  await using t = await inwardRegion()
  for (const [whom, wrong] of WRONG) {
    t.ehr.holds.Condition = [...bundleOf(20), wrong.replace('"c1"', '"c-wrong"'), ...bundleOf(3)]
    const response = await t.send()
    expect(response.status, whom).toBe(200)
    expect(await receiptOf(t, response), whom).toMatchObject({ status: 'wrong-person', count: 0 })
    expect(await response.json(), whom).toEqual({ resourceType: 'Bundle', type: 'searchset' })
    expect((await t.entries()).at(-1), whom).toMatchObject({
      kind: 'answer.condemned',
      detail: { state: 'wrong-person' },
    })
  }
})
