import { asc, eq } from 'drizzle-orm'
import type { OperationOutcome } from 'fhir/r4.js'
import { expect } from 'vitest'
import { auditDetail, auditEntry } from '../../src/audit/tables.ts'
import type { GatewayContext } from '../../src/gateway/context.ts'
import { acceptPeer, inwardApp, openEhr, putConsentCopy, putPolicyCopy } from '../../src/gateway/index.ts'
import { type Listening, listen, openAgent } from '../../src/http/index.ts'
import { sliceEntries } from '../../src/kernel/strict-json.ts'
import type { Directory } from '../../src/registry/index.ts'
import {
  callClaims,
  freshClaims,
  generateSigningKey,
  type MandateClaims,
  type QueryClaims,
  queryExtensions,
  type ReceiptClaims,
  type RequestClaims,
  receiptClaimsSchema,
  rootOfTexts,
  type SigningKey,
  saltedBirthSexHash,
  sha256,
  signToken,
  tokenDigest,
  verifyingKey,
  verifyToken,
} from '../../src/trust/index.ts'
import { type Item, type Policy, typesOf } from '../../src/vocabulary/index.ts'
import { policyFrom, readAs } from '../support/sample-policy.ts'
import { NOON, testContext } from '../support/test-context.ts'
import { type FakeEhr, startEhr } from './inward-ehr.ts'
import { type FakeHub, startHub } from './inward-hub.ts'

export const ASKING = 'minato'
export const HOLDING = 'sagamino'
export const SYSTEM = 'urn:oid:2.999.14.1.2'
export const LOCAL_ID = 'S-0001'
export const INSTITUTION = '1410000001'
export const SALT = sha256('a salt')
export const FORM = 'kanagawa-2026'

export const PATIENT = `{"resourceType":"Patient","id":"p1","active":true,"identifier":[{"system":"${SYSTEM}","value":"${LOCAL_ID}"}],"birthDate":"1950-02-03","gender":"female"}`
export const ALLERGY =
  '{"resourceType":"AllergyIntolerance","id":"a1","category":["medication"],"patient":{"reference":"Patient/p1"}}'
export const CONDITION =
  '{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"},"code":{"text":"高血圧症"}}'
/** Potassium 4.10: the last zero says how exactly it was measured. */
export const LABORATORY =
  '{"resourceType":"Observation",  "id":"o1","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],"subject":{"reference":"Patient/p1"},"effectiveDateTime":"2026-05-20T09:00:00+09:00","valueQuantity":{"value":4.10,"unit":"mmol/L"}}'
export const ITEMS: Item[] = ['allergy-drug', 'condition', 'laboratory']

export interface InwardRegion extends AsyncDisposable {
  ctx: GatewayContext
  hub: FakeHub
  ehr: FakeEhr
  /** The asking region's key. */
  asker: SigningKey
  clock: { now: Date }
  send(sent?: Partial<Sent>): Promise<Response>
  /** What the hub would send. */
  prepare(changes?: Changes): Promise<Sent>
  entries(): Promise<{ kind: string; detail: Record<string, unknown> }[]>
}

export interface Sent {
  mandate: string
  request: string
  body: string
  digests: { mandate: string; request: string }
}

/** What differs from an honest query about PATIENT. */
export interface Changes {
  query?: Partial<QueryClaims>
  request?: Partial<RequestClaims>
  mandate?: Partial<MandateClaims>
  /** What the mandate is for. */
  body?: string
  requestKey?: SigningKey
  mandateKey?: SigningKey
}

