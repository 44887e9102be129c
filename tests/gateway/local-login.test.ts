import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CompactSign, type JWTPayload, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { type LoginVerifier, loginVerifier } from '../../src/gateway/login.ts'
import { generateSigningKey, type SigningKey } from '../../src/trust/index.ts'
import { NOON } from '../support/test-context.ts'

const ISSUER = 'https://login.minato.example'
const AUDIENCE = 'https://gateway.minato.example'
const NOW = Math.floor(NOON.getTime() / 1000)

const CLINICIAN = {
  iss: ISSUER,
  aud: AUDIENCE,
  iat: NOW,
  exp: NOW + 300,
  jti: 'a-login-of-the-test-01',
  sub: 'dr-sato',
  name: '佐藤 一郎',
  role: 'clinician',
  profession: 'physician',
  post: 'attending',
  institution: '1410000001',
}

interface Provider extends Disposable {
  key: SigningKey
  verify: LoginVerifier
}

async function provider(alg: 'ES256' | 'Ed25519' = 'ES256'): Promise<Provider> {
  const key = await generateSigningKey(alg)
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-login-'))
  const file = join(folder, 'jwks.json')
  writeFileSync(file, JSON.stringify({ keys: [{ ...key.publicJwk, kid: 'login-1' }] }))
  return {
    key,
    verify: loginVerifier({ issuer: ISSUER, audience: AUDIENCE, keys: { file } }, () => NOON),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

function sign({ key }: Pick<Provider, 'key'>, claims: object): Promise<string> {
  return new SignJWT(claims as JWTPayload)
    .setProtectedHeader({ alg: key.alg, kid: 'login-1' })
    .sign(key.privateKey)
}

test.each(['ES256', 'Ed25519'] as const)('a login signed with %s says who is at the screen', async (alg) => {
  using idp = await provider(alg)
  expect(await idp.verify(await sign(idp, CLINICIAN))).toEqual({
    role: 'clinician',
    user: 'dr-sato',
    userName: '佐藤 一郎',
    profession: 'physician',
    post: 'attending',
    institution: '1410000001',
    secondFactor: false,
    token: {
      iss: ISSUER,
      aud: AUDIENCE,
      iat: NOW,
      exp: NOW + 300,
      jti: 'a-login-of-the-test-01',
      authenticatedAt: NOW,
    },
  })
})

test.each<[string, object, boolean]>([
  ['of a password and a one-time code', { amr: ['pwd', 'otp'] }, true],
  ['that the provider calls multi-factor', { amr: ['mfa'] }, true],
  ['of a card and a face', { amr: ['sc', 'face'] }, true],
  ['of two passwords', { amr: ['pwd', 'pin'] }, false],
  ['of a code alone', { amr: ['otp'] }, false],
  ['by two factors eleven hours ago', { amr: ['pwd', 'otp'], auth_time: NOW - 11 * 3_600 }, true],
])('a login %s: whether it is by two factors', async (_how, claims, secondFactor) => {
  using idp = await provider()
  expect(await idp.verify(await sign(idp, { ...CLINICIAN, ...claims }))).toMatchObject({ secondFactor })
})

test('nobody proves who they are after the login that says so', async () => {
  using idp = await provider()
  const ahead = { ...CLINICIAN, iat: NOW - 60, auth_time: NOW + 3_600 }
  expect((await idp.verify(await sign(idp, ahead))).token.authenticatedAt).toBe(NOW - 60)
})

test('a feeding system has neither profession nor institution', async () => {
  using idp = await provider()
  const { profession: _p, post: _o, institution: _i, ...rest } = CLINICIAN
  expect(await idp.verify(await sign(idp, { ...rest, role: 'feed' }))).toMatchObject({ role: 'feed' })
})

describe('401 login-required, whatever is wrong', () => {
  const { jti: _jti, ...withoutJti } = CLINICIAN
  const { exp: _exp, ...withoutExp } = CLINICIAN
  test.each<[string, object]>([
    ['another issuer', { ...CLINICIAN, iss: 'https://login.elsewhere.example' }],
    ['another audience', { ...CLINICIAN, aud: 'https://gateway.sagamino.example' }],
    ['a list of audiences', { ...CLINICIAN, aud: [AUDIENCE, 'https://other.example'] }],
    ['no expiry', withoutExp],
    ['no id', withoutJti],
    ['over', { ...CLINICIAN, iat: NOW - 600, exp: NOW - 120 }],
    ['from the future', { ...CLINICIAN, iat: NOW + 120, exp: NOW + 300 }],
    ['valid for more than 12 h', { ...CLINICIAN, exp: NOW + 12 * 3_600 + 1 }],
    ['of a proof older than 12 h', { ...CLINICIAN, auth_time: NOW - 12 * 3_600 - 1 }],
    ['an unknown claim', { ...CLINICIAN, admin: true }],
    ['an unknown profession', { ...CLINICIAN, profession: 'wizard' }],
    ['a clinician of no institution', { ...CLINICIAN, institution: undefined }],
    ['an unknown role', { ...CLINICIAN, role: 'operator' }],
  ])('%s', async (_case, claims) => {
    using idp = await provider()
    await expect(idp.verify(await sign(idp, claims))).rejects.toMatchObject({ code: 'login-required' })
  })

  test('a key of somebody else', async () => {
    using idp = await provider()
    const token = await sign({ key: await generateSigningKey('ES256') }, CLINICIAN)
    await expect(idp.verify(token)).rejects.toMatchObject({ kind: 'unauthenticated' })
  })

  test('alg none, HS256 with the public key, and no token at all', async () => {
    using idp = await provider()
    const payload = Buffer.from(JSON.stringify(CLINICIAN)).toString('base64url')
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
    const secret = new TextEncoder().encode(JSON.stringify(idp.key.publicJwk))
    const hmac = await new SignJWT(CLINICIAN).setProtectedHeader({ alg: 'HS256' }).sign(secret)
    for (const token of [none, hmac, '', 'a.b.c', `${'x'.repeat(5_000)}.y.z`]) {
      await expect(idp.verify(token)).rejects.toMatchObject({ code: 'login-required' })
    }
  })

  test('a claim that stands twice', async () => {
    using idp = await provider()
    const twice = `{"role":"council",${JSON.stringify(CLINICIAN).slice(1)}`
    const token = await new CompactSign(new TextEncoder().encode(twice))
      .setProtectedHeader({ alg: 'ES256', kid: 'login-1' })
      .sign(idp.key.privateKey)
    await expect(idp.verify(token)).rejects.toMatchObject({ code: 'login-required' })
  })
})

test('keys may stand at the provider’s address; when it is down nobody logs in', async () => {
  using idp = await provider()
  const server = createServer((_request, response) => {
    response.end(JSON.stringify({ keys: [{ ...idp.key.publicJwk, kid: 'login-1' }] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`
  const verifier = () => loginVerifier({ issuer: ISSUER, audience: AUDIENCE, keys: { url } }, () => NOON)
  const token = await sign(idp, CLINICIAN)
  expect(await verifier()(token)).toMatchObject({ user: 'dr-sato' })
  server.close()
  server.closeAllConnections()
  await expect(verifier()(token)).rejects.toMatchObject({ code: 'login-required' })
})
