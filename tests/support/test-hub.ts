import { createApp } from '../../src/app.ts'
import type { Hub } from '../../src/broker/index.ts'
import { listen, openAgent } from '../../src/http/index.ts'
import { addKey, putAgreement, putInstitution, putRegion, recordPolicy } from '../../src/registry/index.ts'
import {
  callClaims,
  freshClaims,
  generateSigningKey,
  type QueryClaims,
  queryExtensions,
  type RequestClaims,
  type SigningKey,
  saltedBirthSexHash,
  saltedPatientHash,
  saltFor,
  signToken,
} from '../../src/trust/index.ts'
import { DEFAULT_POLICY, ITEM_CODES } from '../../src/vocabulary/index.ts'
import { type PeerGateway, peerGateway } from './peer-gateway.ts'
import { NOON, testContext } from './test-context.ts'

export const REGIONS = ['minato', 'sagamino', 'shiokaze'] as const
export type RegionId = (typeof REGIONS)[number]

export const SYSTEM_OF: Record<RegionId, string> = {
  minato: 'urn:oid:2.999.14.1.1',
  sagamino: 'urn:oid:2.999.14.1.2',
  shiokaze: 'urn:oid:2.999.14.1.3',
}

/** One clinic in each region. */
export const CLINIC_OF: Record<RegionId, string> = {
  minato: '1410000001',
  sagamino: '1410000002',
  shiokaze: '1410000003',
}

export interface SentCall {
  method: Request['method']
  path: string
  body?: string
  contentType?: string
  headers?: Record<string, string>
  /** Changes the claims before they are signed. */
  claims?: Record<string, unknown>
  key?: SigningKey
  /** Sends this instead of a signed request; undefined sends none. */
  authorization?: string | undefined
}

/** A whole hub on a database of its own, listening on loopback, with three regions whose gateways are peers. */
export async function testHub(overrides: Partial<Hub> = {}) {
  const test = await testContext('hub', overrides)
  const { context } = test
  const [mandate, receipt, directory, checkpoint, ...regionKeys] = await Promise.all([
    ...['ES256', 'ES256', 'ES256', 'Ed25519'].map((alg) => generateSigningKey(alg as 'ES256')),
    ...REGIONS.map(() => generateSigningKey('ES256')),
  ])
  const dispatcher = openAgent({ addresses: 'loopback' })
  const hub: Hub = {
    ...context,
    publicUrl: '',
    keys: { mandate, receipt, directory, checkpoint } as Hub['keys'],
    dispatcher,
    certificates: { proxyAddress: undefined },
    sourcesDeadlineMs: 1_000,
    sourceAnswered: () => {},
    ...overrides,
  }
  const hosts = new Set<string>()
  const server = await listen(createApp(hub, hosts).fetch, { host: '127.0.0.1', port: 0 })
  hub.publicUrl = server.url
  hosts.add(new URL(server.url).host)
  const keys = Object.fromEntries(REGIONS.map((id, index) => [id, regionKeys[index]])) as Record<
    RegionId,
    SigningKey
  >
  const gateways = {} as Record<RegionId, PeerGateway>
  for (const id of REGIONS) {
    gateways[id] = await peerGateway(id, keys[id], () => hub.publicUrl, hub.now)
    await enrol(hub, id, keys[id], gateways[id].url)
  }
  await agreeAll(hub)

  async function send(region: RegionId, call: SentCall): Promise<Response> {
    const { method, path, body = '' } = call
    const claims = {
      ...freshClaims(region, hub.publicUrl, hub.now()),
      ...callClaims({ method: method as 'GET', url: hub.publicUrl + path, body }),
      ...call.claims,
    }
    const token = await signToken(call.key ?? keys[region], 'tsunagi-request+jwt', claims as RequestClaims)
    const authorization = 'authorization' in call ? call.authorization : `Bearer ${token}`
    return fetch(hub.publicUrl + path, {
      method,
      headers: {
        ...(body === '' ? {} : { 'content-type': call.contentType ?? 'application/fhir+json' }),
        ...(authorization === undefined ? {} : { authorization }),
        ...call.headers,
      },
      ...(body === '' ? {} : { body }),
    })
  }

  return {
    hub,
    keys,
    gateways,
    url: server.url,
    db: test.db,
    target: test.target,
    send,
    async [Symbol.asyncDispose]() {
      await server.close()
      await dispatcher.close()
      for (const id of REGIONS) await gateways[id][Symbol.asyncDispose]()
      await test[Symbol.asyncDispose]()
    },
  }
}
export type TestHub = Awaited<ReturnType<typeof testHub>>

async function enrol(hub: Hub, id: RegionId, key: SigningKey, gatewayUrl: string): Promise<void> {
  const at = new Date(NOON.getTime() - 86_400_000)
  await hub.db.transaction(async (tx) => {
    await putRegion(tx, { id, name: id, patientSystem: SYSTEM_OF[id], stage: 'asking', gatewayUrl }, at)
    await addKey(tx, { region: id, jwk: key.publicJwk }, at)
    await putInstitution(
      tx,
      { number: CLINIC_OF[id], name: `${id}診療所`, kind: 'clinic', regions: [id] },
      at,
    )
    await recordPolicy(
      tx,
      id,
      { ...DEFAULT_POLICY, forms: { 'form-2025': 'medical-and-care', 'form-2019': 'own-region' } },
      at,
    )
  })
}

