import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How the local system answers a search; by default with what it holds. */
export type Manner = (asked: Asked, response: ServerResponse) => void

export interface Asked {
  method: string
  url: string
  type: string
  form: URLSearchParams
}

/** A regional system on loopback, as badly behaved as a test wants it. */
export interface FakeEhr extends AsyncDisposable {
  url: string
  /** Exact texts by type; the `Patient` among them. */
  holds: Record<string, string[]>
  manner: Manner | undefined
  /** What it says of itself. */
  statement: string
  asked: Asked[]
}

export async function startEhr(holds: Record<string, string[]>): Promise<FakeEhr> {
  const ehr: FakeEhr = {
    url: '',
    holds,
    manner: undefined,
    statement: '{"resourceType":"CapabilityStatement"}',
    asked: [],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer((request, response) => {
    read(request).then((asked) => {
      ehr.asked.push(asked)
      if (asked.type === 'metadata') sendJson(response, ehr.statement)
      else if (ehr.manner !== undefined && asked.type !== 'Patient') ehr.manner(asked, response)
      else sendJson(response, searchset(ehr.holds[asked.type] ?? []))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ehr.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`
  return ehr
}

async function read(request: IncomingMessage): Promise<Asked> {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
  const type = pathname.split('/')[2] ?? ''
  const form = new URLSearchParams([...searchParams, ...new URLSearchParams(body)])
  return { method: request.method ?? '', url: request.url ?? '', type, form }
}

export function searchset(texts: string[], next?: string): string {
  const link = next === undefined ? '' : `,"link":[{"relation":"next","url":${JSON.stringify(next)}}]`
  const entry = texts.map((text) => `{"resource": ${text}, "search":{"mode":"match"}}`).join(',')
  return `{"resourceType":"Bundle","type":"searchset"${link}${entry === '' ? '' : `,"entry":[${entry}]`}}`
}

export function sendJson(response: ServerResponse, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/fhir+json; charset=utf-8', ...headers }).end(text)
}
