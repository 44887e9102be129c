import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordPolicy } from '../../src/registry/index.ts'
import {
  callClaims,
  type MandateClaims,
  mandateClaimsSchema,
  requestClaimsSchema,
  saltedBirthSexHash,
  saltFor,
  tokenDigest,
  verifyingKey,
  verifyToken,
} from '../../src/trust/index.ts'
import { CARE_ITEM_CODES, ITEM_CODES, itemsOf } from '../../src/vocabulary/index.ts'
import { policyFrom, readAs } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import {
  consentIn,
  queryCall,
  type RegionId,
  register,
  SYSTEM_OF,
  type TestHub,
} from '../support/test-hub.ts'
import { records, threeRegions } from './ask-three.ts'

/** What a mandate says, checked as the answering gateway checks it: never wider or longer than its query. */
let t: TestHub
beforeAll(async () => {
  t = await threeRegions()
})
afterAll(() => t[Symbol.asyncDispose]())

async function mandateOf(region: RegionId): Promise<MandateClaims> {
  const jws = t.gateways[region].calls.at(-1)?.mandate ?? ''
  const { claims } = await verifyToken(jws, {
    typ: 'tsunagi-mandate+jwt',
    schema: mandateClaimsSchema,
    audience: region,
    now: NOON,
    keyOf: async () => ({ ...(await verifyingKey(t.hub.keys.mandate.publicJwk)), owner: t.hub.publicUrl }),
  })
  return claims
}

async function ask(...asked: Parameters<typeof queryCall> extends [unknown, ...infer Rest] ? Rest : never) {
  const response = await t.send('shiokaze', queryCall('shiokaze', ...asked))
  await response.text()
  return response.status
}

test('each region gets its own: for its own patient, its own call, this very request', async () => {
  expect(await ask()).toBe(200)
  const [minato, sagamino] = [await mandateOf('minato'), await mandateOf('sagamino')]
  expect(minato.patient).toEqual({ system: SYSTEM_OF.minato, value: 'm-1' })
  expect(sagamino.patient).toEqual({ system: SYSTEM_OF.sagamino, value: 's-1' })
  expect(minato.jti).not.toBe(sagamino.jti)
  for (const [id, claims] of [['minato', minato] as const, ['sagamino', sagamino] as const]) {
    const call = t.gateways[id].calls.at(-1)
    expect(claims).toMatchObject({
      iss: t.hub.publicUrl,
      aud: id,
      req: tokenDigest(call?.request ?? ''),
      ...callClaims({ method: 'POST', url: `${t.gateways[id].url}/fhir/_search`, body: call?.body ?? '' }),
    })
    const other = id === 'minato' ? 's-1' : 'm-1'
    expect(JSON.stringify(claims) + decodeURIComponent(call?.body ?? '')).not.toMatch(
      new RegExp(`${other}|p-1`),
    )
    expect(Buffer.byteLength(call?.mandate ?? '')).toBeLessThan(3_072)
  }
})

test('the actors stand in order: the hub, for the region, for the user', async () => {
  await ask({ user: 'dr-7' })
  expect((await mandateOf('minato')).act).toEqual({
    sub: t.hub.publicUrl,
    act: { sub: 'shiokaze', act: { sub: 'dr-7' } },
  })
})

test('the request travels unchanged, and its salt opens birth date and sex but not the patient id', async () => {
  const salt = 'salt-of-this-query'
  await ask({ salt })
  const request = t.gateways.minato.calls.at(-1)?.request ?? ''
  const claims = requestClaimsSchema.parse(
    JSON.parse(Buffer.from(request.split('.')[1] ?? '', 'base64url').toString()),
  )
  const mandate = await mandateOf('minato')
  expect(mandate.salt).toBe(saltFor(salt, 'birth-sex'))
  expect(saltedBirthSexHash(mandate.salt, '1961-02-03', 'female')).toBe(claims.extensions?.tsunagi.birth_sex)
  expect(JSON.stringify(mandate)).not.toContain(salt)
  expect(JSON.stringify(mandate)).not.toContain(saltFor(salt, 'patient'))
})

describe('never longer than the query', () => {
  test.each([
    ['a minute left', 60, 60],
    ['ten seconds left', 10, 10],
    ['already past, within the skew', -30, 1],
  ])('%s', async (_, left, lifetime) => {
    const now = Math.floor(NOON.getTime() / 1000)
    expect(await ask({}, { iat: now + left - 60, exp: now + left })).toBe(200)
    const { iat, exp } = await mandateOf('minato')
    expect(exp - iat).toBe(lifetime)
  })
})

