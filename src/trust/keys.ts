import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { z } from 'zod'
import { BYTES_32 } from '../kernel/base64url.ts'
import { must } from '../kernel/must.ts'

/** The only algorithms of the objects (design, "Rules of the objects"); Ed25519 as named by RFC 9864. */
export const ALGORITHMS = ['ES256', 'Ed25519'] as const
export type Algorithm = (typeof ALGORITHMS)[number]

const coordinate = z.string().regex(BYTES_32)

/** A public key as it stands in directories and the registry: nothing but what the thumbprint covers. */
export const publicJwkSchema = z.discriminatedUnion('kty', [
  z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }),
  z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: coordinate }),
])
export type PublicJwk = z.infer<typeof publicJwkSchema>

export interface SigningKey {
  /** RFC 7638 thumbprint of the public key. */
  kid: string
  alg: Algorithm
  privateKey: CryptoKey
  publicJwk: PublicJwk
}

export interface VerifyingKey {
  kid: string
  alg: Algorithm
  publicKey: CryptoKey
}

export function algorithmOf(jwk: PublicJwk): Algorithm {
  return jwk.kty === 'EC' ? 'ES256' : 'Ed25519'
}

export function thumbprintOf(jwk: PublicJwk): Promise<string> {
  return calculateJwkThumbprint(jwk, 'sha256')
}

const imported = new WeakMap<PublicJwk, Promise<VerifyingKey>>()

/** The key ready for verifying. Memoised by the object, which whoever holds keys (register, directory) keeps as it is. */
export function verifyingKey(jwk: PublicJwk): Promise<VerifyingKey> {
  const known = imported.get(jwk)
  if (known !== undefined) return known
  const key = importKey(jwk)
  imported.set(jwk, key)
  return key
}

async function importKey(jwk: PublicJwk): Promise<VerifyingKey> {
  const [kid, alg] = [await thumbprintOf(jwk), algorithmOf(jwk)]
  return { kid, alg, publicKey: (await importJWK(jwk, alg)) as CryptoKey }
}

export async function generateSigningKey(alg: Algorithm): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return signingKeyOf(await exportJWK(privateKey))
}

async function signingKeyOf(privateJwk: JWK): Promise<SigningKey> {
  const { d: _secret, ...rest } = privateJwk
  const { kty, crv, x, y } = rest
  const publicJwk = publicJwkSchema.parse(y === undefined ? { kty, crv, x } : { kty, crv, x, y })
  const alg = algorithmOf(publicJwk)
  const privateKey = (await importJWK(privateJwk, alg, { extractable: true })) as CryptoKey
  return { kid: await thumbprintOf(publicJwk), alg, privateKey, publicJwk }
}

/** What the operator must mend before the process may start. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError'
}

/** Reads a private JWK from a file that only its owner may read. Throws KeyFileError. */
export async function readSigningKey(file: string): Promise<SigningKey> {
  const mode = statSync(file).mode & 0o777
  if ((mode & 0o077) !== 0) {
    throw new KeyFileError(`Key file ${file} may be read by others (mode ${mode.toString(8)}): chmod 600 it.`)
  }
  try {
    return await signingKeyOf(JSON.parse(readFileSync(file, 'utf8')) as JWK)
  } catch (cause) {
    throw new KeyFileError(`Key file ${file} is not a private JWK for ES256 or Ed25519.`, { cause })
  }
}

/** The key of the file, made and written (mode 600) when there is none yet. */
export async function readOrMakeSigningKey(file: string, alg: Algorithm): Promise<SigningKey> {
  if (!existsSync(file)) {
    const key = await generateSigningKey(alg)
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(file, `${JSON.stringify(await exportJWK(key.privateKey))}\n`, { mode: 0o600, flag: 'wx' })
    chmodSync(file, 0o600)
  }
  const key = await readSigningKey(file)
  must(key.alg === alg, 'a key file holds a key of the algorithm it was made for')
  return key
}
