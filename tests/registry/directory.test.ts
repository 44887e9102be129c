import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { auditEntry } from '../../src/audit/tables.ts'
import {
  addKey,
  DIRECTORY_AUDIENCE,
  directoryClaimsSchema,
  endMembership,
  retireKey,
  setStage,
} from '../../src/registry/index.ts'
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