/** A whole inward side over HTTP: own database, a hub with real keys, a regional system; consent and policy given. */
export async function inwardRegion(options: { policy?: Partial<Policy> } = {}): Promise<InwardRegion> {
  await using stack = new AsyncDisposableStack()
  const clock = { now: NOON }
  const test = stack.use(await testContext('gateway', { now: () => clock.now }))
  const hub = stack.use(await startHub(() => clock.now))
  const ehr = stack.use(
    await startEhr({
      Patient: [PATIENT],
      AllergyIntolerance: [ALLERGY],
      Condition: [CONDITION],
      Observation: [LABORATORY],
    }),
  )
  const [asker, key] = await Promise.all([generateSigningKey('Ed25519'), generateSigningKey('ES256')])
  const dispatcher = stack.adopt(openAgent({ addresses: 'loopback' }), (agent) => agent.destroy())
  const ctx: GatewayContext = {
    ...test.context,
    region: HOLDING,
    patientSystem: SYSTEM,
    publicUrl: '',
    hubUrl: hub.url,
    dispatcher,
    key,
    ehr: openEhr({ url: ehr.url, dispatcher }),
    ehrDeadlineMs: 2_000,
    login: () => Promise.reject(new Error('Nobody logs in here.')),
    logout: () => Promise.reject(new Error('Nobody logs in here.')),
  }
  let app: ReturnType<typeof inwardApp> | undefined
  const server: Listening = await listen(
    (request, env) => app?.fetch(request, env as object) ?? new Response(),
    {
      host: '127.0.0.1',
      port: 0,
    },
  )
  stack.defer(() => server.close())
  ctx.publicUrl = server.url
  app = inwardApp(ctx)
  hub.directory = directoryOf(hub, { asker, key, gatewayUrl: server.url })
  for (const each of Object.values(hub.keys)) await acceptPeer(ctx, { peer: 'hub', thumbprint: each.kid })
  await acceptPeer(ctx, { peer: ASKING, thumbprint: asker.kid })
  await ctx.db.transaction(async (tx) => {
    const forms = { [FORM]: readAs('medical-and-care') }
    await putPolicyCopy(tx, policyFrom({ version: 2, forms, ...options.policy }), NOON)
    await putConsentCopy(tx, LOCAL_ID, consent(1), NOON)
  })
  const prepare = (changes: Changes = {}) => prepareCall(ctx, hub, asker, changes)
  const held = stack.move()
  return {
    ctx,
    hub,
    ehr,
    asker,
    clock,
    prepare,
    async send(sent = {}) {
      const { mandate, request, body } = { ...(await prepare()), ...sent }
      return fetch(`${ctx.publicUrl}/fhir/_search`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${mandate}`,
          'tsunagi-request': request,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body,
      })
    },
    async entries() {
      const rows = await ctx.db
        .select({ kind: auditEntry.kind, detail: auditDetail.detail, number: auditEntry.number })
        .from(auditEntry)
        .innerJoin(auditDetail, eq(auditDetail.entry, auditEntry.number))
        .orderBy(asc(auditEntry.number))
      return rows
        .filter(({ kind }) => kind !== 'peer.accepted')
        .map(({ kind, detail }) => ({ kind, detail: JSON.parse(detail) }))
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

export function consent(version: number, status: 'active' | 'withdrawn' = 'active') {
  const validFrom = new Date('2026-04-01T00:00:00+09:00')
  return {
    ...{ version, status, form: FORM, signedAt: validFrom, validFrom, validUntil: undefined },
    ...{ refused: [] as Item[], refusedInstitutions: [], refusedRegions: [] },
    ...{ proxy: undefined, deceasedOn: undefined },
  }
}

function directoryOf(
  hub: FakeHub,
  { asker, key, gatewayUrl }: { asker: SigningKey; key: SigningKey; gatewayUrl: string },
): Directory {
  const { directory, mandate, receipt, checkpoint } = hub.keys
  const regionOf = (id: string, patientSystem: string, { publicJwk }: SigningKey) => ({
    id,
    name: id,
    patientSystem,
    gatewayUrl: id === HOLDING ? gatewayUrl : null,
    stage: 'asking' as const,
    keys: [{ jwk: publicJwk, successor: null }],
  })
  return {
    hub: {
      url: hub.url,
      keys: {
        directory: directory.publicJwk,
        mandate: mandate.publicJwk,
        receipt: receipt.publicJwk,
        checkpoint: checkpoint.publicJwk,
      },
    },
    regions: [regionOf(ASKING, 'urn:oid:2.999.14.1.1', asker), regionOf(HOLDING, SYSTEM, key)],
    institutions: [{ number: INSTITUTION, name: 'みなと総合病院', kind: 'hospital', regions: [ASKING] }],
  }
}

async function prepareCall(
  ctx: GatewayContext,
  hub: FakeHub,
  asker: SigningKey,
  changes: Changes,
): Promise<Sent> {
  const now = ctx.now()
  const query: QueryClaims = {
    user: 'dr-aoki',
    userName: '青木 一郎',
    institution: INSTITUTION,
    profession: 'physician',
    post: 'attending',
    purpose: 'TREAT',
    items: ITEMS,
    patientHash: sha256('another id'),
    birthSexHash: saltedBirthSexHash(SALT, '1950-02-03', 'female'),
    ...changes.query,
  }
  const requestClaims: RequestClaims = {
    ...freshClaims(ASKING, hub.url, now),
    ...callClaims({ method: 'POST', url: `${hub.url}/fhir/_search`, body: 'what was asked' }),
    ...queryExtensions(query),
    ...changes.request,
  }
  const request = await signToken(changes.requestKey ?? asker, 'tsunagi-request+jwt', requestClaims)
  const items = changes.mandate?.items ?? query.items
  const patient = changes.mandate?.patient ?? { system: SYSTEM, value: LOCAL_ID }
  const honest = new URLSearchParams({
    'patient.identifier': `${patient.system}|${patient.value}`,
    _type: typesOf(items).join(','),
  })
  const body = changes.body ?? honest.toString()
  const mandateClaims: MandateClaims = {
    ...freshClaims(hub.url, HOLDING, now),
    ...callClaims({ method: 'POST', url: `${ctx.publicUrl}/fhir/_search`, body }),
    req: tokenDigest(request),
    patient,
    salt: SALT,
    items,
    versions: { consent: 1, policy: 1 },
    act: { sub: hub.url, act: { sub: ASKING, act: { sub: query.user } } },
    promise: { leaf: sha256(request), by: new Date(now.getTime() + 60_000).toISOString() },
    ...changes.mandate,
  }
  const mandate = await signToken(
    changes.mandateKey ?? hub.keys.mandate,
    'tsunagi-mandate+jwt',
    mandateClaims,
  )
  const digests = { mandate: tokenDigest(mandate), request: tokenDigest(request) }
  return { mandate, request, body, digests }
}

/** The receipt of an answer, verified with the region's own key. */
export async function receiptOf(t: InwardRegion, response: Response): Promise<ReceiptClaims> {
  const { claims } = await verifyToken(response.headers.get('tsunagi-receipt') ?? '', {
    typ: 'tsunagi-receipt+jwt',
    schema: receiptClaimsSchema,
    audience: t.hub.url,
    now: t.clock.now,
    keyOf: async () => ({ ...(await verifyingKey(t.ctx.key.publicJwk)), owner: HOLDING }),
  })
  return claims
}

/** Answer and receipt together: the receipt's root is over the exact texts of the entries. */
export async function provenTexts(t: InwardRegion, response: Response): Promise<string[]> {
  const claims = await receiptOf(t, response)
  const { resources } = sliceEntries(await response.text())
  expect(claims.root).toBe(Buffer.from(rootOfTexts(resources)).toString('base64url'))
  expect(claims.count).toBe(resources.length)
  return resources
}

export async function codeOf(response: Response): Promise<string> {
  const outcome = (await response.json()) as OperationOutcome
  return outcome.issue[0]?.details?.coding?.[0]?.code ?? ''
}
