import { expect, test } from 'vitest'
import {
  acceptPeer,
  checkGateway,
  checkPromises,
  currentDirectory,
  faultsOf,
  pinnedKey,
  refreshDirectory,
  startPromiseChecks,
} from '../../src/gateway/index.ts'
import { directorySeen, pin, promiseHeld } from '../../src/gateway/tables.ts'
import { generateSigningKey, type SigningKey, sha256, signSuccessor } from '../../src/trust/index.ts'
import { ASKING, codeOf, type InwardRegion, inwardRegion } from './inward-region.ts'

function askingRegion(t: InwardRegion) {
  const region = t.hub.directory.regions.find(({ id }) => id === ASKING)
  if (region === undefined) throw new Error('The asking region is in the directory.')
  return region
}

const later = (t: InwardRegion, seconds: number) => {
  t.clock.now = new Date(t.clock.now.getTime() + seconds * 1000)
}

/** The hub publishes a new version with this key as the asking region's. */
function publishKey(t: InwardRegion, key: SigningKey, successor: string | null = null): void {
  askingRegion(t).keys = [{ jwk: key.publicJwk, successor }]
  t.hub.version += 1
}

test('a key that the hub puts into its own directory is not believed; one that the council accepts is', async () => {
  await using t = await inwardRegion()
  const other = await generateSigningKey('ES256')
  publishKey(t, other)
  const response = await t.send(await t.prepare({ requestKey: other }))
  expect([response.status, await codeOf(response)]).toEqual([401, 'signing-key-unknown'])
  expect(await acceptPeer(t.ctx, { peer: ASKING, thumbprint: other.kid })).toBe('accepted')
  expect((await t.send(await t.prepare({ requestKey: other }))).status).toBe(200)
})

test('a key accepted for one region is nobody else’s, whatever the directory says', async () => {
  await using t = await inwardRegion()
  const other = await generateSigningKey('ES256')
  expect(await acceptPeer(t.ctx, { peer: 'shiokaze', thumbprint: other.kid })).toBe('accepted')
  expect(await acceptPeer(t.ctx, { peer: ASKING, thumbprint: other.kid })).toBe('held-by-another')
  expect(await acceptPeer(t.ctx, { peer: 'shiokaze', thumbprint: other.kid })).toBe('known')
  publishKey(t, other)
  expect((await t.send(await t.prepare({ requestKey: other }))).status).toBe(401)
})

test('a key that stands in the directory for two peers is for neither', async () => {
  await using t = await inwardRegion()
  t.hub.directory.hub.keys.mandate = t.asker.publicJwk
  expect(await pinnedKey(t.ctx, t.asker.kid, ['region', 'mandate'])).toBeUndefined()
})

test('a successor signed by the pinned key is pinned, and its own successor, also when the old key is gone', async () => {
  await using t = await inwardRegion()
  await currentDirectory(t.ctx)
  const [second, third] = await Promise.all([generateSigningKey('ES256'), generateSigningKey('ES256')])
  askingRegion(t).keys.push(
    { jwk: third.publicJwk, successor: await signSuccessor(second, ASKING, third.kid, t.clock.now) },
    { jwk: second.publicJwk, successor: await signSuccessor(t.asker, ASKING, second.kid, t.clock.now) },
  )
  t.hub.version += 1
  later(t, 61)
  expect((await t.send(await t.prepare({ requestKey: third }))).status).toBe(200)
  publishKey(t, third)
  later(t, 61)
  expect((await t.send(await t.prepare({ requestKey: third }))).status).toBe(200)
  expect((await t.send()).status).toBe(401)
  const pins = await t.ctx.db.select().from(pin)
  expect(pins).toContainEqual(expect.objectContaining({ thumbprint: third.kid, signedBy: second.kid }))
})

test('a successor signed by a stranger, or by the key of another region, is not pinned', async () => {
  await using t = await inwardRegion()
  const [stranger, next] = await Promise.all([generateSigningKey('ES256'), generateSigningKey('ES256')])
  for (const token of [
    await signSuccessor(stranger, ASKING, next.kid, t.clock.now),
    await signSuccessor(t.asker, 'shiokaze', next.kid, t.clock.now),
    await signSuccessor(t.asker, ASKING, stranger.kid, t.clock.now),
    'not a token',
  ]) {
    askingRegion(t).keys = [
      { jwk: t.asker.publicJwk, successor: null },
      { jwk: next.publicJwk, successor: token },
    ]
    t.hub.version += 1
    later(t, 61)
    expect(await pinnedKey(t.ctx, next.kid, ['region'])).toBeUndefined()
  }
})

test('a directory never goes back, nor says something else under a version already seen', async () => {
  await using t = await inwardRegion()
  t.hub.version = 5
  expect((await currentDirectory(t.ctx)).version).toBe(5)
  t.hub.version = 4
  askingRegion(t).name = '別の名前'
  await refreshDirectory(t.ctx)
  t.hub.version = 5
  await refreshDirectory(t.ctx)
  const { version, directory } = await currentDirectory(t.ctx)
  expect([version, directory.regions[0]?.name]).toEqual([5, ASKING])
  t.hub.version = 6
  await refreshDirectory(t.ctx)
  expect((await currentDirectory(t.ctx)).directory.regions[0]?.name).toBe('別の名前')
  expect((await t.ctx.db.select().from(directorySeen)).map((row) => row.version)).toEqual([5, 6])
})

