import { request as plainRequest } from 'node:http'
import { Agent, type RequestOptions, request } from 'node:https'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { certificateThumbprint } from '../../src/http/index.ts'
import { putRegion } from '../../src/registry/index.ts'
import { callClaims, freshClaims, type RequestClaims, signToken } from '../../src/trust/index.ts'
import { authority, type Certificate, issuedByLeaf, selfSigned } from '../support/certificates.ts'
import { secondHub } from '../support/second-hub.ts'
import { NOON } from '../support/test-context.ts'
import { pixPath, type RegionId, register, SYSTEM_OF, type TestHub, testHub } from '../support/test-hub.ts'

/** Cases A26 and B10: TLS 1.3 with client certificates, each region bound to its own. */
const council = authority('試験用認証局')
const certificates: Record<RegionId, Certificate> = {
  minato: council.issue({ name: 'minato' }),
  sagamino: council.issue({ name: 'sagamino' }),
  shiokaze: council.issue({ name: 'shiokaze' }),
}
const server = council.issue({ name: 'hub', ips: ['127.0.0.1'] })

let t: TestHub
let hub: Awaited<ReturnType<typeof secondHub>>
beforeAll(async () => {
  t = await testHub()
  await register(t, 'minato', 'm-1', { consent: false })
  for (const id of ['minato', 'shiokaze'] as const) await bind(id, certificates[id])
  hub = await secondHub(t, { tls: { ...server, ca: council.ca } })
  hub.hub.publicUrl = hub.url
})
afterAll(async () => {
  await hub[Symbol.asyncDispose]()
  await t[Symbol.asyncDispose]()
})

function bind(id: RegionId, { cert }: Certificate): Promise<void> {
  const gatewayUrl = t.gateways[id].url
  const row = { id, name: id, patientSystem: SYSTEM_OF[id], stage: 'asking' as const, gatewayUrl }
  return t.db.transaction((tx) =>
    putRegion(tx, { ...row, certificateThumbprint: certificateThumbprint(cert) }, NOON),
  )
}

const pathOf = (region: RegionId) => pixPath(region, 'm-1')

async function token(url: string, region: RegionId, claims: object = {}): Promise<string> {
  const call = callClaims({ method: 'GET', url: url + pathOf(region), body: '' })
  const all = { ...freshClaims(region, url, NOON), ...call, ...claims }
  return signToken(t.keys[region], 'tsunagi-request+jwt', all as RequestClaims)
}

interface Answer {
  status: number
  text: string
  isResumed: boolean
}

/** One call, over the certificate given; rejects where the handshake fails. */
async function call(region: RegionId, tls: RequestOptions, claims: object = {}): Promise<Answer> {
  const authorization = `Bearer ${await token(hub.url, region, claims)}`
  return new Promise((resolve, reject) => {
    const options = { agent: false, ca: council.ca, ...tls, headers: { authorization, ...tls.headers } }
    const sent = request(hub.url + pathOf(region), options as RequestOptions, async (response) => {
      const { socket } = response as unknown as { socket: TLSSocket }
      const isResumed = socket.isSessionReused()
      const chunks = await response.toArray().catch(reject)
      resolve({ status: response.statusCode ?? 0, text: String(Buffer.concat(chunks ?? [])), isResumed })
    })
    sent.on('error', reject).end()
  })
}

