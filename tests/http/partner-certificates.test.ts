import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { expect, test } from 'vitest'
import { boundedFetch, openAgent } from '../../src/http/index.ts'
import { authority, selfSigned } from '../support/certificates.ts'

/** Case B9: a partner with a certificate at fault is not spoken to, and nothing is tried without one. */
const council = authority('試験用認証局')
const own = council.issue({ name: 'hub' })
const IPS = { name: 'gateway', ips: ['127.0.0.1'] }

async function partner(tls: TlsOptions) {
  const seen = { connections: 0, requests: 0 }
  const server = createServer(
    { requestCert: true, ca: council.ca, minVersion: 'TLSv1.3', ...tls },
    (_, response) => {
      seen.requests += 1
      response.end('{}')
    },
  )
  server.on('connection', () => {
    seen.connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const dispatcher = openAgent({ addresses: 'loopback', tls: { ca: council.ca, ...own } })
  return {
    seen,
    ask: () =>
      boundedFetch({
        dispatcher,
        url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        method: 'POST',
        body: 'asked',
        bytesMax: 1_000,
        signal: AbortSignal.timeout(5_000),
      }),
    async [Symbol.asyncDispose]() {
      await dispatcher.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('an honest partner answers, and is shown our own certificate', async () => {
  await using t = await partner({ ...council.issue(IPS), rejectUnauthorized: true })
  expect(await t.ask()).toMatchObject({ status: 200, text: '{}' })
})

const now = Date.now()
test.each<[string, TlsOptions]>([
  ['expired', council.issue({ ...IPS, notAfter: new Date(now - 60_000) })],
  ['not valid yet', council.issue({ ...IPS, notBefore: new Date(now + 3_600_000) })],
  ['for another address', council.issue({ name: 'gateway', ips: ['127.0.0.9'] })],
  ['for a name, not for the address', council.issue({ name: '127.0.0.1', names: ['gateway.example'] })],
  ['for nobody in particular', council.issue({ name: '127.0.0.1' })],
  ['of another authority', authority('別の認証局').issue(IPS)],
  ['of another authority of the same name', authority('試験用認証局').issue(IPS)],
  ['its own', selfSigned(IPS)],
  [
    'good, but the protocol is TLS 1.2',
    { ...council.issue(IPS), minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' },
  ],
])('unreachable where the certificate is %s; nothing was asked', async (_, tls) => {
  await using t = await partner(tls)
  await expect(t.ask()).rejects.toMatchObject({ reason: 'unreachable' })
  expect(t.seen).toEqual({ connections: 1, requests: 0 })
})
