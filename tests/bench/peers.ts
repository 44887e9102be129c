import { importJWK, type JWK } from 'jose'
import { publicJwkSchema, type SigningKey, thumbprintOf } from '../../src/trust/index.ts'
import { peerGateway } from '../support/peer-gateway.ts'

/** Regions in a process of their own that answer at once: reads keys on standard input, prints their addresses. */
const RESOURCES = 20

const input = JSON.parse(await new Response(process.stdin as unknown as ReadableStream).text()) as {
  hubUrl: string
  regions: { id: string; privateJwk: JWK }[]
}

const resources = Array.from({ length: RESOURCES }, (_, index) =>
  JSON.stringify({
    resourceType: 'Condition',
    id: `c${index}`,
    category: [{ coding: [{ code: 'encounter-diagnosis' }] }],
    code: {
      text: '高血圧症',
      coding: [{ system: 'http://medis.or.jp/CodeSystem/master-disease-keyNumber', code: '20061234' }],
    },
    subject: { reference: 'Patient/p' },
    onsetDateTime: '2026-01-01',
    note: [{ text: 'x'.repeat(600) }],
  }),
)

const urls: Record<string, string> = {}
for (const { id, privateJwk } of input.regions) {
  const gateway = await peerGateway(
    id,
    await signingKey(privateJwk),
    () => input.hubUrl,
    () => new Date(),
  )
  gateway.answers(({ request }) => {
    gateway.calls.length = 0
    // What carries no request is a notice, which a gateway takes.
    return request === '' ? { httpStatus: 204 } : { resources }
  })
  urls[id] = gateway.url
}
process.stdout.write(`${JSON.stringify(urls)}\n`)
process.once('SIGTERM', () => process.exit(0))

async function signingKey({ d, ...jwk }: JWK): Promise<SigningKey> {
  const publicJwk = publicJwkSchema.parse(jwk)
  const privateKey = (await importJWK({ ...publicJwk, d: d ?? '' } as JWK, 'ES256', {
    extractable: true,
  })) as SigningKey['privateKey']
  return { kid: await thumbprintOf(publicJwk), alg: 'ES256', privateKey, publicJwk }
}
