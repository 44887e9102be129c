import { createApp } from '../../src/app.ts'
import type { Hub } from '../../src/broker/index.ts'
import { listen, openAgent } from '../../src/http/index.ts'
import {
  addKey,
  openEpochWatch,
  putAgreement,
  putInstitution,
  putRegion,
  recordPolicy,
} from '../../src/registry/index.ts'
import { generateSigningKey, type SigningKey } from '../../src/trust/index.ts'
import { ITEM_CODES } from '../../src/vocabulary/index.ts'
import { type PeerGateway, peerGateway } from './peer-gateway.ts'
import {
  CLINIC_OF,
  consentIn,
  patientIn,
  patientPath,
  REGIONS,
  type RegionId,
  type SentCall,
  SYSTEM_OF,
  sendCall,
} from './sample-calls.ts'
import { NOON, testContext } from './test-context.ts'

export {
  CLINIC_OF,
  consentIn,
  patientIn,
  patientPath,
  pixPath,
  queryCall,
  REGIONS,
  type RegionId,
  type SentCall,
  SYSTEM_OF,
} from './sample-calls.ts'

import { policyFrom, readAs } from './sample-policy.ts'

/** A whole hub on a database of its own, listening on loopback, with three regions whose gateways are peers. */
export async function testHub(overrides: Partial<Hub> = {}) {
  const test = await testContext('hub', overrides)
  const { context } = test
  const [mandate, receipt, directory, checkpoint, ...regionKeys] = await Promise.all([
    ...['ES256', 'ES256', 'ES256', 'Ed25519'].map((alg) => generateSigningKey(alg as 'ES256')),
    ...REGIONS.map(() => generateSigningKey('ES256')),
  ])
  const dispatcher = openAgent({ addresses: 'loopback' })
  const hub: Hub = {
    ...context,
    publicUrl: '',
    keys: { mandate, receipt, directory, checkpoint } as Hub['keys'],
    dispatcher,
    certificates: { proxyAddress: undefined },
    sourcesDeadlineMs: 1_000,
    denialStepMs: 10,
    sourceAnswered: () => {},
    recordsGiven: () => {},
    epochs: openEpochWatch(test.db),
    ...overrides,
  }
  const hosts = new Set<string>()
  const server = await listen(createApp(hub, hosts).fetch, { host: '127.0.0.1', port: 0 })
  hub.publicUrl = server.url
  hosts.add(new URL(server.url).host)
  const keys = Object.fromEntries(REGIONS.map((id, index) => [id, regionKeys[index]])) as Record<
    RegionId,
    SigningKey
  >
  const gateways = {} as Record<RegionId, PeerGateway>
  for (const id of REGIONS) {
    gateways[id] = await peerGateway(id, keys[id], () => hub.publicUrl, hub.now)
    await enrol(hub, id, keys[id], gateways[id].url)
  }
  await agreeAll(hub)

  const send = (region: RegionId, call: SentCall) => sendCall(hub, region, keys[region], call)

  return {
    hub,
    keys,
    gateways,
    url: server.url,
    db: test.db,
    target: test.target,
    send,
    async [Symbol.asyncDispose]() {
      await server.close()
      await hub.epochs[Symbol.asyncDispose]()
      await dispatcher.close()
      for (const id of REGIONS) await gateways[id][Symbol.asyncDispose]()
      await test[Symbol.asyncDispose]()
    },
  }
}
export type TestHub = Awaited<ReturnType<typeof testHub>>

async function enrol(hub: Hub, id: RegionId, key: SigningKey, gatewayUrl: string): Promise<void> {
  const at = new Date(NOON.getTime() - 86_400_000)
  await hub.db.transaction(async (tx) => {
    await putRegion(tx, { id, name: id, patientSystem: SYSTEM_OF[id], stage: 'asking', gatewayUrl }, at)
    await addKey(tx, { region: id, jwk: key.publicJwk }, at)
    await putInstitution(
      tx,
      { number: CLINIC_OF[id], name: `${id}診療所`, kind: 'clinic', regions: [id] },
      at,
    )
    await recordPolicy(
      tx,
      id,
      policyFrom(
        { forms: { 'form-2025': readAs('medical-and-care'), 'form-2019': readAs('own-region') } },
        at,
      ),
      at,
    )
  })
}

async function agreeAll(hub: Hub): Promise<void> {
  const at = new Date(NOON.getTime() - 86_400_000)
  await hub.db.transaction(async (tx) => {
    for (const asking of REGIONS) {
      for (const holding of REGIONS) {
        if (asking !== holding) await putAgreement(tx, { asking, holding, items: [...ITEM_CODES] }, at)
      }
    }
  })
}

/** Feeds a Patient, and a consent to cross-region viewing unless told otherwise. */
export async function register(
  t: TestHub,
  region: RegionId,
  localId: string,
  options: { changes?: object; consent?: object | false } = {},
): Promise<void> {
  const body = JSON.stringify(patientIn(region, localId, options.changes))
  const path = patientPath(region, localId)
  const fed = await t.send(region, { method: 'PUT', path, body })
  if (fed.status >= 300) throw new Error(`The feed was refused: ${await fed.text()}`)
  if (options.consent === false) return
  const consented = await t.send(region, {
    method: 'POST',
    path: '/fhir/Consent',
    body: JSON.stringify(consentIn(region, localId, options.consent)),
  })
  if (consented.status >= 300) throw new Error(`The consent was refused: ${await consented.text()}`)
}
