import type { AnswerExpected } from '../../src/gateway/check-receipt.ts'
import {
  freshClaims,
  generateSigningKey,
  leafHash,
  type ReceiptClaims,
  rootOfTexts,
  type SigningKey,
  sha256,
  signToken,
  verifyingKey,
} from '../../src/trust/index.ts'
import { OTHER_REGIONS_LINE, type SourceState, SYSTEMS } from '../../src/vocabulary/index.ts'
import { NOON } from '../support/test-context.ts'

export const HUB_URL = 'https://hub.tsunagi.example'
export const ASKING = 'minato'

/** Everybody at the other end of the wire, with real keys: the hub and two regions that hold something. */
export interface Peers {
  hub: SigningKey
  sagamino: SigningKey
  shiokaze: SigningKey
}

export async function makePeers(): Promise<Peers> {
  const [hub, sagamino, shiokaze] = await Promise.all([
    generateSigningKey('ES256'),
    generateSigningKey('Ed25519'),
    generateSigningKey('ES256'),
  ])
  return { hub, sagamino, shiokaze }
}

/** What the asking gateway holds an answer against, with every peer's key pinned. */
export function expectedOf(peers: Peers, request: string): AnswerExpected {
  const owners: [SigningKey, string][] = [
    [peers.hub, HUB_URL],
    [peers.sagamino, 'sagamino'],
    [peers.shiokaze, 'shiokaze'],
  ]
  return {
    region: ASKING,
    hubUrl: HUB_URL,
    request,
    now: NOON,
    keyOf: async (kid, use) => {
      const [key, owner] =
        owners.find(([each, whose]) => each.kid === kid && (use === 'receipt') === (whose === HUB_URL)) ?? []
      return key && owner ? { ...(await verifyingKey(key.publicJwk)), owner } : undefined
    },
  }
}

type Holder = 'sagamino' | 'shiokaze'

export interface PeerSource {
  region: Holder
  status: SourceState
  /** Exact texts of the records; a source that is silent has none and gives no receipt. */
  texts: string[]
  isSilent?: boolean
  /** What the receipt says instead of what is true. */
  receipt?: Partial<ReceiptClaims>
  /** Who signs the receipt instead of the source. */
  signedBy?: SigningKey
  /** Changes the Provenance before the hub signs over it. */
  provenance?(resource: Record<string, unknown>): void
}

export interface PeerAnswer {
  request: string
  hubUrl?: string
  sources: PeerSource[]
  handle?: string
  /** What the hub's receipt says instead of what is true. */
  receipt?: Partial<ReceiptClaims>
  completeness?: 'complete' | 'partial'
  /** Texts of entries as sent, after the sources signed and before the hub signs. */
  alter?(texts: string[]): string[]
  now?: Date
}

export interface Sent {
  text: string
  receipt: string
}

/** The answer of a hub and of its sources to one request; by its options also of dishonest ones. */
export async function peerAnswer(peers: Peers, options: PeerAnswer): Promise<Sent> {
  const { request, sources, alter = (texts: string[]) => texts, now = NOON, hubUrl = HUB_URL } = options
  const provenances = await Promise.all(
    sources
      .filter((source) => source.isSilent !== true)
      .map((source) => provenanceOf(peers, source, { request, now, hubUrl })),
  )
  const matches = sources.flatMap(({ region, texts }) =>
    texts.map((text) => ({ fullUrl: fullUrlOf(region, text), mode: 'match', text })),
  )
  const isShort = sources.some(({ status }) => status !== 'complete' && status !== 'empty')
  const texts = alter([
    ...matches.map(({ text }) => text),
    ...provenances,
    JSON.stringify(outcomeOf(sources, options.handle)),
  ])
  const completeness = options.completeness ?? (isShort ? 'partial' : 'complete')
  const entries = texts.map((text, index) => {
    const match = matches[index]
    const mode = match?.mode ?? (text.includes('"OperationOutcome"') ? 'outcome' : 'include')
    const url = match === undefined ? '' : `"fullUrl":${JSON.stringify(match.fullUrl)},`
    return `{${url}"resource":${text},"search":{"mode":"${mode}"}}`
  })
  const tag = JSON.stringify({ system: SYSTEMS.completeness, code: completeness })
  return {
    text: `{"resourceType":"Bundle","type":"searchset","meta":{"tag":[${tag}]},"entry":[${entries}]}`,
    receipt: await receiptOf(peers.hub, {
      ...freshClaims(hubUrl, ASKING, now),
      req: request,
      root: rootText(texts),
      count: texts.length,
      status: completeness,
      promise: promiseOf(now, request),
      ...options.receipt,
    }),
  }
}

