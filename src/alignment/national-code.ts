import { type Code, codesOf, type Element } from './elements.ts'
import { NO_MAPS } from './mapping/code-maps.ts'
import { mapCode } from './mapping/map-code.ts'
import { presentSystem } from './mapping/national-systems.ts'

/** Systems whose codes say nothing across institutions: local ones, and those for "not coded". */
const LOCAL = /LocalCode|Uncoded|Nocoded|\/DrugCode\//

/** MEDIS disease numbers for what was not coded are all nines; so are those of JLAC10. J-FAGY has dummies of its own. */
const NO_CODE = /^(9+|D9[FMN]0+)$/

/** Wider than the code itself: two drugs of one ingredient, or sections of two guides, are not one thing. */
const WIDER = new Set(['yj-ingredient', 'jfagy-ingredient', 'section-1.5.4'])

const KNOWN = new Map<string, readonly string[]>()
const KNOWN_MAX = 10_000

/**
 * The codes of what a resource is about that mean the same at every institution, each as `system|code`: those it has,
 * by the present names of their systems, and those they lead to without becoming wider (HOT9 to YJ, JLAC10 to its
 * national item). By them a disease, allergy, drug or result is known again in another region's answer.
 */
export function nationalCodesOf(resource: Element): string[] {
  const concept = resource.code ?? resource.medicationCodeableConcept ?? resource.type
  const codes = codesOf(concept).filter(({ system, code }) => !LOCAL.test(system) && !NO_CODE.test(code))
  return [...new Set(codes.flatMap(sameCodes))]
}

function sameCodes(code: Code): readonly string[] {
  const key = `${code.system}|${code.code}`
  const known = KNOWN.get(key)
  if (known !== undefined) return known
  const mapped = mapCode(code, NO_MAPS).filter(({ by }) => !WIDER.has(by))
  const own = `${presentSystem(code.system)}|${code.code}`
  const codes = [own, ...mapped.map(({ system, code }) => `${presentSystem(system)}|${code}`)]
  if (KNOWN.size >= KNOWN_MAX) KNOWN.clear()
  KNOWN.set(key, codes)
  return codes
}
