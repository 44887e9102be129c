import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { region } from '../../src/registry/tables.ts'
import { generateSigningKey, rootOfTexts, sha256, tokenDigest } from '../../src/trust/index.ts'
import { type Item, SYSTEMS } from '../../src/vocabulary/index.ts'
import type { PeerAnswer } from '../support/peer-gateway.ts'
import { NOON } from '../support/test-context.ts'
import { queryCall, type TestHub } from '../support/test-hub.ts'
import { allergy, askWhile, HONEST, readAnswer, records, threeRegions } from './ask-three.ts'

/** Cases A30, E1 to E19: one region at fault is named as such, gives nothing, and costs the others nothing. */
const FROM_MINATO = allergy('from-minato')
const LABORATORY = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }],
}
const CANARY = 'カナリア'
const SHOUT = allergy('shout', { code: { text: CANARY } })

let t: TestHub
beforeAll(async () => {
  t = await threeRegions()
})
afterAll(() => t[Symbol.asyncDispose]())

async function expectState(state: string, answer: PeerAnswer): Promise<void> {
  const { text, states, bundle } = await askWhile(t, answer)
  expect(states).toEqual({ minato: state, sagamino: 'complete' })
  expect(text).toContain(HONEST)
  expect(text).not.toContain(CANARY)
  expect(text).not.toMatch(/denied|not-linked/)
  expect(bundle.meta.tag[0].code).toBe(state === 'complete' || state === 'empty' ? 'complete' : 'partial')
  const [release] = (await records(t, 'query.release')).slice(-1)
  expect(release?.sources).toMatchObject([
    { region: 'minato', state },
    { region: 'sagamino', state: 'complete' },
  ])
}

describe('an honest answer', () => {
  test('complete', async () => {
    await expectState('complete', { resources: [FROM_MINATO] })
  })
  test('empty is an answer too', async () => {
    await expectState('empty', { resources: [] })
  })
  test('partial, with what there is, and with nothing', async () => {
    await expectState('partial', { resources: [FROM_MINATO], status: 'partial' })
    await expectState('partial', { status: 'partial' })
  })
  test('maintenance, as the region itself says', async () => {
    await expectState('maintenance', { status: 'maintenance' })
  })
  test('500 entries are taken', async () => {
    await expectState('complete', { resources: Array.from({ length: 500 }, (_, n) => allergy(`a${n}`)) })
  })
})

describe('the private states are nobody’s to see', () => {
  test.each<[string, PeerAnswer]>([
    ['denied', { status: 'denied', httpStatus: 403 }],
    ['denied in a searchset', { status: 'denied' }],
    ['not linked', { status: 'not-linked' }],
  ])('%s: the region is not named, and the answer reads as whole', async (_, answer) => {
    const { text, states, bundle } = await askWhile(t, answer)
    expect(states).toEqual({ sagamino: 'complete' })
    expect(bundle.meta.tag[0].code).toBe('complete')
    expect(text).not.toMatch(/minato|denied|not-linked|みなと/)
    expect(text).toContain('その他の地域：登録なし、または提供なし')
  })
  test('403 as for anybody when every region denies, and the log knows which did', async () => {
    t.gateways.sagamino.answers(() => ({ status: 'denied', httpStatus: 403 }))
    t.gateways.minato.answers(() => ({ status: 'denied', httpStatus: 403 }))
    const response = await t.send('shiokaze', queryCall('shiokaze'))
    t.gateways.sagamino.answers(() => ({ resources: [HONEST] }))
    expect(response.status).toBe(403)
    expect(await response.text()).not.toMatch(/minato|sagamino|denied/)
    const [release] = (await records(t, 'query.release')).slice(-1)
    expect(release?.sources).toMatchObject([
      { region: 'minato', state: 'denied', count: 0, receipt: expect.any(String) },
      { region: 'sagamino', state: 'denied', count: 0 },
    ])
  })
})

