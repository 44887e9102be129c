import { CATALOGUE_CODES, type CatalogueItem, ITEM_CATALOGUE, SYSTEMS } from '../vocabulary/index.ts'
import { codesOf, type Element, elementOf, listOf } from './elements.ts'
import { recogniseByCode, recogniseByKind } from './recognise.ts'

/** `type system|code` → item, and type → item where its codes say nothing. */
const BY_CODE = new Map<string, CatalogueItem>()
const BY_TYPE = new Map<string, CatalogueItem>()
for (const code of CATALOGUE_CODES) {
  const { types, codes = [], byType } = ITEM_CATALOGUE[code]
  for (const type of types) {
    for (const each of [`${SYSTEMS.item}|${code}`, ...codes]) BY_CODE.set(`${type} ${each}`, code)
    if (byType === true && !BY_TYPE.has(type)) BY_TYPE.set(type, code)
  }
}
// The first type named by an item is its own; a second item of that type needs a code.
BY_TYPE.delete('Observation')
BY_TYPE.delete('DocumentReference')

const INJECTION = /\/JP_Medication(Request|Administration)_Injection$/

/**
 * Which of all shared items a resource of R4 carries: by a national code, which outweighs every other mark, so that an
 * infection is one whatever its sender calls it; by the project's own item code; by the codes of the catalogue and the
 * national categories; then by its type. Undefined is unclassified, and shown as that. Access is decided by it, so
 * undefined is not permitted.
 */
export function classify(resource: unknown): CatalogueItem | undefined {
  const element = elementOf(resource)
  if (element === undefined) return undefined
  const byCode = recogniseByCode(element)
  if (byCode !== undefined) return byCode
  const type = String(element.resourceType)
  const codes = namedCodes(element)
  const own = codes.find(({ system }) => system === SYSTEMS.item)
  const marked = own === undefined ? undefined : BY_CODE.get(`${type} ${SYSTEMS.item}|${own.code}`)
  if (marked !== undefined) return marked
  if (isInjection(element)) return 'injection'
  const known = codes
    .map(({ system, code }) => BY_CODE.get(`${type} ${system}|${code}`))
    .find((each) => each !== undefined)
  const national = recogniseByKind(element)
  // A vital sign by its category may be a height by its code; a disease or a result is what the guides say it is.
  if (national !== undefined && (national !== 'home-vitals' || known === undefined)) return national
  return known ?? BY_TYPE.get(type)
}

/** Codes of what it is about, of its kind and of its category. */
function namedCodes({ code, type, category }: Element) {
  return [code, type, ...listOf(category), category].flatMap(codesOf)
}

export function isInjection({ resourceType, meta }: Element): boolean {
  if (resourceType === 'MedicationAdministration') return true
  return listOf(elementOf(meta)?.profile).some(
    (profile) => typeof profile === 'string' && INJECTION.test(profile.split('|', 1)[0] ?? ''),
  )
}
