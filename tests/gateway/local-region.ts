import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'
import type { GatewayContext } from '../../src/gateway/context.ts'
import { openEhr } from '../../src/gateway/ehr-client.ts'
import { logoutVerifier } from '../../src/gateway/end-logins.ts'
import type { IdentityProvider } from '../../src/gateway/identity-provider.ts'
import { localApp } from '../../src/gateway/local-app.ts'
import { loginVerifier } from '../../src/gateway/login.ts'
import { pin } from '../../src/gateway/tables.ts'
import { type Listening, listen, openAgent } from '../../src/http/index.ts'
import type { Log } from '../../src/kernel/events.ts'
import { randomId } from '../../src/kernel/ids.ts'
import { DIRECTORY_AUDIENCE, type Directory } from '../../src/registry/index.ts'
import {
  callClaims,
  freshClaims,
  generateSigningKey,
  type RequestClaims,
  requestClaimsSchema,
  type SigningKey,
  signToken,
  tokenDigest,
  verifyingKey,
  verifyToken,
} from '../../src/trust/index.ts'
import { NOON, testContext } from '../support/test-context.ts'
import { ASKING, makePeers, type PeerAnswer, type Peers, peerAnswer } from './local-peer.ts'

export const SYSTEM = 'urn:oid:2.999.14.1.1'
const ISSUER = 'https://login.minato.example'
const AUDIENCE = 'https://gateway.minato.example'

/** A call of the gateway as the hub verified it. */
export interface HubCall {
  method: string
  path: string
  body: string
  claims: RequestClaims
  digest: string
}

export interface HubReply {
  status: number
  text: string
  headers?: Record<string, string>
}

/** What the stand-in hub does next with a verified call. */
export type HubAnswers = (call: HubCall) => HubReply | Promise<HubReply>

export const PATIENT = {
  resourceType: 'Patient',
  id: 'p-1',
  identifier: [{ system: SYSTEM, value: '7001' }],
  name: [{ family: '港', given: ['花子'], text: '港 花子' }],
  birthDate: '1950-03-02',
  gender: 'female',
}

export interface RegionOptions {
  /** A hub of its own, that knows this region by `key`; else a stand-in is started. */
  hub?: { url: string; key: SigningKey; pins: readonly (readonly [SigningKey, string])[] }
  log?: Log
}

