import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  freshClaims,
  type ReceiptClaims,
  rootOfTexts,
  type SigningKey,
  sha256,
  signToken,
  tokenDigest,
} from '../../src/trust/index.ts'

/** What a peer was asked, as it arrived. */
export interface ArrivedCall {
  mandate: string
  request: string
  body: string
}

export interface PeerAnswer {
  /** Exact texts of the resources. */
  resources?: string[]
  status?: ReceiptClaims['status']
  patient?: string
  httpStatus?: number
  contentType?: string
  /** Changes the receipt's claims before they are signed. */
  receipt?: Partial<ReceiptClaims>
  /** Signs with another key. */
  key?: SigningKey
  /** Sends this text instead of the bundle that was signed. */
  text?: string
  /** Leaves the receipt out. */
  isUnsigned?: boolean
  /** Waits before answering. */
  delayMs?: number
  /** Headers besides, or instead of, the honest ones. */
  headers?: Record<string, string>
  /** Answers by hand, with the honest receipt at hand. */
  byHand?: (outgoing: ServerResponse, honest: { text: string; headers: Record<string, string> }) => void
}

/**
 * A gateway of a region that signs with real keys and answers whatever a test wants: a peer with personalities,
 * honest by default.
 */
export async function peerGateway(region: string, key: SigningKey, hubUrl: () => string, now: () => Date) {
  const calls: ArrivedCall[] = []
  let answer: (call: ArrivedCall) => PeerAnswer | Promise<PeerAnswer> = () => ({})
  const server = createServer((incoming, outgoing) => {
    void respond(incoming, outgoing).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  async function respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const call: ArrivedCall = {
      mandate: (incoming.headers.authorization ?? '').replace('Bearer ', ''),
      request: String(incoming.headers['tsunagi-request'] ?? ''),
      body: Buffer.concat(chunks).toString(),
    }
    calls.push(call)
    const given = await answer(call)
    if (given.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, given.delayMs))
    const resources = given.resources ?? []
    const claims: ReceiptClaims = {
      ...freshClaims(region, hubUrl(), now()),
      req: tokenDigest(call.request),
      man: tokenDigest(call.mandate),
      root: Buffer.from(rootOfTexts(resources)).toString('base64url'),
      count: resources.length,
      status: given.status ?? (resources.length > 0 ? 'complete' : 'empty'),
      patient: given.patient ?? 'Patient/p',
      promise: { leaf: sha256('leaf'), by: new Date(now().getTime() + 60_000).toISOString() },
      ...given.receipt,
    }
    const receipt = await signToken(given.key ?? key, 'tsunagi-receipt+jwt', claims)
    const text =
      given.text ??
      `{"resourceType":"Bundle","type":"searchset","entry":[${resources.map((each) => `{"resource":${each}}`).join(',')}]}`
    const headers = {
      'content-type': given.contentType ?? 'application/fhir+json',
      ...(given.isUnsigned === true ? {} : { 'tsunagi-receipt': receipt }),
      ...given.headers,
    }
    if (given.byHand !== undefined) return given.byHand(outgoing, { text, headers })
    outgoing.writeHead(given.httpStatus ?? 200, headers)
    outgoing.end(text)
  }

  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    answers(next: (call: ArrivedCall) => PeerAnswer | Promise<PeerAnswer>) {
      answer = next
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type PeerGateway = Awaited<ReturnType<typeof peerGateway>>
