import { describe, expect, test } from 'vitest'
import { checkAnswer, checkDenial } from '../../src/gateway/check-answer.ts'
import { EMPTY_ROOT, freshClaims, generateSigningKey, sha256 } from '../../src/trust/index.ts'
import { NOON } from '../support/test-context.ts'
import {
  ASKING,
  expectedOf,
  HUB_URL,
  makePeers,
  type PeerAnswer,
  peerAnswer,
  promiseOf,
  receiptOf,
} from './local-peer.ts'

const REQUEST = sha256('the request')
const POTASSIUM =
  '{"resourceType":"Observation","id":"k-1","subject":{"reference":"Patient/7"},"valueQuantity":{"value":7.10}}'
const PENICILLIN =
  '{"resourceType":"AllergyIntolerance","id":"a-1","patient":{"reference":"Patient/7"},"code":{"text":"ペニシリン"}}'
const ASTHMA =
  '{"resourceType":"Condition","id":"c-9","subject":{"reference":"Patient/x"},"code":{"text":"喘息"}}'

const peers = await makePeers()
const stranger = await generateSigningKey('ES256')

/** What the gateway makes of an answer, by default of an honest one of two sources. */
async function check(options: Partial<PeerAnswer>, altered: (text: string) => string = (text) => text) {
  const { text, receipt } = await peerAnswer(peers, {
    request: REQUEST,
    sources: [
      { region: 'sagamino', status: 'complete', texts: [POTASSIUM, PENICILLIN] },
      { region: 'shiokaze', status: 'complete', texts: [ASTHMA] },
    ],
    ...options,
  })
  return checkAnswer({ text: altered(text), receipt }, expectedOf(peers, REQUEST))
}

test('every record comes back under its source, with the text its holder signed', async () => {
  const answer = await check({})
  expect(answer.isComplete).toBe(true)
  expect(answer.sources).toMatchObject([
    { region: 'sagamino', state: 'complete', elapsedMs: 12 },
    { region: 'shiokaze', state: 'complete' },
  ])
  expect(answer.sources[0]?.records.map(({ text }) => text)).toEqual([POTASSIUM, PENICILLIN])
  expect(answer.sources[0]?.receipt).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(answer.promise).toEqual(promiseOf(NOON, REQUEST))
})

test('empty is proven by the source; silent is the hub’s word, and the answer is not complete', async () => {
  const answer = await check({
    sources: [
      { region: 'sagamino', status: 'empty', texts: [] },
      { region: 'shiokaze', status: 'timeout', texts: [], isSilent: true },
    ],
  })
  expect(answer.isComplete).toBe(false)
  expect(answer.sources).toMatchObject([
    { state: 'empty', records: [] },
    { state: 'timeout', records: [], receipt: undefined },
  ])
})

test('a source whose answer the hub condemned is named without records, its receipt standing', async () => {
  const condemned = {
    region: 'sagamino' as const,
    status: 'wrong-person' as const,
    texts: [],
    receipt: { status: 'complete' as const, count: 2, root: sha256('two records') },
  }
  const answer = await check({ sources: [condemned] })
  expect(answer.sources).toMatchObject([{ state: 'wrong-person', records: [] }])
})

test('the hub may call partial what its source called complete or empty, and then the answer is not complete', async () => {
  const answer = await check({
    sources: [
      { region: 'sagamino', status: 'partial', texts: [POTASSIUM], receipt: { status: 'complete' } },
      { region: 'shiokaze', status: 'partial', texts: [], receipt: { status: 'empty' } },
    ],
  })
  expect(answer).toMatchObject({ isComplete: false, sources: [{ records: [{}] }, { records: [] }] })
})

test('a handle and a resource given twice pass', async () => {
  const answer = await check({
    handle: 'opaque-handle',
    sources: [{ region: 'sagamino', status: 'complete', texts: [POTASSIUM, POTASSIUM] }],
  })
  expect(answer).toMatchObject({ handle: 'opaque-handle', sources: [{ records: [{}, {}] }] })
})