describe('invalid: a receipt that does not prove the answer', () => {
  test('unsigned', () => expectState('invalid', { resources: [SHOUT], isUnsigned: true }))
  test('signed with a key nobody knows', async () =>
    expectState('invalid', { resources: [SHOUT], key: await generateSigningKey('ES256') }))
  test('signed with another region’s key', () =>
    expectState('invalid', { resources: [SHOUT], key: t.keys.sagamino }))
  test('signed as another region, with that region’s key', () =>
    expectState('invalid', { resources: [SHOUT], key: t.keys.sagamino, receipt: { iss: 'sagamino' } }))
  test('two receipts', () =>
    expectState('invalid', { resources: [SHOUT], headers: { 'Tsunagi-Receipt': 'a.b.c' } }))

  const of = sha256('another')
  test.each<[string, PeerAnswer['receipt']]>([
    ['of another request', { req: of }],
    ['of another mandate', { man: of }],
    ['of no mandate', { man: undefined }],
    ['with another root', { root: of }],
    ['with the root of nothing', { root: Buffer.from(rootOfTexts([])).toString('base64url') }],
    ['that counts one more', { count: 2 }],
    ['that counts none', { count: 0 }],
    ['for another hub', { aud: 'https://other.example' }],
    ['of yesterday', { iat: NOON.getTime() / 1000 - 86_400, exp: NOON.getTime() / 1000 - 86_340 }],
    ['of tomorrow', { iat: NOON.getTime() / 1000 + 86_400, exp: NOON.getTime() / 1000 + 86_460 }],
    ['valid for a day', { exp: NOON.getTime() / 1000 + 86_400 }],
    ['without a promise', { promise: undefined as never }],
    ['with a claim nobody knows', { extra: 1 } as object],
    ['that says denied', { status: 'denied' }],
    ['that says empty', { status: 'empty' }],
    ['that names no patient', { patient: undefined }],
    ['that names a group', { patient: 'Group/p' }],
  ])('%s', async (_, receipt) => expectState('invalid', { resources: [SHOUT], receipt }))

  test('E17: the receipt of the answer before', async () => {
    const kept: string[] = []
    await askWhile(t, {
      resources: [FROM_MINATO],
      byHand: (outgoing, { text, headers }) => {
        kept.push(headers['tsunagi-receipt'] ?? '')
        outgoing.writeHead(200, headers).end(text)
      },
    })
    await expectState('invalid', { resources: [FROM_MINATO], headers: { 'tsunagi-receipt': kept[0] ?? '' } })
  })
  test('A30: the receipt that another region gave for the same request', async () => {
    const { calls } = t.gateways.sagamino
    const mandate = () => tokenDigest(calls.at(-1)?.mandate ?? '')
    await expectState('invalid', { resources: [SHOUT], receipt: { man: mandate() } })
  })
})

