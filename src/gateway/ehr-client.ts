import type { Dispatcher } from 'undici'
import { boundedFetch, type FetchedAnswer, FetchFault, type FetchFaultReason } from '../http/index.ts'
import { JsonRefused } from '../kernel/strict-json.ts'
import { type EhrResource, readSearchset } from './ehr-searchset.ts'
import { servedTypes } from './served-types.ts'

/** Why the local system's answer is not whole, as the source state it makes. */
export type EhrFault = 'timeout' | 'unreachable' | 'busy' | 'invalid' | 'partial'

export interface EhrAnswer {
  resources: EhrResource[]
  /** Undefined when the answer is whole; what was read before the fault stays. */
  fault: EhrFault | undefined
}

/** The region's own FHIR server. Parameters travel in bodies, so no patient id reaches a URL or its log. */
export interface EhrClient {
  search(type: string, parameters: Record<string, string>, signal: AbortSignal): Promise<EhrAnswer>
  /** Whether the server answers at all. */
  isReachable(signal: AbortSignal): Promise<boolean>
  /** The types it says that it searches; undefined where it does not say or cannot be asked. Known for an hour. */
  servedTypes(signal: AbortSignal): Promise<ReadonlySet<string> | undefined>
}

export const ENTRIES_MAX = 500
export const ANSWER_BYTES_MAX = 5 * 1024 * 1024
const PAGES_MAX = 10
const METADATA_BYTES_MAX = 2 * 1024 * 1024
const METADATA_KEPT_MS = 3_600_000
const FHIR_TYPES = /^application\/(fhir\+)?json(;|$)/

/** The one file that speaks to the local system. What it sends is read strictly: it may be anybody's product. */
export function openEhr({ url, dispatcher }: { url: string; dispatcher: Dispatcher }): EhrClient {
  const base = url.replace(/\/+$/, '')
  const get = (at: string, bytesMax: number, signal: AbortSignal) =>
    boundedFetch({ dispatcher, url: at, method: 'GET', headers: ACCEPT, bytesMax, signal })
  const metadata = async (signal: AbortSignal) => {
    try {
      const { status, headers, text } = await get(`${base}/metadata`, METADATA_BYTES_MAX, signal)
      return status === 200 && FHIR_TYPES.test(headers['content-type'] ?? '') ? text : undefined
    } catch (fault) {
      if (fault instanceof FetchFault) return undefined
      throw fault
    }
  }
  let served: { types: ReadonlySet<string> | undefined; until: number } | undefined
  return {
    async search(type, parameters, signal) {
      const answer: EhrAnswer = { resources: [], fault: undefined }
      let bytesLeft = ANSWER_BYTES_MAX
      let fetchPage = () =>
        boundedFetch({
          dispatcher,
          url: `${base}/${type}/_search`,
          method: 'POST',
          headers: { ...ACCEPT, 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams(parameters).toString(),
          bytesMax: bytesLeft,
          signal,
        })
      for (let pages = 1; ; pages++) {
        const page = await readPage(fetchPage, type)
        if (page.fault !== undefined) return { ...answer, fault: page.fault }
        answer.resources.push(...page.resources)
        if (answer.resources.length > ENTRIES_MAX) {
          return { resources: answer.resources.slice(0, ENTRIES_MAX), fault: 'partial' }
        }
        if (page.next === undefined) return answer
        if (pages === PAGES_MAX) return { ...answer, fault: 'partial' }
        const next = addressWithin(base, page.next)
        if (next === undefined) return { ...answer, fault: 'invalid' }
        bytesLeft -= page.bytes
        fetchPage = () => get(next, bytesLeft, signal)
      }
    },
    isReachable: async (signal) => (await metadata(signal)) !== undefined,
    async servedTypes(signal) {
      if (served !== undefined && served.until > performance.now()) return served.types
      const text = await metadata(signal)
      if (text === undefined) return undefined
      served = { types: servedTypes(text), until: performance.now() + METADATA_KEPT_MS }
      return served.types
    },
  }
}

const ACCEPT = { accept: 'application/fhir+json' }

type Page =
  | { fault: EhrFault }
  | { fault: undefined; resources: EhrResource[]; next: string | undefined; bytes: number }

async function readPage(fetchPage: () => Promise<FetchedAnswer>, type: string): Promise<Page> {
  try {
    const { status, headers, text } = await fetchPage()
    if (status !== 200) return { fault: faultOfStatus(status) }
    if (!FHIR_TYPES.test(headers['content-type'] ?? '')) return { fault: 'invalid' }
    const searchset = readSearchset(text, type)
    if (searchset === undefined) return { fault: 'invalid' }
    return { fault: undefined, ...searchset, bytes: Buffer.byteLength(text) }
  } catch (error) {
    if (error instanceof FetchFault) return { fault: FAULTS[error.reason] }
    if (error instanceof JsonRefused) return { fault: 'invalid' }
    throw error
  }
}

function faultOfStatus(status: number): EhrFault {
  if (status === 429 || status === 503) return 'busy'
  return status === 502 || status === 504 ? 'unreachable' : 'invalid'
}

const FAULTS: Record<FetchFaultReason, EhrFault> = {
  timeout: 'timeout',
  unreachable: 'unreachable',
  truncated: 'invalid',
  'too-large': 'partial',
  encoded: 'invalid',
  redirect: 'invalid',
  'not-text': 'invalid',
}

/** The next page, if it lies under the same base: a link is the server's word, and may name anybody's address. */
function addressWithin(base: string, link: string): string | undefined {
  const home = new URL(base)
  const next = URL.parse(link, `${base}/`)
  if (next === null || next.origin !== home.origin || next.username !== '' || next.hash !== '')
    return undefined
  const isUnder = next.pathname === home.pathname || next.pathname.startsWith(`${home.pathname}/`)
  return isUnder ? next.href : undefined
}