describe('the handshake', () => {
  test('200 with the region’s own certificate', async () => {
    expect(await call('minato', certificates.minato)).toMatchObject({ status: 200 })
  })

  const now = Date.now()
  test.each<[string, RequestOptions]>([
    ['no certificate', {}],
    ['one of another authority', authority('別の認証局').issue({ name: 'minato' })],
    ['one of an authority of the same name', authority('試験用認証局').issue({ name: 'minato' })],
    ['one that vouches for itself', selfSigned({ name: 'minato' })],
    ['one that has expired', council.issue({ name: 'minato', notAfter: new Date(now - 60_000) })],
    ['one that is not valid yet', council.issue({ name: 'minato', notBefore: new Date(now + 3_600_000) })],
    [
      'one issued by a region, which may issue none',
      issuedByLeaf({ ...certificates.shiokaze, name: 'shiokaze' }, { name: 'minato' }),
    ],
    ['TLS 1.2', { ...certificates.minato, maxVersion: 'TLSv1.2' }],
    [
      'TLS 1.1',
      { ...certificates.minato, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' },
    ],
  ])('fails with %s', async (_, tls) => {
    await expect(call('minato', tls)).rejects.toThrow()
  })

  test.each(['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256', 'TLS_CHACHA20_POLY1305_SHA256'])(
    'is TLS 1.3 with %s',
    async (ciphers) => {
      const { hostname: host, port } = new URL(hub.url)
      const socket = connect({ host, port: Number(port), ca: council.ca, ...certificates.minato, ciphers })
      await new Promise<void>((resolve, reject) =>
        socket.once('secureConnect', resolve).once('error', reject),
      )
      expect([socket.getProtocol(), socket.getCipher().name]).toEqual(['TLSv1.3', ciphers])
      socket.destroy()
    },
  )

  test('plain HTTP is not spoken on it', async () => {
    const plain = new Promise((resolve, reject) => {
      plainRequest(hub.url.replace('https', 'http'), resolve).on('error', reject).end()
    })
    await expect(plain).rejects.toThrow()
  })

  test('a session that is resumed still counts by its certificate', async () => {
    const agent = new Agent({ keepAlive: false, maxCachedSessions: 10 })
    const own = { ...certificates.minato, agent }
    const answers = [await call('minato', own), await call('minato', own), await call('minato', own)]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(answers.at(-1)?.isResumed).toBe(true)
  })
})

describe('A26: whose certificate', () => {
  test('401 for a valid request over another region’s certificate', async () => {
    const answer = await call('minato', certificates.shiokaze)
    expect(answer).toMatchObject({ status: 401, text: expect.stringContaining('certificate-mismatch') })
  })
  test('401 over a newer certificate that is not registered yet, 200 once it is', async () => {
    const next = council.issue({ name: 'shiokaze' })
    expect((await call('shiokaze', next)).text).toContain('certificate-mismatch')
    await bind('shiokaze', next)
    expect((await call('shiokaze', next)).status).toBe(404)
    await bind('shiokaze', certificates.shiokaze)
  })
  test('401 for a region that registered no certificate', async () => {
    expect((await call('sagamino', certificates.sagamino)).text).toContain('certificate-mismatch')
  })
  test('the claim `cnf` must name it too, where there is one', async () => {
    const own = { 'x5t#S256': certificateThumbprint(certificates.minato.cert) }
    const other = { 'x5t#S256': certificateThumbprint(certificates.shiokaze.cert) }
    expect((await call('minato', certificates.minato, { cnf: own })).status).toBe(200)
    expect((await call('minato', certificates.minato, { cnf: other })).text).toContain('certificate-mismatch')
  })
  test('a Client-Cert header says nothing where the connection has a certificate', async () => {
    const headers = { 'client-cert': headerOf(certificates.minato) }
    const answer = await call('minato', { ...certificates.shiokaze, headers })
    expect(answer.text).toContain('certificate-mismatch')
  })
})

const headerOf = ({ cert }: Certificate) => `:${cert.replace(/-----[A-Z ]+-----|\n/g, '')}:`

describe.skipIf(process.platform !== 'linux')('behind a proxy (RFC 9440)', () => {
  const PROXY = '127.0.0.2'

  /** One call to the plain listener, from one of loopback's addresses. */
  async function forwarded(
    from: string,
    clientCert: string | string[] | undefined,
    proxy: string | undefined = PROXY,
  ) {
    await using behind = await secondHub(t, { overrides: { certificates: { proxyAddress: proxy } } })
    const authorization = `Bearer ${await token(t.hub.publicUrl, 'minato')}`
    const headers = { authorization, ...(clientCert === undefined ? {} : { 'client-cert': clientCert }) }
    return await new Promise<string>((resolve, reject) => {
      plainRequest(behind.url + pathOf('minato'), { headers, localAddress: from }, async (response) => {
        const text = String(Buffer.concat(await response.toArray()))
        resolve(response.statusCode === 200 ? '200' : text)
      })
        .on('error', reject)
        .end()
    })
  }

  test('200 for the certificate that the configured proxy passes on', async () => {
    expect(await forwarded(PROXY, headerOf(certificates.minato))).toBe('200')
  })
  test('401 for the same header from any other address, or where no proxy is configured', async () => {
    expect(await forwarded('127.0.0.1', headerOf(certificates.minato))).toContain('certificate-mismatch')
    expect(await forwarded('127.0.0.3', headerOf(certificates.minato))).toContain('certificate-mismatch')
    const none = await forwarded('127.0.0.1', headerOf(certificates.minato), undefined)
    expect(none).toContain('certificate-mismatch')
  })
  test.each<[string, string | string[] | undefined]>([
    ['no header', undefined],
    ['an empty one', ''],
    ['another region’s', headerOf(certificates.shiokaze)],
    ['two', [headerOf(certificates.minato), headerOf(certificates.minato)]],
    ['a list of two', `${headerOf(certificates.minato)}, ${headerOf(certificates.minato)}`],
    ['no colons', headerOf(certificates.minato).slice(1, -1)],
    ['PEM', encodeURIComponent(certificates.minato.cert)],
    ['a parameter behind it', `${headerOf(certificates.minato)};a=1`],
    ['its first half', `${headerOf(certificates.minato).slice(0, 200)}:`],
    ['no base64', ':あ:'.replace('あ', '%%%')],
  ])('401 for %s', async (_, header) => {
    expect(await forwarded(PROXY, header)).toContain('certificate-mismatch')
  })
})