describe('E18, E6 to E9, E20: invalid, what the receipt was not made over', () => {
  const bundle = (...resources: string[]) =>
    `{"resourceType":"Bundle","type":"searchset","entry":[${resources.map((each) => `{"resource":${each}}`).join()}]}`
  const reordered = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(SHOUT)).reverse()))
  test.each<[string, string]>([
    ['a changed character', bundle(SHOUT.replace(CANARY, `${CANARY}!`))],
    ['a space more', bundle(SHOUT.replace('{', '{ '))],
    ['other order of the same keys', bundle(reordered)],
    ['an entry more', bundle(SHOUT, SHOUT)],
    ['an entry less', bundle()],
    ['an entry without a resource', bundle(SHOUT).replace(']}', ',{"fullUrl":"urn:x"}]}')],
    ['two resources in an entry', bundle(SHOUT).replace('{"resource":', `{"resource":${SHOUT},"resource":`)],
    ['another type of Bundle', bundle(SHOUT).replace('searchset', 'collection')],
    ['another type of resource', bundle(SHOUT).replace('"Bundle"', '"Parameters"')],
    ['an OperationOutcome', '{"resourceType":"OperationOutcome","issue":[]}'],
    ['a list', `[${bundle(SHOUT)}]`],
    ['a page to log in', `<!doctype html><title>${CANARY}</title>`],
    ['XML', `<Bundle xmlns="http://hl7.org/fhir"><entry>${CANARY}</entry></Bundle>`],
    ['half of it', bundle(SHOUT).slice(0, -20)],
    ['something behind it', `${bundle(SHOUT)}{}`],
    ['a byte order mark', `\ufeff${bundle(SHOUT)}`],
    [
      'a duplicate key',
      bundle(SHOUT).replace('{"resourceType":"Bundle"', '{"resourceType":"Bundle","resourceType":"Bundle"'),
    ],
    ['a thousand levels', `${'['.repeat(1_000)}${']'.repeat(1_000)}`],
    ['nothing', ''],
  ])('%s', (_, text) => expectState('invalid', { resources: [SHOUT], text }))

  test('501 entries', () =>
    expectState('invalid', { resources: Array.from({ length: 501 }, (_, n) => allergy(`a${n}`)) }))
  test('a resource without an id, or with one that could break out of a URL', async () => {
    for (const id of [undefined, '', 'a/b', '../x', 'a"b', 'x'.repeat(65), 7]) {
      await expectState('invalid', { resources: [allergy('x', { id, code: { text: CANARY } })] })
    }
  })
  test('a receipt that names no patient, over a record that refers to nobody', () =>
    expectState('invalid', {
      resources: [allergy('x', { code: { text: CANARY }, patient: { reference: '' } })],
      receipt: { patient: undefined },
    }))
  test('JSON under another content type, or none', async () => {
    for (const contentType of ['text/html', 'application/fhir+xml', 'text/plain', '']) {
      await expectState('invalid', { resources: [SHOUT], contentType })
    }
  })
  test('bytes that are not UTF-8', () =>
    expectState('invalid', {
      resources: [SHOUT],
      byHand: (outgoing, { headers }) =>
        outgoing.writeHead(200, headers).end(Buffer.from([0x7b, 0x93, 0xfa, 0x7d])),
    }))
  test('the connection cut in the middle', () =>
    expectState('invalid', {
      resources: [SHOUT],
      byHand: (outgoing, { text, headers }) => {
        outgoing.writeHead(200, { ...headers, 'content-length': String(Buffer.byteLength(text)) })
        outgoing.write(text.slice(0, 50), () => outgoing.destroy())
      },
    }))
})

describe('invalid: items that the mandate does not permit', () => {
  test.each<[string, object]>([
    ['a type that no item has', { resourceType: 'Patient', id: 'p', subject: { reference: 'Patient/p' } }],
    [
      'an Observation of no item',
      { resourceType: 'Observation', id: 'o', code: { text: 'x' }, subject: { reference: 'Patient/p' } },
    ],
    ['a Provenance of its own', { resourceType: 'Provenance', id: 'v', subject: { reference: 'Patient/p' } }],
    [
      'an OperationOutcome',
      { resourceType: 'OperationOutcome', id: 'x', subject: { reference: 'Patient/p' } },
    ],
    ['a Bundle', { resourceType: 'Bundle', id: 'b', patient: { reference: 'Patient/p' } }],
  ])('%s', async (_, resource) => {
    await expectState('invalid', { resources: [FROM_MINATO, JSON.stringify(resource)] })
  })
  test.each<[string, object]>([
    [
      'past history under diseases',
      { category: [{ coding: [{ system: SYSTEMS.item, code: 'past-history' }] }] },
    ],
    ['a result inside a disease', { contained: [{ resourceType: 'Observation', category: [LABORATORY] }] }],
  ])('%s', async (_, more) => {
    const condition = { resourceType: 'Condition', id: 'c', subject: { reference: 'Patient/p' }, ...more }
    t.gateways.minato.answers(() => ({ resources: [JSON.stringify(condition)] }))
    const ask = async (...items: Item[]) =>
      (await readAnswer(await t.send('shiokaze', queryCall('shiokaze', { items })))).states.minato
    expect(await ask('condition', 'allergy-drug')).toBe('invalid')
    expect(await ask('condition', 'allergy-drug', 'past-history', 'laboratory')).toBe('complete')
  })
  test('an item that was not asked for', async () => {
    t.gateways.minato.answers(() => ({ resources: [FROM_MINATO] }))
    const asked = await t.send('shiokaze', queryCall('shiokaze', { items: ['condition', 'allergy-other'] }))
    const { text, states } = await readAnswer(asked)
    expect(states).toEqual({ minato: 'invalid', sagamino: 'invalid' })
    expect(text).not.toContain('ロキソプロフェン')
  })
})

