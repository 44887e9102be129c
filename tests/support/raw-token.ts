import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { exportJWK } from 'jose'
import type { SigningKey } from '../../src/trust/index.ts'

/** A token of any header and payload text, signed as ES256 over exactly those texts: what no library would make. */
export async function rawToken(
  key: SigningKey,
  header: string | object,
  payload: string | object,
): Promise<string> {
  const text = (part: string | object) => (typeof part === 'string' ? part : JSON.stringify(part))
  const input = [header, payload].map((part) => Buffer.from(text(part)).toString('base64url')).join('.')
  const signature = sign('sha256', Buffer.from(input), {
    key: await keyObject(key),
    dsaEncoding: 'ieee-p1363',
  })
  return `${input}.${signature.toString('base64url')}`
}

export async function keyObject(key: SigningKey): Promise<KeyObject> {
  return createPrivateKey({ key: { ...(await exportJWK(key.privateKey)) }, format: 'jwk' })
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