/** A region: its gateway on a database of its own, its FHIR server, its identity provider, and a stand-in hub. */
export async function testRegion(options: RegionOptions = {}) {
  const stack = new AsyncDisposableStack()
  const { context } = stack.use(await testContext('gateway', options.log && { log: options.log }))
  const peers = await makePeers()
  const [key, directoryKey, login] = await Promise.all([
    options.hub?.key ?? generateSigningKey('ES256'),
    generateSigningKey('ES256'),
    generateSigningKey('Ed25519'),
  ])
  const calls: HubCall[] = []
  const state = { answers: (() => ({ status: 500, text: '' })) as HubAnswers, patients: [PATIENT as object] }
  const hub = await serve(stack, async (request, body, url) => {
    if (request.url === '/directory') {
      return { status: 200, text: await directoryToken(url, { peers, key, directoryKey }) }
    }
    const call = await verifiedCall(request, body, url, key)
    calls.push(call)
    return state.answers(call)
  })
  const ehr = await serve(stack, async (_request, body) => ({
    status: 200,
    text: searchset(state.patients, new URLSearchParams(body)),
    headers: { 'content-type': 'application/fhir+json' },
  }))
  const provider = providerOf(await serve(stack, async () => jwksOf(login)))
  const dispatcher = openAgent({ addresses: 'loopback' })
  stack.defer(() => dispatcher.close())
  const ctx: GatewayContext = {
    ...context,
    region: ASKING,
    patientSystem: SYSTEM,
    publicUrl: 'https://gateway.minato.example',
    hubUrl: options.hub?.url ?? hub.url,
    dispatcher,
    key,
    ehr: openEhr({ url: ehr.url, dispatcher }),
    ehrDeadlineMs: 2_000,
    login: loginVerifier(provider, () => NOON),
    logout: logoutVerifier(provider, () => NOON),
  }
  const standIns = [
    [directoryKey, 'hub'],
    [peers.hub, 'hub'],
    [peers.sagamino, 'sagamino'],
    [peers.shiokaze, 'shiokaze'],
  ] as const
  const pins = (options.hub?.pins ?? standIns).map(([{ kid }, owner]) => ({ thumbprint: kid, owner }))
  await context.db.insert(pin).values(pins.map((each) => ({ ...each, acceptedAt: NOON, signedBy: null })))
  const hosts = new Set<string>()
  const app = localApp(ctx, hosts)
  const gateway: Listening = await listen((request, env) => app.fetch(request, env as object), {
    host: '127.0.0.1',
    port: 0,
  })
  stack.defer(() => gateway.close())
  hosts.add(new URL(gateway.url).host).add(`localhost:${gateway.port}`)
  return {
    ctx,
    peers,
    calls,
    state,
    hub,
    url: gateway.url,
    /** A login token; by default of a physician. */
    login: (claims: object = {}) => signLogin(login, claims),
    /** A token signed by the identity provider that says exactly this beside issuer, audience and times. */
    says: (claims: object) => signSaid(login, claims),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
export type TestRegion = Awaited<ReturnType<typeof testRegion>>

export const CLINICIAN = {
  sub: 'dr-sato',
  name: '佐藤 一郎',
  role: 'clinician',
  profession: 'physician',
  post: 'attending',
  institution: '1410000001',
}
export const FEED = { sub: 'ehr-feed', name: 'みなと連携ネット', role: 'feed' }
export const COUNCIL = { sub: 'office', name: '事務局', role: 'council' }

function signLogin(key: SigningKey, claims: object): Promise<string> {
  return signSaid(key, 'role' in claims ? claims : { ...CLINICIAN, ...claims })
}

function signSaid(key: SigningKey, said: object): Promise<string> {
  const iat = Math.floor(NOON.getTime() / 1000)
  return new SignJWT({ iss: ISSUER, aud: AUDIENCE, iat, exp: iat + 300, jti: randomId(), ...said })
    .setProtectedHeader({ alg: key.alg, kid: 'login-1' })
    .sign(key.privateKey)
}

function providerOf({ url }: { url: string }): IdentityProvider {
  return { issuer: ISSUER, audience: AUDIENCE, keys: { url } }
}

function jwksOf({ publicJwk }: SigningKey): HubReply {
  return { status: 200, text: JSON.stringify({ keys: [{ ...publicJwk, kid: 'login-1' }] }) }
}

/** An honest answer of two sources, or of others, to a call. */
export async function answerTo(
  { peers, hub }: Pick<TestRegion, 'peers' | 'hub'>,
  { digest }: HubCall,
  options: Omit<PeerAnswer, 'request'>,
): Promise<HubReply> {
  const { text, receipt } = await peerAnswer(peers, { request: digest, hubUrl: hub.url, ...options })
  return { status: 200, text, headers: { 'tsunagi-receipt': receipt } }
}

async function verifiedCall(
  request: IncomingMessage,
  body: string,
  hubUrl: string,
  key: SigningKey,
): Promise<HubCall> {
  const token = (request.headers.authorization ?? '').replace('Bearer ', '')
  const { claims } = await verifyToken(token, {
    typ: 'tsunagi-request+jwt',
    schema: requestClaimsSchema,
    audience: hubUrl,
    now: NOON,
    keyOf: async () => ({ ...(await verifyingKey(key.publicJwk)), owner: ASKING }),
  })
  const [method = '', path = ''] = [request.method, request.url]
  const { htm, htu, bod } = callClaims({ method: claims.htm, url: `${hubUrl}${path}`, body })
  if (htm !== method || htu !== claims.htu || bod !== claims.bod) throw new Error('Not what was signed.')
  return { method, path, body, claims, digest: tokenDigest(token) }
}

async function directoryToken(
  url: string,
  { peers, key, directoryKey }: { peers: Peers; key: SigningKey; directoryKey: SigningKey },
): Promise<string> {
  const region = (id: string, name: string, number: number, { publicJwk }: SigningKey) => ({
    id,
    name,
    patientSystem: `urn:oid:2.999.14.1.${number}`,
    gatewayUrl: null,
    stage: 'asking' as const,
    keys: [{ jwk: publicJwk, successor: null }],
  })
  const directory: Directory = {
    hub: {
      url,
      keys: {
        directory: directoryKey.publicJwk,
        mandate: (await generateSigningKey('ES256')).publicJwk,
        receipt: peers.hub.publicJwk,
        checkpoint: (await generateSigningKey('Ed25519')).publicJwk,
      },
    },
    regions: [
      region('minato', 'みなと連携ネット', 1, key),
      region('sagamino', 'さがみ野つながるネット', 2, peers.sagamino),
      region('shiokaze', 'しおかぜ医療介護ネット', 3, peers.shiokaze),
    ],
    institutions: [{ number: '1410000001', name: 'みなと病院', kind: 'hospital', regions: ['minato'] }],
  }
  return signToken(directoryKey, 'tsunagi-directory+jwt', {
    ...freshClaims(url, DIRECTORY_AUDIENCE, NOON),
    version: 1,
    directory,
  } as Parameters<typeof signToken>[2])
}

function searchset(patients: object[], asked: URLSearchParams): string {
  const wanted = asked.get('_id') ?? asked.get('identifier') ?? ''
  const found = patients.filter((patient) => {
    const { id, identifier } = patient as typeof PATIENT
    return id === wanted || identifier.some(({ system, value }) => `${system}|${value}` === wanted)
  })
  const entry = found.map((resource) => ({ resource, search: { mode: 'match' } }))
  return JSON.stringify({ resourceType: 'Bundle', type: 'searchset', entry })
}

/** A plain HTTP server of the test, closed with it. */
async function serve(
  stack: AsyncDisposableStack,
  answer: (request: IncomingMessage, body: string, url: string) => Promise<HubReply>,
): Promise<{ url: string; close(): void; server: Server }> {
  const server = createServer((request, response) => {
    void respond(request, response).catch((error: Error) => response.writeHead(500).end(error.message))
  })
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { status, text, headers } = await answer(request, Buffer.concat(chunks).toString(), urlOf(server))
    response.writeHead(status, headers).end(text)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  stack.defer(close)
  return { url: urlOf(server), close, server }
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
