import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'

/** Just enough X.509 (RFC 5280) to make the certificates that a test of TLS needs, good and bad. */
export interface Certificate {
  /** PEM. */
  cert: string
  /** PEM of the private key. */
  key: string
}

export interface Wanted {
  name: string
  /** Addresses and names the certificate is for. */
  ips?: string[]
  names?: string[]
  notBefore?: Date
  notAfter?: Date
}

const DAY_MS = 86_400_000

/** An authority of its own, and the certificates it issues. */
export function authority(name: string) {
  const own = keyPair()
  const ca = certificate({ name }, own, { name, key: own }, true)
  return {
    ca,
    issue(wanted: Wanted): Certificate {
      const key = keyPair()
      return { cert: certificate(wanted, key, { name, key: own }, false), key: pemOf(key) }
    },
  }
}

/** A certificate issued by one that may not issue any, with its chain. */
export function issuedByLeaf(issuer: Certificate & { name: string }, wanted: Wanted): Certificate {
  const key = keyPair()
  const by = { name: issuer.name, key: createPrivateKey(issuer.key) }
  return { cert: certificate(wanted, key, by, false) + issuer.cert, key: pemOf(key) }
}

/** A certificate that vouches for itself. */
export function selfSigned(wanted: Wanted): Certificate {
  const key = keyPair()
  return { cert: certificate(wanted, key, { name: wanted.name, key }, false), key: pemOf(key) }
}

function keyPair(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string
}

function certificate(
  wanted: Wanted,
  subjectKey: KeyObject,
  issuer: { name: string; key: KeyObject },
  isAuthority: boolean,
): string {
  const { name, notBefore = new Date(Date.now() - DAY_MS), notAfter = new Date(Date.now() + DAY_MS) } = wanted
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'))
  const toBeSigned = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(0x40), randomBytes(15)])),
    algorithm,
    nameOf(issuer.name),
    sequence(time(notBefore), time(notAfter)),
    nameOf(name),
    createPublicKey(subjectKey).export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions(wanted, isAuthority))),
  )
  const signature = sign('sha256', toBeSigned, issuer.key)
  const der = sequence(toBeSigned, algorithm, bits(signature))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function extensions({ ips = [], names = [] }: Wanted, isAuthority: boolean): Buffer[] {
  const basic = extension('2.5.29.19', sequence(...(isAuthority ? [tagged(0x01, Buffer.of(0xff))] : [])))
  if (ips.length + names.length === 0) return [basic]
  const alternatives = [
    ...ips.map((ip) => tagged(0x87, Buffer.from(ip.split('.').map(Number)))),
    ...names.map((each) => tagged(0x82, Buffer.from(each))),
  ]
  return [basic, extension('2.5.29.17', sequence(...alternatives))]
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), tagged(0x04, value))
}

/** DER: a tag, a length, the content. */
function tagged(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const size = content.length
  const length =
    size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, Math.floor(size / 0x100), size % 0x100]
  return Buffer.concat([Buffer.of(tag, ...length), content])
}

const sequence = (...parts: Buffer[]) => tagged(0x30, ...parts)
const integer = (bytes: Buffer) => tagged(0x02, bytes)
const bits = (bytes: Buffer) => tagged(0x03, Buffer.of(0), bytes)
const nameOf = (name: string) =>
  sequence(tagged(0x31, sequence(oid('2.5.4.3'), tagged(0x0c, Buffer.from(name)))))
const time = (at: Date) => tagged(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]|\.\d+/g, '')}`))

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest.flatMap(base128)]
  return tagged(0x06, Buffer.from(bytes))
}

function base128(value: number): number[] {
  const last = value % 128
  const higher = Math.floor(value / 128)
  return higher === 0 ? [last] : [...base128(higher).map((byte) => byte | 0x80), last]
}
