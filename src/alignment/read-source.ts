import { type Item, isItem } from '../vocabulary/index.ts'
import type { AlignedEntry, AlignedSource } from './aligned.ts'
import { classify } from './classify.ts'
import { describeResource } from './describe-resource.ts'
import { type Element, elementOf } from './elements.ts'
import { keepExact, parseExact } from './exact-json.ts'
import type { Unfolded } from './fold-entries.ts'
import { nationalCodesOf } from './national-code.ts'
import { flagsOf, readOrigin } from './read-origin.ts'

export interface ReadSource {
  entries: Unfolded[]
  /** What cannot be shown, by item; undefined where not even that can be told. */
  undisplayed: (Item | undefined)[]
}

/** Types that come along with what was asked and are no items themselves. */
const COMPANIONS: ReadonlySet<unknown> = new Set([
  'Binary',
  'Encounter',
  'Location',
  'Medication',
  'OperationOutcome',
  'Organization',
  'Patient',
  'Practitioner',
  'PractitionerRole',
  'Provenance',
  'Specimen',
])

/**
 * Each resource of a source in words, or counted as one that cannot be shown. Left out are companions, and what the
 * law lets nobody see: its holder ought to have kept it, so not even its number shows.
 */
export function readSource({ region, resources }: AlignedSource): ReadSource {
  const parsed = resources.map(({ text, resource, fit }) => ({
    text,
    resource: readExact(text, resource),
    fit,
  }))
  const beside = parsed.map(({ resource }) => resource).filter((resource) => resource !== undefined)
  const read: ReadSource = { entries: [], undisplayed: [] }
  for (const { text, resource, fit } of parsed) {
    const flags = flagsOf(resource)
    if (flags.includes('UNDELIVERED') || COMPANIONS.has(resource?.resourceType)) continue
    const known = classify(resource)
    const item = isItem(known) ? known : undefined
    const described = resource && describeResource(resource, text, beside)
    if (resource === undefined || item === undefined || described === undefined) {
      read.undisplayed.push(item)
      continue
    }
    const { resourceType, id } = resource
    const holding = {
      region,
      origin: readOrigin(resource),
      reference: `${String(resourceType)}/${String(id)}`,
      ...(fit === undefined ? {} : { fit }),
    }
    const entry: AlignedEntry = {
      item,
      ...described,
      flags: flags.filter((flag) => flag !== 'UNDELIVERED'),
      holdings: [holding],
    }
    read.entries.push({ entry, codes: nationalCodesOf(resource) })
  }
  return read
}

function readExact(text: string, parsed: object | undefined): Element | undefined {
  try {
    return elementOf(parsed === undefined ? parseExact(text) : keepExact(text, parsed))
  } catch {
    return undefined
  }
}
