import type { AuditPromise } from '../audit/index.ts'
import { freshClaims, type ReceiptClaims, rootOfTexts, signToken } from '../trust/index.ts'
import {
  isPublic,
  isShortOf,
  OTHER_REGIONS_LINE,
  SOURCE_STATES,
  type SourceState,
  SYSTEMS,
} from '../vocabulary/index.ts'
import type { CheckedSource } from './check-answers.ts'
import type { Hub } from './hub.ts'
import type { Query } from './read-query.ts'
import type { Release } from './record-release.ts'

/** The answer's text and the hub's receipt over it. */
export interface Answer {
  status: 200 | 403
  text: string
  receipt: string
}

interface Entry {
  fullUrl?: string
  text: string
  mode: 'match' | 'include' | 'outcome'
}

/**
 * Step 9: a searchset of the texts as they arrived, a Provenance with each source's receipt, the named states and
 * the one line about all other regions. No `total`: it would tell what was left out.
 */
export async function assembleAnswer(hub: Hub, query: Query, release: Release): Promise<Answer> {
  const named = release.sources.filter(({ state }) => isPublic(state))
  const entries: Entry[] = [
    ...named.flatMap(matchEntries),
    ...named.filter(({ receipt }) => receipt !== undefined).map((source) => provenance(hub, source)),
    outcomeEntry(named, release.handle),
  ]
  const isPartial = named.some(({ state }) => isPublic(state) && isShortOf(state))
  const tag = JSON.stringify({ system: SYSTEMS.completeness, code: isPartial ? 'partial' : 'complete' })
  const link = JSON.stringify({ relation: 'self', url: `${hub.publicUrl}/fhir/_search` })
  const text = `{"resourceType":"Bundle","type":"searchset","meta":{"tag":[${tag}]},"link":[${link}],"entry":[${entries
    .map(entryText)
    .join(',')}]}`
  const texts = entries.map((entry) => entry.text)
  return {
    status: 200,
    text,
    receipt: await signReceipt(hub, query, texts, isPartial ? 'partial' : 'complete', release.promise),
  }
}

/** The hub's own receipt over the exact texts of an answer's entries, or over none for a denial. */
export function signReceipt(
  hub: Hub,
  query: Query,
  texts: readonly string[],
  status: SourceState,
  promise: AuditPromise,
): Promise<string> {
  const claims: ReceiptClaims = {
    ...freshClaims(hub.publicUrl, query.call.region.id, hub.now()),
    req: query.call.digest,
    root: Buffer.from(rootOfTexts(texts)).toString('base64url'),
    count: texts.length,
    status,
    promise: { leaf: promise.leaf, by: promise.by },
  }
  return signToken(hub.keys.receipt, 'tsunagi-receipt+jwt', claims)
}

function entryText({ fullUrl, text, mode }: Entry): string {
  const url = fullUrl === undefined ? '' : `"fullUrl":${JSON.stringify(fullUrl)},`
  return `{${url}"resource":${text},"search":{"mode":"${mode}"}}`
}

function fullUrlOf({ source }: CheckedSource, { type, id }: { type: string; id: string }): string {
  return `urn:tsunagi:${source.region.id}:${type}/${id}`
}

function matchEntries(checked: CheckedSource): Entry[] {
  return checked.resources.map((resource) => ({
    fullUrl: fullUrlOf(checked, resource),
    text: resource.text,
    mode: 'match',
  }))
}

/** Who said what, with the receipt that proves it (FHIR Provenance; signature as application/jose). */
function provenance(hub: Hub, checked: CheckedSource): Entry {
  const { region } = checked.source
  const who = { identifier: { system: SYSTEMS.region, value: region.id }, display: region.name }
  const now = hub.now().toISOString()
  const targets = checked.resources.map((resource) => ({ reference: fullUrlOf(checked, resource) }))
  const text = JSON.stringify({
    resourceType: 'Provenance',
    target: targets.length > 0 ? targets : [{ display: 'none' }],
    recorded: now,
    agent: [
      {
        type: {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
              code: 'custodian',
            },
          ],
        },
        who,
      },
    ],
    entity: [
      {
        role: 'source',
        what: {
          identifier: { system: 'urn:tsunagi:entry-hashes', value: checked.entryHashes.join(' ') || 'none' },
        },
      },
    ],
    signature: [
      {
        type: [{ system: 'urn:iso-astm:E1762-95:2013', code: '1.2.840.10065.1.12.1.14' }],
        when: now,
        who,
        sigFormat: 'application/jose',
        targetFormat: 'application/fhir+json',
        data: Buffer.from(checked.receipt ?? '').toString('base64'),
      },
    ],
  })
  return { text, mode: 'include' }
}

function outcomeEntry(named: readonly CheckedSource[], handle: string | undefined): Entry {
  const states = named.flatMap(({ source, state, elapsedMs }) => {
    if (!isPublic(state)) return []
    const { ja, en, issue } = SOURCE_STATES[state]
    return [
      {
        severity: isShortOf(state) ? 'warning' : 'information',
        code: issue,
        details: {
          coding: [{ system: SYSTEMS.sourceState, code: state }],
          text: `${source.region.name}: ${ja} (${en})`,
        },
        diagnostics: `source=${source.region.id} ms=${Math.round(elapsedMs)}`,
      },
    ]
  })
  const handles =
    handle === undefined
      ? []
      : [
          {
            severity: 'information',
            code: 'informational',
            details: {
              coding: [{ system: SYSTEMS.handle, code: handle }],
              text: '以後の照会に使える一時的な識別子 (handle)',
            },
          },
        ]
  const others = {
    severity: 'information',
    code: 'informational',
    details: { text: `${OTHER_REGIONS_LINE.ja} ${OTHER_REGIONS_LINE.en}` },
  }
  return {
    text: JSON.stringify({ resourceType: 'OperationOutcome', issue: [...states, ...handles, others] }),
    mode: 'outcome',
  }
}
