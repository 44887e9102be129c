import { expect, test } from 'vitest'
import { DIRECTORY_AUDIENCE, type Directory, directoryClaimsSchema } from '../../src/registry/index.ts'
import {
  freshClaims,
  generateSigningKey,
  signToken,
  verifyingKey,
  verifyToken,
} from '../../src/trust/index.ts'
import { NOON } from '../support/test-context.ts'

const HUB_URL = 'https://hub.tsunagi.example'
/** The schema's own bound: more than the hospitals, clinics, pharmacies and care providers of a prefecture. */
const INSTITUTIONS = 20_000

test('a directory of a whole prefecture is one that gateways can read', async () => {
  const [key, other] = await Promise.all([generateSigningKey('ES256'), generateSigningKey('ES256')])
  const institutions = Array.from({ length: INSTITUTIONS }, (_, n) => ({
    number: String(1_410_000_000 + n),
    name: `医療法人社団 汐見会 港町通り内科外科クリニック 第${n}`,
    kind: 'clinic' as const,
    regions: ['minato', 'shiokaze'],
  }))
  const keys = {
    directory: key.publicJwk,
    mandate: other.publicJwk,
    receipt: other.publicJwk,
    checkpoint: other.publicJwk,
  }
  const directory: Directory = { hub: { url: HUB_URL, keys }, regions: [], institutions }
  const claims = { ...freshClaims(HUB_URL, DIRECTORY_AUDIENCE, NOON), version: 1, directory }
  const token = await signToken(key, 'tsunagi-directory+jwt', claims)
  const read = await verifyToken(token, {
    typ: 'tsunagi-directory+jwt',
    schema: directoryClaimsSchema,
    audience: DIRECTORY_AUDIENCE,
    now: NOON,
    keyOf: async () => ({ ...(await verifyingKey(key.publicJwk)), owner: HUB_URL }),
  })
  expect(read.claims.directory.institutions).toHaveLength(INSTITUTIONS)
})
