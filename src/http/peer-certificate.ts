import { createHash, X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'

/** Where the client certificate comes from: our own TLS, or a proxy that is believed by its address (RFC 9440). */
export interface CertificateSource {
  /** The address whose `Client-Cert` header counts; everybody else's is ignored. */
  proxyAddress: string | undefined
}

/** The peer's certificate as x5t#S256 (RFC 8705), or undefined where there is none. */
export function peerCertificate(incoming: IncomingMessage, source: CertificateSource): string | undefined {
  const socket = incoming.socket as Partial<TLSSocket>
  if (socket.encrypted === true) {
    const raw = socket.getPeerCertificate?.().raw
    return raw === undefined ? undefined : thumbprint(raw)
  }
  const forwarded = incoming.headers['client-cert']
  if (source.proxyAddress === undefined || incoming.socket.remoteAddress !== source.proxyAddress)
    return undefined
  const encoded = typeof forwarded === 'string' ? /^:([A-Za-z0-9+/]+=*):$/.exec(forwarded)?.[1] : undefined
  return encoded === undefined ? undefined : thumbprint(Buffer.from(encoded, 'base64'))
}

/** x5t#S256 of a certificate in PEM, as it is registered for a region. */
export function certificateThumbprint(pem: string): string {
  return thumbprint(new X509Certificate(pem).raw)
}

function thumbprint(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('base64url')
}
