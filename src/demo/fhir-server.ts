import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { type Answer, answerFrom } from './fhir-answer.ts'
import { FhirIndex } from './fhir-index.ts'
import { asSearch, Refused } from './fhir-request.ts'

/**
 * How a region may fail: connections are cut, an answer comes late by so many milliseconds, patients are mixed
 * up, an internal error, or somebody's login page instead of FHIR.
 */
export type Fault = 'none' | 'down' | `slow:${number}` | 'wrong-person' | 'error-500' | 'html'

export interface FhirServer extends AsyncDisposable {
  /** The FHIR base, without a slash at the end. */
  url: string
  setFault(fault: Fault): void
  close(): Promise<void>
}

export interface FhirServerOptions {
  /** FHIR R4 resources with ids; each is kept as the text that JSON.stringify makes of it. */
  resources: Iterable<object>
  /** 0 or none takes a free one. */
  port?: number
}

/** A regional EHR's FHIR R4 server, read-only, on loopback. */
export async function startFhirServer({ resources, port = 0 }: FhirServerOptions): Promise<FhirServer> {
  const index = new FhirIndex(resources)
  const server = createServer()
  const url = `http://127.0.0.1:${await listen(server, port)}/fhir`
  const answer = answerFrom(index, url)
  let fault: Fault = 'none'
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    respond(request, response, answer, fault).catch(() => response.destroy())
  })
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return {
    url,
    setFault(next) {
      fault = next
      index.wrongPerson = next === 'wrong-person'
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  fault: Fault,
): Promise<void> {
  if (fault === 'down') return void request.socket.destroy()
  if (fault === 'html') return send(response, 200, '<!doctype html><title>Login</title>', 'text/html')
  if (fault === 'error-500') return send(response, 500, outcome('exception'))
  if (fault.startsWith('slow:')) await wait(Number(fault.slice(5)), undefined, { signal: hungUp(response) })
  try {
    const { status, body } = await answer(await asSearch(request))
    send(response, status, JSON.stringify(body))
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    send(response, error.status, outcome(error.code))
  }
}

/** Aborts when the client has gone: a slow answer must not keep a process alive. */
function hungUp(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => controller.abort())
  return controller.signal
}

function outcome(code: string): string {
  return JSON.stringify({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code }] })
}

function send(response: ServerResponse, status: number, body: string, type = 'application/fhir+json'): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' })
  response.end(body)
}
