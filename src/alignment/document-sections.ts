import type { CatalogueItem } from '../vocabulary/index.ts'
import { classify } from './classify.ts'
import { narrativeText } from './describe-any.ts'
import { codesOf, type Element, elementOf, elementsOf, textOf } from './elements.ts'

const SECTION = 'http://jpfhir.jp/fhir/clins/CodeSystem/document-section'
const CHECKUP_SECTION = 'http://jpfhir.jp/fhir/eCheckup/CodeSystem/section-code'

/** Discharge codes up to 1.5.3, by those that 1.5.4 and later have. */
const RENAMED = new Map([
  ['362', '360'],
  ['372', '370'],
  ['552', '550'],
  ['642', '640'],
])

/** What a section is about, where its entries alone do not say it: a disease under 既往歴 is past history. */
const SECTION_ITEMS = new Map<string, CatalogueItem>([
  ['370', 'past-history'],
  ['352', 'chief-complaint'],
  ['340', 'condition'],
  ['342', 'condition'],
  ['344', 'condition'],
  ['360', 'condition'],
  ['520', 'infection'],
  ['430', 'prescription'],
  ['432', 'prescription'],
  ['444', 'prescription'],
  ['730', 'surgery'],
  ['720', 'treatment'],
  ['713', 'treatment'],
  ['424', 'care-plan'],
  ['420', 'care-plan'],
])
/** Types that are what their section says; others are what they are. */
const TOLD_BY_SECTION = new Set(['Condition', 'Procedure'])

const SECTIONS_DEEP_MAX = 5

/** One section of a document, with what it refers to. */
export interface LiftedSection {
  /** As IG versions since 1.5.4 code it; undefined where it has no national code. */
  code: string | undefined
  title: string | undefined
  item: CatalogueItem | undefined
  entries: { resource: Element; item: CatalogueItem | undefined }[]
  /** Its own words, without their markup. */
  text: string | undefined
}

/**
 * The sections of a document Bundle, from the outside in. Diseases, allergies, results and prescriptions inside are
 * found with the item each carries; what the document does not hold is left out of the entries.
 */
export function liftSections(document: Element): LiftedSection[] {
  const entries = elementsOf(document.entry)
  const composition = elementOf(entries[0]?.resource)
  if (composition?.resourceType !== 'Composition') return []
  const byName = new Map<string, Element>()
  for (const { fullUrl, resource } of entries) {
    const element = elementOf(resource)
    if (element === undefined) continue
    if (typeof fullUrl === 'string') byName.set(fullUrl, element)
    if (typeof element.id === 'string') byName.set(`${String(element.resourceType)}/${element.id}`, element)
  }
  return liftFrom(composition.section, byName, 0)
}

function liftFrom(sections: unknown, byName: ReadonlyMap<string, Element>, depth: number): LiftedSection[] {
  if (depth >= SECTIONS_DEEP_MAX) return []
  return elementsOf(sections).flatMap((section) => {
    const code = sectionCode(section)
    const item = code === undefined ? undefined : SECTION_ITEMS.get(code)
    const entries = elementsOf(section.entry).flatMap(({ reference }) => {
      const resource = typeof reference === 'string' ? byName.get(reference) : undefined
      return resource === undefined ? [] : [{ resource, item: itemIn(resource, item) }]
    })
    const text = narrativeText(section.text)
    const own = { code, title: textOf(section.title), item, entries, text }
    return [own, ...liftFrom(section.section, byName, depth + 1)]
  })
}

function itemIn(resource: Element, item: CatalogueItem | undefined): CatalogueItem | undefined {
  const told = item !== undefined && TOLD_BY_SECTION.has(String(resource.resourceType))
  return told ? item : classify(resource)
}

function sectionCode({ code }: Element): string | undefined {
  const found = codesOf(code).find(({ system }) => system === SECTION || system === CHECKUP_SECTION)
  return found && (RENAMED.get(found.code) ?? found.code)
}