export function receiptOf(key: SigningKey, claims: ReceiptClaims): Promise<string> {
  return signToken(key, 'tsunagi-receipt+jwt', claims)
}

export function promiseOf(now: Date, request: string) {
  return { leaf: sha256('the leaf of ', request), by: new Date(now.getTime() + 60_000).toISOString() }
}

export function rootText(texts: string[]): string {
  return Buffer.from(rootOfTexts(texts)).toString('base64url')
}

function fullUrlOf(region: string, text: string): string {
  const { resourceType, id } = JSON.parse(text) as { resourceType: string; id: string }
  return `urn:tsunagi:${region}:${resourceType}/${id}`
}

async function provenanceOf(
  peers: Peers,
  source: PeerSource,
  { request, now, hubUrl }: { request: string; now: Date; hubUrl: string },
): Promise<string> {
  const { region, texts, status, signedBy } = source
  const receipt = await receiptOf(signedBy ?? peers[region], {
    ...freshClaims(region, hubUrl, now),
    req: request,
    man: sha256('a mandate'),
    root: rootText(texts),
    count: texts.length,
    status,
    promise: promiseOf(now, request),
    ...source.receipt,
  })
  const who = { identifier: { system: SYSTEMS.region, value: region }, display: region }
  const hashes = texts.map((text) => Buffer.from(leafHash(Buffer.from(text))).toString('base64url'))
  const targets = texts.map((text) => ({ reference: fullUrlOf(region, text) }))
  const custodian = {
    system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
    code: 'custodian',
  }
  const resource = {
    resourceType: 'Provenance',
    target: targets.length > 0 ? targets : [{ display: 'none' }],
    recorded: now.toISOString(),
    agent: [{ type: { coding: [custodian] }, who }],
    entity: [
      {
        role: 'source',
        what: {
          identifier: { system: 'urn:tsunagi:entry-hashes', value: hashes.join(' ') || 'none' },
        },
      },
    ],
    signature: [
      {
        type: [{ system: 'urn:iso-astm:E1762-95:2013', code: '1.2.840.10065.1.12.1.14' }],
        when: now.toISOString(),
        who,
        sigFormat: 'application/jose',
        targetFormat: 'application/fhir+json',
        data: Buffer.from(receipt).toString('base64'),
      },
    ],
  }
  source.provenance?.(resource)
  return JSON.stringify(resource)
}

function outcomeOf(sources: PeerSource[], handle: string | undefined) {
  const informational = { severity: 'information', code: 'informational' }
  return {
    resourceType: 'OperationOutcome',
    issue: [
      ...sources.map(({ region, status }) => ({
        ...informational,
        details: { coding: [{ system: SYSTEMS.sourceState, code: status }], text: region },
        diagnostics: `source=${region} ms=12`,
      })),
      ...(handle === undefined
        ? []
        : [{ ...informational, details: { coding: [{ system: SYSTEMS.handle, code: handle }], text: '—' } }]),
      { ...informational, details: { text: `${OTHER_REGIONS_LINE.ja} ${OTHER_REGIONS_LINE.en}` } },
    ],
  }
}
