import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { auditRoutes, openCheckpoint, verifyGrowth, verifyProof } from '../../src/audit/index.ts'
import { type HubEnv, onError } from '../../src/http/index.ts'
import { testLog } from './test-log.ts'

async function setup() {
  const log = await testLog()
  const app = new Hono<HubEnv>().onError(onError(log.context.log)).route('/', auditRoutes(log.context))
  const get = async (path: string) => app.request(path)
  return { ...log, get }
}

test('200: the checkpoint as text, a proof of a leaf, and that the log only grew', async () => {
  await using log = await setup()
  const [promise] = await log.record(3)
  await log.seal()
  const checkpoint = await log.get('/audit/checkpoint')
  expect(checkpoint.headers.get('content-type')).toMatch(/^text\/plain/)
  const known = await checkpoint.text()
  expect(openCheckpoint(known, log.sealer.signer)).toMatchObject({ size: 3 })
  await log.record(4)
  await log.seal()
  const proof = await log.get(`/audit/proof?leaf=${promise?.leaf}`)
  expect(verifyProof(await proof.json(), promise?.leaf ?? '', log.sealer.signer)).toBe('included')
  const growth = await log.get('/audit/consistency?from=3')
  expect(verifyGrowth(await growth.json(), known, log.sealer.signer)).toBe('grown')
})

test('404 before anything was sealed, for an unknown leaf, and for a size the log has not reached', async () => {
  await using log = await setup()
  expect((await log.get('/audit/checkpoint')).status).toBe(404)
  const [promise] = await log.record(1)
  expect((await log.get(`/audit/proof?leaf=${promise?.leaf}`)).status).toBe(404)
  await log.seal()
  expect((await log.get(`/audit/proof?leaf=${promise?.leaf}`)).status).toBe(200)
  expect((await log.get('/audit/consistency?from=2')).status).toBe(404)
  const response = await log.get(`/audit/proof?leaf=${'A'.repeat(43)}`)
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({
    issue: [{ details: { coding: [{ code: 'leaf-unknown' }] } }],
  })
})

test('400 for a parameter that is missing, malformed, repeated or unknown', async () => {
  await using log = await setup()
  await log.seal()
  const leaf = 'A'.repeat(43)
  for (const call of [
    'proof',
    'proof?leaf=',
    'proof?leaf=short',
    `proof?leaf=${'A'.repeat(42)}B`,
    `proof?leaf=${leaf}&leaf=${leaf}`,
    `proof?leaf=${leaf}&size=1`,
    'consistency',
    'consistency?from=-1',
    'consistency?from=01',
    'consistency?from=1e3',
    'consistency?from=9999999999999999',
  ]) {
    const response = await log.get(`/audit/${call}`)
    expect([call, response.status]).toEqual([call, 400])
    expect(await response.json()).toMatchObject({
      issue: [{ details: { coding: [{ code: 'parameter-unsupported' }] } }],
    })
  }
})