describe('an answer is condemned whole when', () => {
  const others = { region: 'shiokaze', status: 'complete', texts: [ASTHMA] } as const
  const sagamino = { region: 'sagamino', status: 'complete', texts: [POTASSIUM] } as const
  const withSagamino = (changes: object): Partial<PeerAnswer> => ({
    sources: [
      { ...sagamino, texts: [POTASSIUM], ...changes },
      { ...others, texts: [ASTHMA] },
    ],
  })
  const retarget = (reference: string) => ({
    provenance: (resource: Record<string, unknown>) => {
      resource.target = [{ reference }]
    },
  })

  test.each<[string, Partial<PeerAnswer>, string]>([
    [
      'the hub alters a record and signs over the altered one',
      { alter: ([first = '', ...rest]) => [first.replace('7.10', '5.10'), ...rest] },
      'entries-differ',
    ],
    [
      'precision is lost, though the value is the same',
      { alter: ([first = '', ...rest]) => [first.replace('7.10', '7.1'), ...rest] },
      'entries-differ',
    ],
    ['every source is left out', { sources: [] }, 'states-differ'],
    [
      'the hub puts its leaf off for a year',
      { receipt: { promise: { leaf: sha256('a leaf'), by: '2027-06-01T00:00:00Z' } } },
      'promise-late',
    ],
    [
      'a record’s hash is spelled in another way',
      withSagamino({
        provenance: (resource: Record<string, unknown>) => {
          const next = (last: string) => String.fromCharCode(last.charCodeAt(0) + 1)
          resource.entity = JSON.parse(
            JSON.stringify(resource.entity).replace(/(?<=[\w-]{42})[\w-](?=")/, next),
          )
        },
      }),
      'shape',
    ],
    ['a record is left out', { alter: ([, ...rest]) => rest }, 'record-unproven'],
    [
      'a source’s receipt is of another query',
      withSagamino({ receipt: { req: sha256('another request') } }),
      'receipt-of-another-query',
    ],
    [
      'a source’s receipt is another source’s',
      withSagamino({ signedBy: peers.shiokaze, receipt: { iss: 'shiokaze' } }),
      'receipt-of-another-source',
    ],
    ['a source’s key is not pinned', withSagamino({ signedBy: stranger }), 'receipt-signing-key-unknown'],
    ['a source signs for another region', withSagamino({ signedBy: peers.shiokaze }), 'receipt-token-issuer'],
    [
      'the hub signs for a source',
      withSagamino({ signedBy: peers.hub, receipt: { iss: HUB_URL } }),
      'receipt-signing-key-unknown',
    ],
    [
      'a source’s receipt was made for another hub',
      withSagamino({ receipt: { aud: 'https://hub.elsewhere.example' } }),
      'receipt-token-audience',
    ],
    [
      'a source’s receipt is over',
      withSagamino({ receipt: { iat: 1_700_000_000, exp: 1_700_000_060 } }),
      'receipt-token-time',
    ],
    [
      'a source’s receipt names no mandate',
      withSagamino({ receipt: { man: undefined } }),
      'receipt-of-another-source',
    ],
    ['a source counted otherwise', withSagamino({ receipt: { count: 2 } }), 'entries-differ'],
    [
      'a source said partial and the hub says complete',
      withSagamino({ receipt: { status: 'partial' } }),
      'states-differ',
    ],
    [
      'a source said denied and the hub says complete',
      withSagamino({ receipt: { status: 'denied' } }),
      'states-differ',
    ],
    ['a source has records and the hub says empty', withSagamino({ status: 'empty' }), 'states-differ'],
    [
      'a source that answered gave no receipt',
      withSagamino({ texts: [], isSilent: true }),
      'source-unproven',
    ],
    [
      'a record stands under no receipt',
      withSagamino({ isSilent: true, status: 'timeout' }),
      'record-unproven',
    ],
    [
      'a Provenance takes another source’s record',
      withSagamino(retarget('urn:tsunagi:shiokaze:Condition/c-9')),
      'record-unproven',
    ],
    [
      'a Provenance names a record that is not there',
      withSagamino(retarget('urn:tsunagi:sagamino:Observation/k-2')),
      'record-unproven',
    ],
    [
      'a Provenance is of an unnamed source',
      withSagamino({ region: 'sagamino', provenance: renameTo('kamome') }),
      'states-differ',
    ],
    [
      'a source stands twice',
      {
        sources: [
          { ...sagamino, texts: [] },
          { ...sagamino, texts: [] },
        ],
      },
      'states-differ',
    ],
    [
      'it says complete and a source is silent',
      { ...withSagamino({ texts: [], status: 'timeout', isSilent: true }), completeness: 'complete' },
      'states-differ',
    ],
    [
      'the hub’s receipt is of another query',
      { receipt: { req: sha256('another request') } },
      'receipt-of-another-query',
    ],
    ['the hub’s receipt is for another region', { receipt: { aud: 'shiokaze' } }, 'receipt-token-audience'],
    ['the hub’s receipt counts otherwise', { receipt: { count: 1 } }, 'entries-differ'],
    ['the hub’s receipt covers other texts', { receipt: { root: sha256('other') } }, 'entries-differ'],
    ['the hub’s receipt says denied', { receipt: { status: 'denied' } }, 'states-differ'],
    [
      'the hub’s receipt poses as a source’s',
      { receipt: { man: sha256('a mandate') } },
      'receipt-of-another-source',
    ],
  ])('%s', async (_case, options, reason) => {
    await expect(check(options)).rejects.toMatchObject({ name: 'AnswerCondemned', reason })
  })

  test.each<[string, (text: string) => string]>([
    ['it is not JSON', () => '<html>'],
    ['a key stands twice', (text) => text.replace('{', '{"type":"collection",')],
    ['it is not a searchset', (text) => text.replace('searchset', 'batch')],
    ['its outcome is missing', (text) => text.replace('"OperationOutcome"', '"Basic"')],
    [
      'a source has a private state',
      (text) => text.replace('"code":"complete"}],"text"', '"code":"denied"}],"text"'),
    ],
    ['it holds something unknown', (text) => text.replace('"entry":', '"total":9,"entry":')],
  ])('%s', async (_case, altered) => {
    await expect(check({}, altered)).rejects.toMatchObject({ reason: 'shape' })
  })

  test('its text was changed on the way, or it has no receipt', async () => {
    await expect(check({}, (text) => text.replace('7.10', '5.10'))).rejects.toMatchObject({
      reason: 'entries-differ',
    })
    const { text } = await peerAnswer(peers, { request: REQUEST, sources: [] })
    await expect(checkAnswer({ text, receipt: undefined }, expectedOf(peers, REQUEST))).rejects.toMatchObject(
      {
        reason: 'receipt-missing',
      },
    )
  })
})

test('a refusal is proven by a receipt over nothing', async () => {
  const denial = {
    ...freshClaims(HUB_URL, ASKING, NOON),
    req: REQUEST,
    root: Buffer.from(EMPTY_ROOT).toString('base64url'),
    count: 0,
    status: 'denied' as const,
    promise: promiseOf(NOON, REQUEST),
  }
  const expected = expectedOf(peers, REQUEST)
  expect(await checkDenial(await receiptOf(peers.hub, denial), expected)).toEqual(promiseOf(NOON, REQUEST))
  await expect(checkDenial(undefined, expected)).rejects.toMatchObject({ reason: 'receipt-missing' })
  await expect(
    checkDenial(await receiptOf(peers.hub, { ...denial, status: 'complete' }), expected),
  ).rejects.toMatchObject({ reason: 'entries-differ' })
})

test('a fault of the key store is not laid at the hub’s door', async () => {
  const { text, receipt } = await peerAnswer(peers, { request: REQUEST, sources: [] })
  const keyOf = () => Promise.reject(new Error('database gone'))
  await expect(checkAnswer({ text, receipt }, { ...expectedOf(peers, REQUEST), keyOf })).rejects.toThrow(
    'database gone',
  )
})

function renameTo(region: string) {
  return (resource: Record<string, unknown>) => {
    const [agent] = resource.agent as [{ who: { identifier: { value: string } } }]
    agent.who.identifier.value = region
  }
}
