import { JsonRefused, parseJson } from '../kernel/strict-json.ts'
import { describeAny } from './describe-any.ts'
import type { Description } from './description.ts'
import { liftSections } from './document-sections.ts'
import { type Element, elementOf } from './elements.ts'
import { parseExact } from './exact-json.ts'
import { present } from './read-concept.ts'
import { flagsOf } from './read-origin.ts'

/** How a resource is put into words; undefined for one that cannot be shown without risk. */
export type Describe = (
  resource: Element,
  text: string,
  beside: readonly Element[],
) => Description | undefined

const LIMITS = { depthMax: 64, nodesMax: 50_000 }
/** A referral with a discharge summary attached, and no further. */
const DOCUMENTS_DEEP_MAX = 2
const CANNOT_BE_SHOWN = '（表示できない記載があります。文書を記録した施設に確認してください。）'

/**
 * A FHIR document as plain text: each section's title, its words, and what it refers to. Undefined for what is no
 * document. What the law lets nobody see is left out; what cannot be shown leaves a sentence in its place.
 */
export function readDocument(text: string, describe: Describe): string | undefined {
  try {
    parseJson(text, LIMITS)
  } catch (error) {
    if (error instanceof JsonRefused) return undefined
    throw error
  }
  const document = elementOf(parseExact(text))
  return document && documentLines(document, describe, 1)?.join('\n')
}

function documentLines(document: Element, describe: Describe, depth: number): string[] | undefined {
  if (document.resourceType !== 'Bundle' || document.type !== 'document') return undefined
  const sections = liftSections(document)
  if (sections.length === 0) return undefined
  return sections.flatMap(({ title, text, entries }) => [
    `【${title ?? '題のない節'}】`,
    ...present(text),
    ...entries.flatMap(({ resource }) => entryLines(resource, describe, depth)),
  ])
}

function entryLines(resource: Element, describe: Describe, depth: number): string[] {
  if (flagsOf(resource).includes('UNDELIVERED')) return []
  if (resource.resourceType === 'Bundle') {
    const inside = depth < DOCUMENTS_DEEP_MAX ? documentLines(resource, describe, depth + 1) : undefined
    return inside ?? [CANNOT_BE_SHOWN]
  }
  const described = describe(resource, JSON.stringify(resource), [])
  if (described !== undefined) return describedLines(described, flagsOf(resource).includes('UNINFORMED'))
  const words = DESCRIBED.has(resource.resourceType) ? undefined : plainWords(resource)
  return [words === undefined ? CANNOT_BE_SHOWN : `・${words}`]
}

/** Types that were described if they could be: what is left of them has a reason. */
const DESCRIBED: ReadonlySet<unknown> = new Set([
  'AllergyIntolerance',
  'Condition',
  'DocumentReference',
  'MedicationRequest',
  'Observation',
])

/** A name is enough of an organization or a procedure; one that something unknown changes has none. */
function plainWords(resource: Element): string | undefined {
  const isChanged =
    resource.implicitRules !== undefined || JSON.stringify(resource).includes('"modifierExtension"')
  return isChanged ? undefined : describeAny(resource)
}

function describedLines(described: Description, isUninformed: boolean): string[] {
  const { title, value, details = [], date, notes, body } = described
  const words = [...present(title, value), ...details, ...notes.map((note) => `［${note}］`)]
  const flagged = isUninformed ? ['［本人に未告知］', ...words] : words
  return [`・${[...flagged, ...present(date?.slice(0, 10))].join('　')}`, ...present(body)]
}
