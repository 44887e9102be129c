import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { auditEntry } from '../../src/audit/tables.ts'
import { addKey, readRegistry, retireKey } from '../../src/registry/index.ts'
import {
  callClaims,
  freshClaims,
  generateSigningKey,
  type ReceiptClaims,
  type RequestClaims,
  receiptClaimsSchema,
  type SigningKey,
  signToken,
  verifyingKey,
  verifyToken,
} from '../../src/trust/index.ts'
import { replay } from '../../src/trust/tables.ts'
import { capturedLog } from '../support/captured-log.ts'
import { keyObject, rawToken, sha256Of } from '../support/raw-token.ts'
import { NOON } from '../support/test-context.ts'
import {
  patientIn,
  patientPath,
  pixPath,
  queryCall,
  register,
  type TestHub,
  testHub,
} from '../support/test-hub.ts'

/** Cases A1–A30 over HTTP: every one a 401, whatever a library throws, and nothing of it kept. */
const PATH = pixPath('minato', 'm-1')

/** Ten seconds pass before each test, so that the refusals of one do not hold back the next. */
let now = NOON
const seconds = (offset: number) => Math.floor(now.getTime() / 1000) + offset

const { log, lines } = capturedLog()
let t: TestHub
let key: SigningKey
let header: { alg: string; typ: string; kid: string }

beforeAll(async () => {
  t = await testHub({ now: () => now, log })
  key = t.keys.minato
  header = { alg: 'ES256', typ: 'tsunagi-request+jwt', kid: key.kid }
  await register(t, 'minato', 'm-1')
})
beforeEach(() => {
  now = new Date(now.getTime() + 10_000)
})
afterAll(() => t[Symbol.asyncDispose]())

function claims(changes: object = {}): Record<string, unknown> {
  return {
    ...freshClaims('minato', t.hub.publicUrl, now),
    ...callClaims({ method: 'GET', url: t.hub.publicUrl + PATH, body: '' }),
    ...changes,
  }
}

async function send(token: string, path = PATH): Promise<Response> {
  return fetch(t.hub.publicUrl + path, { headers: { authorization: `Bearer ${token}` } })
}

async function refused(token: string, path = PATH): Promise<string> {
  const before = await t.db.$count(replay)
  const response = await send(token, path)
  const body = (await response.json()) as {
    resourceType: string
    issue: [{ details: { coding: [{ code: string }] } }]
  }
  expect(response.status, JSON.stringify(body)).toBe(401)
  expect(body.resourceType).toBe('OperationOutcome')
  expect(await t.db.$count(replay)).toBe(before)
  return body.issue[0].details.coding[0].code
}