test('a directory that another key signed is not taken', async () => {
  await using t = await inwardRegion()
  t.hub.signedBy = t.hub.keys.mandate
  await expect(currentDirectory(t.ctx)).rejects.toMatchObject({ code: 'unavailable' })
  t.hub.signedBy = await generateSigningKey('ES256')
  t.hub.directory.hub.keys.directory = t.hub.signedBy.publicJwk
  later(t, 61)
  await expect(currentDirectory(t.ctx)).rejects.toMatchObject({ code: 'unavailable' })
})

test('while the hub is away the last directory serves for an hour, after a restart too, then nothing is answered', async () => {
  await using t = await inwardRegion()
  expect((await t.send()).status).toBe(200)
  t.hub.isDown = true
  later(t, 3_500)
  expect((await t.send()).status).toBe(200)
  // Another process has the same database and nothing in memory.
  const restarted = { ...t.ctx, db: Object.assign(Object.create(t.ctx.db), {}) as typeof t.ctx.db }
  expect((await currentDirectory(restarted)).version).toBe(1)
  later(t, 200)
  const response = await t.send()
  expect([response.status, await codeOf(response)]).toEqual([503, 'unavailable'])
})

test('however many unknown keys are named, the hub is asked once a minute', async () => {
  await using t = await inwardRegion()
  const stranger = await generateSigningKey('ES256')
  const calls = Array.from({ length: 20 }, async () => t.send(await t.prepare({ mandateKey: stranger })))
  expect(new Set((await Promise.all(calls)).map(({ status }) => status))).toEqual(new Set([401]))
  await t.send()
  expect(t.hub.directoriesServed).toBe(1)
})

test('a promise that the hub’s log keeps is settled; one that it does not is broken, and on record', async () => {
  await using t = await inwardRegion()
  const [kept, dropped] = [await t.prepare(), await t.prepare()]
  expect((await t.send(kept)).status).toBe(200)
  expect((await t.send(dropped)).status).toBe(200)
  t.hub.log = [sha256('before'), sha256(kept.request), sha256('after')]
  later(t, 100)
  expect(await checkPromises(t.ctx)).toEqual({ kept: 0, broken: 0, unchecked: 0 })
  later(t, 30)
  expect(await checkPromises(t.ctx)).toEqual({ kept: 1, broken: 1, unchecked: 0 })
  expect(await checkPromises(t.ctx)).toEqual({ kept: 0, broken: 0, unchecked: 0 })
  const leaf = sha256(dropped.request)
  expect((await t.entries()).at(-1)).toEqual({
    kind: 'promise.broken',
    detail: { leaf, verdict: 'leaf-unknown' },
  })
  const states = await t.ctx.db.select().from(promiseHeld)
  expect(states.map((row) => row.state).sort()).toEqual(['broken', 'kept'])
})

test('a proof under a checkpoint that another key signed breaks the promise', async () => {
  await using t = await inwardRegion()
  const sent = await t.prepare()
  await t.send(sent)
  t.hub.log = [sha256(sent.request)]
  t.hub.keys.checkpoint = await generateSigningKey('Ed25519')
  later(t, 130)
  expect(await checkPromises(t.ctx)).toMatchObject({ broken: 1 })
  expect((await t.entries()).at(-1)?.detail).toMatchObject({ verdict: 'checkpoint-not-signed' })
})

test('a hub that does not answer leaves the promise open', async () => {
  await using t = await inwardRegion()
  await t.send()
  t.hub.isDown = true
  later(t, 130)
  expect(await checkPromises(t.ctx)).toEqual({ kept: 0, broken: 0, unchecked: 1 })
  expect(await t.ctx.db.select().from(promiseHeld)).toMatchObject([{ state: 'open' }])
})

test('checks that run by themselves stop when they are told to', async () => {
  await using t = await inwardRegion()
  const sent = await t.prepare()
  await t.send(sent)
  t.hub.log = [sha256(sent.request)]
  later(t, 130)
  const checks = startPromiseChecks(t.ctx, 10)
  await expect.poll(async () => (await t.ctx.db.select().from(promiseHeld))[0]?.state).toBe('kept')
  await checks[Symbol.asyncDispose]()
})

test('the check says what is right', async () => {
  await using t = await inwardRegion()
  await acceptPeer(t.ctx, { peer: 'sagamino', thumbprint: t.ctx.key.kid })
  t.clock.now = new Date()
  const check = await checkGateway(t.ctx)
  expect(check).toMatchObject({
    hub: { isReachable: true },
    directory: { version: 1 },
    pins: { agreed: 6, unpinned: [], unlisted: [] },
    ehr: { isReachable: true },
    promises: { open: 0, broken: 0 },
  })
  expect(faultsOf(check)).toEqual({ wrong: [], unreachable: [] })
})

test('the check says what is wrong, and what cannot be reached', async () => {
  await using t = await inwardRegion()
  const gone = sha256('a key that is gone')
  await acceptPeer(t.ctx, { peer: 'shiokaze', thumbprint: gone })
  t.hub.directory.hub.keys.receipt = (await generateSigningKey('ES256')).publicJwk
  await t.ehr[Symbol.asyncDispose]()
  const check = await checkGateway(t.ctx)
  expect(check.pins.unlisted).toContainEqual({ peer: 'shiokaze', thumbprint: gone })
  expect(check.pins.unpinned.map(({ peer, use }) => `${peer} ${use}`)).toEqual([
    'hub receipt',
    'sagamino region',
  ])
  expect(faultsOf(check)).toEqual({
    wrong: ['hub-key-not-pinned', 'clock-differs'],
    unreachable: ['local-system'],
  })
  t.hub.isDown = true
  expect(faultsOf(await checkGateway(t.ctx)).unreachable).toEqual(['hub', 'local-system'])
})
