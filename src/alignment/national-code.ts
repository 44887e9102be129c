import { codesOf, type Element } from './elements.ts'

/** Systems whose codes say nothing across institutions: local ones, and those for "not coded". */
const LOCAL = /LocalCode|Uncoded|Nocoded|\/DrugCode\//

/** MEDIS disease numbers for what was not coded are all nines; so are those of JLAC10. */
const NO_CODE = /^9+$/

/** The codes of what a resource is about that mean the same at every institution. */
export function nationalCodesOf(resource: Element): string[] {
  const concept = resource.code ?? resource.medicationCodeableConcept ?? resource.type
  return codesOf(concept)
    .filter(({ system, code }) => !LOCAL.test(system) && !NO_CODE.test(code))
    .map(({ system, code }) => `${system}|${code}`)
}