afterAll(() => {
  expect(lines.length).toBeGreaterThan(10)
  expect(lines.join('')).not.toMatch(/eyJ[\w-]{8,}\.|access_token|[|"C]m-1\b|OR 1=1|dev.null/)
})

test('200 for the honest request that all others are made from', async () => {
  expect((await send(await rawToken(key, header, claims()))).status).toBe(200)
})

describe('algorithms and headers', () => {
  test.each(['none', 'nOnE', 'NONE', '', 'RS256', 'PS256', 'ES384', 'HS256'])(
    'A1, A2, A4: alg %s',
    async (alg) => {
      expect(await refused(await rawToken(key, { ...header, alg }, claims()))).toBe('token-algorithm')
    },
  )
  test('A1: alg none with an empty signature', async () => {
    const token = await rawToken(key, { ...header, alg: 'none' }, claims())
    await refused(token.slice(0, token.lastIndexOf('.') + 1))
  })
  test('A3: HS256 keyed with the region’s public key', async () => {
    const pem = createPublicKey(await keyObject(key)).export({ type: 'spki', format: 'pem' }) as string
    const token = await rawToken(key, { ...header, alg: 'HS256' }, claims())
    const input = token.slice(0, token.lastIndexOf('.'))
    await refused(`${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`)
  })
  test('A4: an Ed25519 header over a key registered as P-256', async () => {
    expect(await refused(await rawToken(key, { ...header, alg: 'Ed25519' }, claims()))).toBe(
      'token-algorithm',
    )
  })
  test.each([
    ['unknown', 'a'.repeat(43)],
    ['a path', '../../dev/null'],
    ['SQL', "' OR 1=1--"],
    ['10 kB', 'a'.repeat(10_000)],
    ['an array', ['a']],
    ['missing', undefined],
  ])('A5, A6: kid %s', async (_, kid) => {
    await refused(await rawToken(key, { ...header, kid }, claims()))
  })
  test('A7: another region’s key under this region’s name, with an alarm, and the reverse', async () => {
    expect(
      await refused(await rawToken(t.keys.shiokaze, { ...header, kid: t.keys.shiokaze.kid }, claims())),
    ).toBe('token-issuer')
    await refused(await rawToken(key, { ...header, kid: t.keys.shiokaze.kid }, claims()))
    const alarms = lines.map((line) => JSON.parse(line)).filter(({ code }) => code === 'token-issuer')
    expect(alarms).toMatchObject([{ level: 'error', event: 'request.refused', alarm: 'cross-issuer-key' }])
  })
  test('A8: jku and x5u are refused and nothing is fetched', async () => {
    let connections = 0
    const attacker = createServer().on('connection', () => connections++)
    await new Promise<void>((resolve) => attacker.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(attacker.address() as AddressInfo).port}/jwks`
    await refused(await rawToken(key, { ...header, jku: url }, claims()))
    await refused(await rawToken(key, { ...header, x5u: url }, claims()))
    await new Promise((resolve) => attacker.close(resolve))
    expect(connections).toBe(0)
  })
  test.each([
    ['A9: jwk', { jwk: { kty: 'EC' } }],
    ['A9: x5c', { x5c: ['MII'] }],
    ['A10: crit', { crit: ['zzz'], zzz: 1 }],
    ['A10: b64', { b64: false, crit: ['b64'] }],
    ['cty', { cty: 'JWT' }],
  ])('%s in the header', async (_, extra) => {
    await refused(await rawToken(key, { ...header, ...extra }, claims()))
  })
  test.each(['tsunagi-receipt+jwt', 'tsunagi-mandate+jwt', 'JWT', 'at+jwt', ''])(
    'A14: typ %s',
    async (typ) => {
      expect(await refused(await rawToken(key, { ...header, typ }, claims()))).toBe('token-type')
    },
  )
  test('A21: a header parameter twice', async () => {
    const text = `{"alg":"none","alg":"ES256","typ":"${header.typ}","kid":"${header.kid}"}`
    await refused(await rawToken(key, text, claims()))
  })
  test('A23: a JWE, in under 5 ms of the hub’s time', async () => {
    const jwe = `${Buffer.from('{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":1000000000,"zip":"DEF"}').toString('base64url')}.a.b.c.d`
    const started = performance.now()
    await refused(jwe)
    expect(performance.now() - started).toBeLessThan(200)
  })
})

describe('times', () => {
  test.each([
    ['A11: expired 61 s ago', -121, -61],
    ['A11: expired 60 s ago', -120, -60],
    ['A11: issued in 61 s', 61, 100],
    ['A12: valid for 121 s', 0, 121],
    ['A12: valid for a day', 0, 86_400],
    ['A12: exp before iat', 0, -1],
  ])('%s', async (_, iat, exp) => {
    const times = { iat: seconds(iat), exp: seconds(exp) }
    expect(await refused(await rawToken(key, header, claims(times)))).toBe('token-time')
  })
  test.each([
    ['no exp', () => ({ exp: undefined })],
    ['no iat', () => ({ iat: undefined })],
    ['float', () => ({ exp: seconds(60) + 0.5 })],
    ['string', () => ({ exp: String(seconds(60)) })],
    ['negative', () => ({ iat: -1, exp: 60 })],
    ['huge', () => ({ exp: 1e18 })],
    ['nbf, which is none of ours', () => ({ nbf: seconds(61) })],
  ])('A12: %s', async (_, times) => {
    expect(await refused(await rawToken(key, header, claims(times())))).toBe('token-claims')
  })
  test.each([
    ['expired 59 s ago', -119, -59],
    ['issued in 59 s', 59, 100],
  ])('A11: %s is within the skew', async (_, iat, exp) => {
    const times = { iat: seconds(iat), exp: seconds(exp) }
    expect((await send(await rawToken(key, header, claims(times)))).status).toBe(200)
  })
})

describe('claims', () => {
  test('A13: other audiences, lists and prefixes', async () => {
    const { publicUrl } = t.hub
    for (const aud of [
      'https://other.example',
      'minato',
      [publicUrl, 'x'],
      [publicUrl],
      publicUrl.slice(0, -1),
      `${publicUrl}/`,
    ]) {
      await refused(await rawToken(key, header, claims({ aud })))
    }
  })
  test.each([
    ['an unknown claim', { role: 'admin' }],
    ['no jti', { jti: undefined }],
    ['a short jti', { jti: 'x' }],
    ['a claim of a query without the others', { sub: 'dr-1' }],
  ])('%s', async (_, changes) => {
    expect(await refused(await rawToken(key, header, claims(changes)))).toBe('token-claims')
  })
  test('A21: a claim twice', async () => {
    const text = JSON.stringify(claims()).replace('{', '{"iss":"shiokaze",')
    expect(await refused(await rawToken(key, header, text))).toBe('token-invalid')
  })
  test('a payload that is no object, deep, or holds NUL', async () => {
    for (const payload of [
      '[]',
      '"x"',
      'null',
      '1',
      `${'['.repeat(500)}${']'.repeat(500)}`,
      '{"a":"\\u0000"}',
      '{',
    ]) {
      await refused(await rawToken(key, header, payload))
    }
  })
  test('A24, A25: the same token for another path, query, method or body', async () => {
    const token = await rawToken(key, header, claims())
    await refused(token, PATH.replace('m-1', 'm-2'))
    await refused(token, `${PATH}&targetSystem=x`)
    const body = JSON.stringify(patientIn('minato', 'm-9'))
    const path = patientPath('minato', 'm-9')
    const altered = await t.send('minato', {
      method: 'PUT',
      path,
      body,
      claims: { bod: sha256Of(`${body} `) },
    })
    expect(altered.status).toBe(401)
    expect(await altered.text()).toContain('call-mismatch')
  })
})

describe('encodings', () => {
  test('A18: the re-encoded signature of a used token is the same token', async () => {
    const token = await rawToken(key, header, claims())
    expect((await send(token)).status).toBe(200)
    const [head, payload, signature = ''] = token.split('.')
    const bytes = Buffer.from(signature, 'base64url')
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const twin = (order - BigInt(`0x${bytes.subarray(32).toString('hex')}`)).toString(16).padStart(64, '0')
    const again = `${head}.${payload}.${Buffer.concat([bytes.subarray(0, 32), Buffer.from(twin, 'hex')]).toString('base64url')}`
    expect(await refused(again)).toBe('token-replayed')
  })
  test('A19: r = s = 0, truncated and DER signatures', async () => {
    const token = await rawToken(key, header, claims())
    const input = token.slice(0, token.lastIndexOf('.'))
    const der = sign('sha256', Buffer.from(input), await keyObject(key)).toString('base64url')
    const truncated = Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url')
      .subarray(0, 63)
      .toString('base64url')
    for (const signature of [Buffer.alloc(64).toString('base64url'), truncated, der]) {
      expect(await refused(`${input}.${signature}`)).toBe('signature-invalid')
    }
  })
  test('A20: padding, whitespace, trailing bits and the other alphabet', async () => {
    const token = await rawToken(key, header, claims())
    const last = token.at(-1) === 'A' ? 'B' : 'A'
    const changed = [
      `${token}=`,
      `${token.replace('.', '.=')}`,
      `${token.slice(0, -1)}${last}`,
      token.replace('.', '..'),
      `${token}.`,
    ]
    for (const each of changed) await refused(each)
    expect(await rawSend([`Bearer ${token.slice(0, 20)} ${token.slice(20)}`])).toBe(401)
  })
  test('A22: a 9 kB token is a 401, a 1 MB one never reaches the hub', async () => {
    expect(await refused(`${await rawToken(key, header, claims())}${'A'.repeat(9_000)}`)).toBe(
      'token-too-large',
    )
    expect(await rawSend([`Bearer ${'A'.repeat(1_000_000)}`])).toBe(431)
  })
  test('A27: other schemes, a lower-case scheme, two headers, a token in the query string', async () => {
    const token = await rawToken(key, header, claims())
    expect(await rawSend([`Basic ${token}`])).toBe(401)
    expect(await rawSend([`bearer ${token}`])).toBe(401)
    expect(await rawSend([token])).toBe(401)
    expect(await rawSend([])).toBe(401)
    expect(await rawSend([`Bearer ${token}`, `Bearer ${token}`])).toBe(401)
    const inQuery = await fetch(`${t.hub.publicUrl}${PATH}&access_token=${token}`)
    expect(inQuery.status).toBe(401)
  })
})

/** Sends the Authorization headers as they are, also twice. */
function rawSend(authorization: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = authorization.flatMap((value) => ['authorization', value])
    const host = new URL(t.hub.publicUrl).host
    const sent = httpRequest(
      t.hub.publicUrl + PATH,
      { headers: ['host', host, ...headers] as never },
      (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      },
    )
    sent.on('error', reject)
    sent.end()
  })
}

describe('replay', () => {
  test('A15: the second use is refused and on the record, once', async () => {
    const replays = () => t.db.$count(auditEntry, sql`${auditEntry.kind} = 'replay.refused'`)
    const before = await replays()
    const token = await rawToken(key, header, claims())
    expect((await send(token)).status).toBe(200)
    expect(await refused(token)).toBe('token-replayed')
    expect(await replays()).toBe(before + 1)
  })
  test('a replayed query is refused, and nobody is asked again', async () => {
    const call = queryCall('minato', { localId: 'm-1' })
    const claims = { jti: 'replayed-query-jti-0001' }
    const first = await t.send('minato', { ...call, claims: { ...call.claims, ...claims } })
    const second = await t.send('minato', { ...call, claims: { ...call.claims, ...claims } })
    expect([first.status, second.status]).toEqual([403, 401])
    expect(await second.text()).toContain('token-replayed')
  })
  test('A28: a retired key signs no more; what it signed while it counted still verifies', async () => {
    const retired = await generateSigningKey('ES256')
    const from = new Date(now.getTime() - 1000)
    await t.db.transaction((tx) => addKey(tx, { region: 'minato', jwk: retired.publicJwk }, from))
    const own = { ...header, kid: retired.kid }
    expect((await send(await rawToken(retired, own, claims()))).status).toBe(200)
    const receipt = await signToken(retired, 'tsunagi-receipt+jwt', {
      ...freshClaims('minato', t.hub.publicUrl, now),
      req: sha256Of('request'),
      root: sha256Of(''),
      count: 0,
      status: 'denied',
      promise: { leaf: sha256Of('leaf'), by: now.toISOString() },
    } as ReceiptClaims)
    await t.db.transaction((tx) => retireKey(tx, retired.kid, now))
    expect(await refused(await rawToken(retired, own, claims()))).toBe('signing-key-unknown')

    /** As somebody checks it next day: by the key that counted when its entry was sealed. */
    const nextDay = new Date(now.getTime() + 86_400_000)
    const archived = (sealedAt: Date) =>
      verifyToken(receipt, {
        typ: 'tsunagi-receipt+jwt',
        schema: receiptClaimsSchema,
        audience: t.hub.publicUrl,
        now: nextDay,
        archived: true,
        keyOf: async (kid) => {
          // By its times alone: what is ended is over for calls, and its times stand for what it signed.
          const key = (await readRegistry(t.db)).keys.get(kid)
          const counted =
            key !== undefined && key.validFrom <= sealedAt && sealedAt < (key.validUntil ?? nextDay)
          return counted ? { ...(await verifyingKey(key.jwk)), owner: key.region } : undefined
        },
      })
    expect((await archived(new Date(now.getTime() - 1))).claims.iss).toBe('minato')
    await expect(archived(now)).rejects.toMatchObject({ code: 'signing-key-unknown' })
  })
  test('Ed25519 is accepted where the region registered such a key', async () => {
    const ed = await generateSigningKey('Ed25519')
    await t.db.transaction((tx) =>
      addKey(tx, { region: 'minato', jwk: ed.publicJwk }, new Date(now.getTime() - 1000)),
    )
    const token = await signToken(ed, 'tsunagi-request+jwt', claims() as unknown as RequestClaims)
    expect((await send(token)).status).toBe(200)
  })
  test('A4: an RSA key cannot even be registered', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const { publicJwkSchema } = await import('../../src/trust/index.ts')
    expect(publicJwkSchema.safeParse(publicKey.export({ format: 'jwk' })).success).toBe(false)
  })
})
