import { createPrivateKey, sign } from 'node:crypto'
import { exportJWK } from 'jose'
import { callClaims, freshClaims, generateSigningKey, type SigningKey } from '../../trust/index.ts'
import { regionKeyOf } from '../set-up.ts'
import type { Demo } from '../start-demo.ts'
import { demoRegion, STORY } from '../world/index.ts'
import { countEntries, withHubDatabase } from './hub-database.ts'
import { expectThat, type Step } from './step.ts'

const PATH = `/fhir/Patient/$ihe-pix?sourceIdentifier=${encodeURIComponent(
  `${demoRegion('minato').patientSystem}|${STORY.allergyElsewhere.localIds.minato}`,
)}`

/** Whoever has the region's key file can call the hub directly; the hub has to see every fault by itself. */
async function tokenOf(key: SigningKey, payload: string): Promise<string> {
  const header = JSON.stringify({ alg: 'ES256', typ: 'tsunagi-request+jwt', kid: key.kid })
  const input = [header, payload].map((part) => Buffer.from(part).toString('base64url')).join('.')
  const privateKey = createPrivateKey({ key: { ...(await exportJWK(key.privateKey)) }, format: 'jwk' })
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

function claimsOf(demo: Demo): object {
  return {
    ...freshClaims('minato', demo.hubUrl, new Date()),
    ...callClaims({ method: 'GET', url: demo.hubUrl + PATH, body: '' }),
  }
}

async function call(demo: Demo, token: string, path = PATH): Promise<string> {
  const response = await fetch(demo.hubUrl + path, { headers: { authorization: `Bearer ${token}` } })
  const body = (await response.json()) as { issue?: { details?: { coding?: { code?: string }[] } }[] }
  return `${response.status} ${body.issue?.[0]?.details?.coding?.[0]?.code ?? ''}`.trim()
}

const step = (ja: string, en: string, run: (demo: Demo, key: SigningKey) => Promise<string>): Step => ({
  ja,
  en,
  run: async (demo) => run(demo, await regionKeyOf(demo.config, 'minato')),
})

export const forged: readonly Step[] = [
  step('別の鍵で署名した要求を拒む', 'A request signed with another key is refused', async (demo, key) => {
    const other = await generateSigningKey('ES256')
    const said = await call(demo, await tokenOf({ ...other, kid: key.kid }, JSON.stringify(claimsOf(demo))))
    expectThat(said === '401 signature-invalid', said)
    return said
  }),
  step(
    '再送された要求を拒み、記録する',
    'A replayed request is refused and put on record',
    async (demo, key) => {
      const token = await tokenOf(key, JSON.stringify(claimsOf(demo)))
      const first = await call(demo, token)
      expectThat(first === '200', first)
      const before = await withHubDatabase(demo, (db) => countEntries(db, 'replay.refused'))
      const again = await call(demo, token)
      expectThat(again === '401 token-replayed', again)
      const after = await withHubDatabase(demo, (db) => countEntries(db, 'replay.refused'))
      expectThat(after === before + 1, 'the replay is not on record')
      return `first 200, then ${again}; on record`
    },
  ),
  step('署名後に書き換えた要求を拒む', 'A request altered after signing is refused', async (demo, key) => {
    const token = await tokenOf(key, JSON.stringify(claimsOf(demo)))
    const said = await call(demo, token, `${PATH}&targetSystem=${encodeURIComponent('urn:oid:2.999.14.1.2')}`)
    expectThat(said === '401 call-mismatch', said)
    return said
  }),
  step('同じ項目を二度もつ要求を拒む', 'A request with a claim twice is refused', async (demo, key) => {
    const payload = JSON.stringify(claimsOf(demo)).replace('{', '{"iss":"shiokaze",')
    const said = await call(demo, await tokenOf(key, payload))
    expectThat(said === '401 token-invalid', said)
    return said
  }),
]
