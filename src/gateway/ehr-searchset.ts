import { type FhirObject, isFhirObject } from '../alignment/index.ts'
import { type JsonValue, sliceEntries } from '../kernel/strict-json.ts'

/** A resource of the local system: its exact text, and the same parsed. */
export interface EhrResource {
  text: string
  type: string
  id: string
  value: FhirObject
}

/** FHIR R4: letters, digits, hyphens and dots. */
const RESOURCE_ID = /^[A-Za-z0-9.-]{1,64}$/

/**
 * The matches of one page, with the link to the next. Undefined for anything but a searchset of `type`; throws
 * JsonRefused for what is not JSON as it must be. Warnings of the server (mode `outcome`) are not matches.
 */
export function readSearchset(
  text: string,
  type: string,
): { resources: EhrResource[]; next: string | undefined } | undefined {
  const { bundle, resources: texts } = sliceEntries(text)
  if (!isFhirObject(bundle) || bundle.resourceType !== 'Bundle' || bundle.type !== 'searchset')
    return undefined
  const entries = bundle.entry ?? []
  if (!Array.isArray(entries) || entries.length !== texts.length) return undefined
  const resources: EhrResource[] = []
  for (const [index, entry] of entries.entries()) {
    if (!isFhirObject(entry) || !isFhirObject(entry.resource)) return undefined
    const { resource, search } = entry
    if (resource.resourceType === 'OperationOutcome' && isFhirObject(search) && search.mode === 'outcome')
      continue
    const { resourceType, id } = resource
    if (resourceType !== type || typeof id !== 'string' || !RESOURCE_ID.test(id)) return undefined
    resources.push({ text: texts[index] ?? '', type, id, value: resource })
  }
  return { resources, next: nextOf(bundle.link) }
}

function nextOf(links: JsonValue | undefined): string | undefined {
  if (!Array.isArray(links)) return undefined
  const next = links.find((link) => isFhirObject(link) && link.relation === 'next')
  return isFhirObject(next) && typeof next.url === 'string' ? next.url : undefined
}
