import {
  callClaims,
  freshClaims,
  type QueryClaims,
  queryExtensions,
  type RequestClaims,
  type SigningKey,
  saltedBirthSexHash,
  saltedPatientHash,
  saltFor,
  signToken,
} from '../../src/trust/index.ts'
import { ITEM_CODES } from '../../src/vocabulary/index.ts'

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
  /** Where another process of the hub listens. */
  to?: string
}

/** Signs and sends a call as its region's gateway does; what the call says otherwise is changed first. */
export async function sendCall(
  hub: { publicUrl: string; now: () => Date },
  region: RegionId,
  regionKey: SigningKey,
  call: SentCall,
): Promise<Response> {
  const { method, path, body = '' } = call
  const claims = {
    ...freshClaims(region, hub.publicUrl, hub.now()),
    ...callClaims({ method: method as 'GET', url: hub.publicUrl + path, body }),
    ...call.claims,
  }
  const token = await signToken(call.key ?? regionKey, 'tsunagi-request+jwt', claims as RequestClaims)
  const authorization = 'authorization' in call ? call.authorization : `Bearer ${token}`
  return fetch((call.to ?? hub.publicUrl) + path, {
    method,
    headers: {
      ...(body === '' ? {} : { 'content-type': call.contentType ?? 'application/fhir+json' }),
      ...(authorization === undefined ? {} : { authorization }),
      ...call.headers,
    },
    ...(body === '' ? {} : { body }),
  })
}

/** Where a region feeds, or removes, its patient (ITI-104). */
export function patientPath(region: RegionId, localId: string): string {
  return `/fhir/Patient?identifier=${encodeURIComponent(`${SYSTEM_OF[region]}|${localId}`)}`
}

/** Where a region asks for the other ids of its patient (ITI-83). */
export function pixPath(region: RegionId, localId: string): string {
  return `/fhir/Patient/$ihe-pix?sourceIdentifier=${encodeURIComponent(`${SYSTEM_OF[region]}|${localId}`)}`
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