describe('never wider than what is permitted', () => {
  test('only the items asked for, of the types asked for', async () => {
    await ask({ items: ['condition', 'infection', 'laboratory'] })
    expect((await mandateOf('minato')).items).toEqual(['condition', 'infection', 'laboratory'])
    await ask({ items: ['condition', 'infection', 'laboratory'], form: { _type: 'Observation' } })
    expect((await mandateOf('minato')).items).toEqual(['infection', 'laboratory'])
    expect(decodeURIComponent(t.gateways.minato.calls.at(-1)?.body ?? '')).toContain('_type=Observation')
    await ask({ items: ['life-data'], form: { _type: 'DocumentReference' } })
    expect(decodeURIComponent(t.gateways.minato.calls.at(-1)?.body ?? '')).toMatch(/_type=DocumentReference$/)
    await ask({ path: '/fhir/Condition/_search' })
    expect((await mandateOf('minato')).items).toEqual(itemsOf(['Condition']))
    expect(decodeURIComponent(t.gateways.minato.calls.at(-1)?.body ?? '')).toContain('_type=Condition')
  })
  test('the period asked for, and none where none was', async () => {
    await ask({ form: { date: 'ge2026-01-01' } })
    expect((await mandateOf('minato')).period).toEqual({ from: '2026-01-01' })
    await ask()
    expect((await mandateOf('minato')).period).toBeUndefined()
  })
  test('what the resident refused in one region is not asked there, and is asked elsewhere', async () => {
    const refused = {
      type: 'permit',
      provision: [
        {
          type: 'deny',
          code: [{ coding: [{ system: 'https://tsunagi.example/CodeSystem/item', code: 'infection' }] }],
        },
      ],
    }
    await register(t, 'minato', 'm-1', { consent: { meta: { versionId: '2' }, provision: refused } })
    await ask()
    const { items, versions } = await mandateOf('minato')
    expect(items).toEqual(ITEM_CODES.filter((item) => item !== 'infection'))
    expect(versions.consent).toBe(2)
    expect((await mandateOf('sagamino')).items).toEqual([...ITEM_CODES])
  })
  test('what the holder’s policy keeps from the asker’s profession is not asked', async () => {
    const forms = { 'form-2025': readAs('medical') }
    await t.db.transaction((tx) => recordPolicy(tx, 'sagamino', policyFrom({ version: 2, forms }), NOON))
    await ask()
    const { items, versions } = await mandateOf('sagamino')
    expect(items).toEqual(ITEM_CODES.filter((item) => !CARE_ITEM_CODES.includes(item)))
    expect(versions.policy).toBe(2)
  })
  test('nobody is asked where nothing asked for is permitted', async () => {
    const [before] = [t.gateways.minato.calls.length]
    await ask({ items: ['infection'] })
    expect(t.gateways.minato.calls).toHaveLength(before)
    expect((await records(t, 'query.attempt')).at(-1)?.verdicts).toMatchObject([
      { region: 'minato', verdict: 'deny', reason: 'nothing-permitted' },
      { region: 'sagamino', verdict: 'permit' },
    ])
  })
  test('a withdrawn consent: no call at all (D8)', async () => {
    const withdrawn = JSON.stringify(
      consentIn('minato', 'm-1', { meta: { versionId: '3' }, status: 'inactive' }),
    )
    expect((await t.send('minato', { method: 'POST', path: '/fhir/Consent', body: withdrawn })).status).toBe(
      201,
    )
    const before = t.gateways.minato.calls.length
    expect(await ask()).toBe(200)
    expect(t.gateways.minato.calls).toHaveLength(before)
  })
})

test('every mandate promises the record of its attempt, made before any region was asked', async () => {
  const attempts = (await records(t, 'query.attempt')).length
  t.gateways.sagamino.answers(async () => {
    expect((await records(t, 'query.attempt')).length).toBe(attempts + 1)
    return {}
  })
  await ask()
  const { promise } = await mandateOf('sagamino')
  const [row] = await t.db.execute<{ found: boolean }>(
    `select exists (select from audit_unsealed where leaf_hash = decode('${Buffer.from(promise.leaf, 'base64url').toString('hex')}', 'hex')) as found`,
  )
  expect(row?.found).toBe(true)
  expect(promise.by).toBe(new Date(NOON.getTime() + 60_000).toISOString())
})
