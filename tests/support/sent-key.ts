import { type CryptoKey, exportJWK, importJWK, type JWK } from 'jose'
import type { SigningKey } from '../../src/trust/index.ts'

/** A key as it goes from one process to another. */
export type SentKey = Omit<SigningKey, 'privateKey'> & { privateJwk: JWK }

export async function sentKey({ privateKey, ...key }: SigningKey): Promise<SentKey> {
  return { ...key, privateJwk: await exportJWK(privateKey) }
}

export async function signingKeyOf({ privateJwk, ...key }: SentKey): Promise<SigningKey> {
  return { ...key, privateKey: (await importJWK(privateJwk, key.alg, { extractable: true })) as CryptoKey }
}