async function agreeAll(hub: Hub): Promise<void> {
  const at = new Date(NOON.getTime() - 86_400_000)
  await hub.db.transaction(async (tx) => {
    for (const asking of REGIONS) {
      for (const holding of REGIONS) {
        if (asking !== holding) await putAgreement(tx, { asking, holding, items: [...ITEM_CODES] }, at)
      }
    }
  })
}

/** The same resident as each region's Patient: one insured number with its branch, one birth date, one name. */
export function patientIn(region: RegionId, localId: string, changes: object = {}): object {
  const script = (valueCode: string) => [
    { url: 'http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation', valueCode },
  ]
  return {
    resourceType: 'Patient',
    identifier: [
      { system: SYSTEM_OF[region], value: localId },
      {
        system: 'http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID',
        value: '33120015:あ:123456:01',
      },
    ],
    name: [
      { family: '汐見', given: ['花子'], extension: script('IDE') },
      { family: 'シオミ', given: ['ハナコ'], extension: script('SYL') },
    ],
    gender: 'female',
    birthDate: '1961-02-03',
    address: [{ city: '汐見市', line: ['港町1-2-3'], postalCode: '299-0001' }],
    ...changes,
  }
}

export interface Asked extends Partial<QueryClaims> {
  localId?: string
  birthDate?: string
  sex?: string
  form?: Record<string, string>
  salt?: string
  path?: string
}

const SALT = 'c2FsdC1vZi1hLXF1ZXJ5LWluLXRlc3Rz'

/** The call of a query as an honest gateway sends it; `changes` make it anything else. */
export function queryCall(
  region: RegionId,
  asked: Asked = {},
  claims: Record<string, unknown> = {},
): SentCall {
  const {
    localId = 'p-1',
    birthDate = '1961-02-03',
    sex = 'female',
    form = {},
    salt = SALT,
    path,
    ...changes
  } = asked
  const query: QueryClaims = {
    user: 'dr-1',
    userName: '診療 太郎',
    institution: CLINIC_OF[region],
    profession: 'physician',
    post: 'attending',
    purpose: 'TREAT',
    items: [...ITEM_CODES],
    patientHash: saltedPatientHash(saltFor(salt, 'patient'), SYSTEM_OF[region], localId),
    birthSexHash: saltedBirthSexHash(saltFor(salt, 'birth-sex'), birthDate, sex),
    visit: { kind: 'outpatient', on: '2026-06-01' },
    ...changes,
  }
  return {
    method: 'POST',
    path: path ?? '/fhir/_search',
    body: new URLSearchParams({
      'patient.identifier': `${SYSTEM_OF[region]}|${localId}`,
      _salt: salt,
      ...form,
    }).toString(),
    contentType: 'application/x-www-form-urlencoded',
    claims: { ...queryExtensions(query), ...claims },
  }
}

/** Feeds a Patient, and a consent to cross-region viewing unless told otherwise. */
export async function register(
  t: TestHub,
  region: RegionId,
  localId: string,
  options: { changes?: object; consent?: object | false } = {},
): Promise<void> {
  const body = JSON.stringify(patientIn(region, localId, options.changes))
  const path = `/fhir/Patient?identifier=${encodeURIComponent(`${SYSTEM_OF[region]}|${localId}`)}`
  const fed = await t.send(region, { method: 'PUT', path, body })
  if (fed.status >= 300) throw new Error(`The feed was refused: ${await fed.text()}`)
  if (options.consent === false) return
  const consented = await t.send(region, {
    method: 'POST',
    path: '/fhir/Consent',
    body: JSON.stringify(consentIn(region, localId, options.consent)),
  })
  if (consented.status >= 300) throw new Error(`The consent was refused: ${await consented.text()}`)
}

/** A consent on the form that covers other regions, as IHE PCF's consentBasic. */
export function consentIn(region: RegionId, localId: string, changes: object = {}): object {
  return {
    resourceType: 'Consent',
    meta: { versionId: '1' },
    status: 'active',
    scope: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
    },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient: { identifier: { system: SYSTEM_OF[region], value: localId } },
    dateTime: '2026-05-01T09:00:00+09:00',
    performer: [{ identifier: { system: SYSTEM_OF[region], value: localId } }],
    organization: [{ identifier: { system: 'https://tsunagi.example/CodeSystem/region', value: region } }],
    sourceReference: { identifier: { system: 'urn:oid:2.999.14.9', value: '1' } },
    policy: [{ uri: 'https://tsunagi.example/consent-form/form-2025' }],
    provision: { type: 'permit', period: { start: '2026-05-01' } },
    ...changes,
  }
}
