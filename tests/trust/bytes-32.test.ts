import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pin } from '../../src/gateway/tables.ts'
import { BYTES_32 } from '../../src/kernel/base64url.ts'
import {
  freshClaims,
  generateSigningKey,
  publicJwkSchema,
  requestClaimsSchema,
  sha256,
} from '../../src/trust/index.ts'
import { NOON, testContext } from '../support/test-context.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The other texts that decode to the same bytes: those whose last character differs in its two spare bits. */
function otherSpellings(text: string): string[] {
  const last = ALPHABET.indexOf(text.at(-1) ?? '')
  return [1, 2, 3].map((spare) => text.slice(0, -1) + ALPHABET[last + spare])
}

test('32 bytes have one spelling', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64url')
      expect(text).toMatch(BYTES_32)
      for (const other of otherSpellings(text)) {
        expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(bytes))
        expect(other).not.toMatch(BYTES_32)
      }
    }),
  )
})

test('a key and a claim in another spelling are refused', async () => {
  const { publicJwk } = await generateSigningKey('Ed25519')
  const body = sha256('')
  const claims = {
    ...freshClaims('minato', 'https://hub.example', NOON),
    ...{ htm: 'GET', htu: 'https://hub.example/fhir/Consent', bod: body },
  }
  expect(publicJwkSchema.safeParse(publicJwk).success).toBe(true)
  expect(requestClaimsSchema.safeParse(claims).success).toBe(true)
  for (const x of otherSpellings(publicJwk.x)) {
    expect(publicJwkSchema.safeParse({ ...publicJwk, x }).success).toBe(false)
  }
  for (const bod of otherSpellings(body)) {
    expect(requestClaimsSchema.safeParse({ ...claims, bod }).success).toBe(false)
  }
})

test('the database refuses it too', async () => {
  await using t = await testContext('gateway')
  const row = { owner: 'minato', acceptedAt: NOON, thumbprint: sha256('key') }
  for (const thumbprint of otherSpellings(row.thumbprint)) {
    await expect(t.db.insert(pin).values({ ...row, thumbprint })).rejects.toMatchObject({
      cause: { code: '23514', constraint_name: 'pin_thumbprint' },
    })
  }
  await t.db.insert(pin).values(row)
})
