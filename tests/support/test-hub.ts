import { inject } from 'vitest'
import { createApp } from '../../src/app.ts'
import type { Hub } from '../../src/broker/index.ts'
import { listen, openAgent } from '../../src/http/index.ts'
import { openEpochWatch } from '../../src/registry/index.ts'
import { generateSigningKey, type SigningKey } from '../../src/trust/index.ts'
import { type PeerGateway, peerGateway } from './peer-gateway.ts'
import {
  consentIn,
  patientIn,
  patientPath,
  REGIONS,
  type RegionId,
  type SentCall,
  sendCall,
} from './sample-calls.ts'
import { signingKeyOf } from './sent-key.ts'
import { testContext } from './test-context.ts'
import { placeGateway } from './three-regions.ts'

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

/** A whole hub on a database of its own, listening on loopback, with three regions whose gateways are peers. */
export async function testHub(overrides: Partial<Hub> = {}) {
  const test = await testContext('regions', overrides)
  const { context } = test
  const sentKeys = inject('regionKeys')
  const [mandate, receipt, directory, checkpoint] = await Promise.all(
    ['ES256', 'ES256', 'ES256', 'Ed25519'].map((alg) => generateSigningKey(alg as 'ES256')),
  )
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
  const keys = {} as Record<RegionId, SigningKey>
  const gateways = {} as Record<RegionId, PeerGateway>
  for (const id of REGIONS) {
    keys[id] = await signingKeyOf(sentKeys[id])
    gateways[id] = await peerGateway(id, keys[id], () => hub.publicUrl, hub.now)
    await placeGateway(test.db, id, gateways[id].url)
  }

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
