import { eq, inArray } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { auditEntry } from '../../src/audit/tables.ts'
import type { Transaction } from '../../src/kernel/database.ts'
import type { NewKey } from '../../src/registry/change-keys.ts'
import {
  addKey,
  agreementsOf,
  DIRECTORY_AUDIENCE,
  directoryClaimsSchema,
  endAgreement,
  endMembership,
  membershipOf,
  readRegistry,
  retireKey,
  setStage,
} from '../../src/registry/index.ts'
import { agreement, membership } from '../../src/registry/tables.ts'
import { generateSigningKey, verifyingKey, verifyToken } from '../../src/trust/index.ts'
import { secondHub } from '../support/second-hub.ts'
import { NOON } from '../support/test-context.ts'
import { CLINIC_OF, type TestHub, testHub } from '../support/test-hub.ts'

const EARLIER = new Date(NOON.getTime() - 1_000)

/** What everybody reads, checked as a gateway checks it. */
async function read(t: TestHub, url = t.url) {
  const { keys } = t.hub
  const { claims } = await verifyToken(await (await fetch(`${url}/directory`)).text(), {
    typ: 'tsunagi-directory+jwt',
    schema: directoryClaimsSchema,
    audience: DIRECTORY_AUDIENCE,
    now: NOON,
    keyOf: async () => ({ ...(await verifyingKey(keys.directory.publicJwk)), owner: t.hub.publicUrl }),
  })
  return claims
}

test('the directory names every region with its keys, every institution with its regions, and the hub’s own keys', async () => {
  await using t = await testHub()
  const { version, directory } = await read(t)
  expect(version).toBe(1)
  expect(directory.regions.map(({ id }) => id)).toEqual(['minato', 'sagamino', 'shiokaze'])
  expect(directory.regions[0]).toMatchObject({
    gatewayUrl: t.gateways.minato.url,
    keys: [{ jwk: t.keys.minato.publicJwk, successor: null }],
  })
  expect(directory.institutions[0]).toMatchObject({ number: CLINIC_OF.minato, regions: ['minato'] })
  expect(directory.hub.keys.mandate).toEqual(t.hub.keys.mandate.publicJwk)
})

test('the same content keeps its version; each change takes the next, and both are on the record', async () => {
  await using t = await testHub()
  expect([(await read(t)).version, (await read(t)).version]).toEqual([1, 1])
  const next = await generateSigningKey('ES256')
  await t.db.transaction((tx) => addKey(tx, { region: 'minato', jwk: next.publicJwk }, EARLIER))
  expect((await read(t)).version).toBe(2)
  await t.db.transaction((tx) => retireKey(tx, t.keys.minato.kid, EARLIER))
  const changed = await read(t)
  expect(changed.version).toBe(3)
  expect(changed.directory.regions[0]?.keys).toEqual([{ jwk: next.publicJwk, successor: null }])
  await t.db.transaction((tx) => setStage(tx, 'sagamino', 'left', EARLIER))
  await t.db.transaction((tx) =>
    endMembership(tx, { institution: CLINIC_OF.shiokaze, region: 'shiokaze' }, EARLIER),
  )
  const last = await read(t)
  expect(last.version).toBe(4)
  expect(last.directory.regions.map(({ id }) => id)).toEqual(['minato', 'shiokaze'])
  expect(last.directory.institutions.map(({ number }) => number)).toEqual([
    CLINIC_OF.minato,
    CLINIC_OF.sagamino,
  ])
  expect(await t.db.$count(auditEntry, eq(auditEntry.kind, 'directory.published'))).toBe(4)
})

describe('a change that would change nothing', () => {
  const MEMBER = { institution: CLINIC_OF.shiokaze, region: 'shiokaze' }
  const BETWEEN = { asking: 'shiokaze', holding: 'minato' }
  const LATER = new Date(NOON.getTime() + 86_400_000)
  const changes = (t: TestHub) => t.db.$count(auditEntry, inArray(auditEntry.kind, CHANGES))
  const CHANGES = ['key.changed', 'institution.changed', 'region.changed'] as const

  test('what was to end on a planned day ends at once, and once', async () => {
    await using t = await testHub()
    await t.db.update(membership).set({ validUntil: LATER })
    await t.db.update(agreement).set({ validUntil: LATER })
    await t.db.transaction((tx) => endMembership(tx, MEMBER, NOON))
    await t.db.transaction((tx) => endAgreement(tx, BETWEEN, NOON))
    const register = await readRegistry(t.db)
    expect(membershipOf(register, { ...MEMBER, at: NOON })).toBeUndefined()
    expect(agreementsOf(register, 'shiokaze', NOON).map(({ holding }) => holding)).toEqual(['sagamino'])
    const before = await changes(t)
    const again = (end: (tx: Transaction) => Promise<void>) => t.db.transaction(end)
    await expect(again((tx) => endMembership(tx, MEMBER, NOON))).rejects.toMatchObject({
      code: 'membership-unknown',
    })
    await expect(again((tx) => endAgreement(tx, BETWEEN, NOON))).rejects.toMatchObject({
      code: 'agreement-unknown',
    })
    expect(await changes(t)).toBe(before)
  })

  test('a key registered again as it is, is not said to be added; another’s or a retired one is refused', async () => {
    await using t = await testHub()
    const { publicJwk: jwk, kid } = t.keys.minato
    const add = (added: Omit<NewKey, 'jwk'>) => t.db.transaction((tx) => addKey(tx, { jwk, ...added }, NOON))
    const before = await changes(t)
    expect(await add({ region: 'minato' })).toBe(kid)
    await expect(add({ region: 'sagamino' })).rejects.toMatchObject({ code: 'key-known' })
    await expect(add({ region: 'minato', validUntil: LATER })).rejects.toMatchObject({ code: 'key-known' })
    expect(await changes(t)).toBe(before)
    await t.db.transaction((tx) => retireKey(tx, kid, NOON))
    await expect(add({ region: 'minato' })).rejects.toMatchObject({ code: 'key-known' })
  })
})

test('asked again within seconds it is the same signature; after a change, or later, another', async () => {
  let now = NOON
  await using t = await testHub({ now: () => now })
  const text = async () => (await fetch(`${t.url}/directory`)).text()
  const first = await text()
  expect(await text()).toBe(first)
  await t.db.transaction((tx) => setStage(tx, 'sagamino', 'suspended', EARLIER))
  const second = await text()
  expect(second).not.toBe(first)
  now = new Date(NOON.getTime() + 10_000)
  expect(await text()).not.toBe(second)
})

test('while two processes publish and the content changes, one version is one content, and versions do not fall', async () => {
  await using t = await testHub()
  await using other = await secondHub(t)
  const contentOf = new Map<number, string>()
  let highest = 0
  for (let round = 0; round < 15; round++) {
    const { publicJwk } = await generateSigningKey('Ed25519')
    const change = t.db.transaction((tx) => addKey(tx, { region: 'minato', jwk: publicJwk }, EARLIER))
    const reads = await Promise.all([t.url, other.url, t.url, other.url].map((url) => read(t, url)))
    await change
    const after = await read(t)
    for (const { version, directory } of [...reads, after]) {
      const content = JSON.stringify(directory)
      expect(contentOf.get(version) ?? content).toBe(content)
      contentOf.set(version, content)
    }
    expect(after.version).toBeGreaterThan(highest)
    highest = after.version
  }
})