describe('E10 to E13: other answers than 200', () => {
  test.each<[number, string]>([
    [204, 'invalid'],
    [206, 'invalid'],
    [400, 'invalid'],
    [401, 'invalid'],
    [404, 'invalid'],
    [418, 'invalid'],
    [500, 'invalid'],
    [429, 'busy'],
    [503, 'busy'],
    [502, 'unreachable'],
    [504, 'unreachable'],
  ])('%d is %s', async (httpStatus, state) => {
    await expectState(state, { resources: [SHOUT], httpStatus, headers: { 'retry-after': '3600' } })
    await expectState(state, { httpStatus, isUnsigned: true, text: CANARY })
  })

  test.each([301, 302, 303, 307, 308])('%d: the redirect is not followed', async (httpStatus) => {
    let connections = 0
    const elsewhere = createServer().on('connection', () => connections++)
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/fhir/_search`
    await expectState('invalid', { resources: [SHOUT], httpStatus, headers: { location } })
    await expectState('invalid', {
      resources: [SHOUT],
      httpStatus,
      headers: { location: t.gateways.minato.url },
    })
    expect(connections).toBe(0)
    await new Promise((resolve) => elsewhere.close(resolve))
  })

  test.each<[string, (text: string) => Buffer]>([
    ['gzip', (text) => gzipSync(text)],
    ['br', (text) => brotliCompressSync(text)],
    ['x-gzip', (text) => gzipSync(text)],
    ['gzip, identity', (text) => gzipSync(text)],
  ])('content encoding %s is not decoded', (encoding, encode) =>
    expectState('invalid', {
      resources: [SHOUT],
      byHand: (outgoing, { text, headers }) =>
        outgoing.writeHead(200, { ...headers, 'content-encoding': encoding }).end(encode(text)),
    }),
  )

  test('over 5 MiB is cut off, whether its length is said or not', async () => {
    const giant = 'x'.repeat(6 * 1024 * 1024)
    await expectState('invalid', { resources: [SHOUT], text: giant })
    await expectState('invalid', {
      resources: [SHOUT],
      byHand: (outgoing, { headers }) => {
        outgoing.writeHead(200, headers)
        const more = (): void => {
          while (!outgoing.destroyed && outgoing.write(giant.slice(0, 65_536)));
          if (!outgoing.destroyed) outgoing.once('drain', more)
        }
        more()
      },
    })
  })
})

describe('E1: unreachable', () => {
  test.each([
    ['nobody listens', 'http://127.0.0.1:9'],
    ['no gateway is registered', null],
  ])('%s', async (_, gatewayUrl) => {
    const at = (url: string | null) =>
      t.db.update(region).set({ gatewayUrl: url }).where(eq(region.id, 'minato'))
    await at(gatewayUrl)
    try {
      await expectState('unreachable', {})
    } finally {
      await at(t.gateways.minato.url)
    }
  })
  test('the connection is closed without a word', () =>
    expectState('unreachable', { byHand: (outgoing) => outgoing.destroy() }))
})
