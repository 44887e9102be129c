import { getStatus } from '@medplum/core'
import { FhirRouter, makeSimpleRequest } from '@medplum/fhir-router'
import { capabilityStatement, SERVED_TYPES } from './fhir-capability.ts'
import type { FhirIndex } from './fhir-index.ts'
import { pageOf } from './fhir-page.ts'
import { IndexedRepository } from './fhir-repository.ts'
import { Refused, type Search } from './fhir-request.ts'

export type Answer = (search: Search) => Promise<{ status: number; body: object }>

/** Answers reads and searches under the FHIR base `url`; throws Refused for a type it does not serve. */
export function answerFrom(index: FhirIndex, url: string): Answer {
  const router = new FhirRouter()
  const repository = new IndexedRepository(index)
  return async ({ path, query }) => {
    if (path === 'metadata') return { status: 200, body: capabilityStatement(url) }
    const type = path.split('/')[0] ?? ''
    if (type !== '' && !SERVED_TYPES.includes(type)) throw new Refused(404, 'not-found')
    const request = makeSimpleRequest('GET', `${path}?${query}`)
    const [outcome, resource] = await router.handleRequest(request, repository)
    if (resource === undefined) return { status: getStatus(outcome), body: outcome }
    const searched = resource.resourceType === 'Bundle' && !path.includes('/')
    return { status: getStatus(outcome), body: searched ? pageOf(resource, url, path, query) : resource }
  }
}
