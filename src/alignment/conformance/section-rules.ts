import { type Element, elementOf, elementsOf, slotsOf, textOf } from '../elements.ts'
import type { Rule } from '../rules/rule.ts'
import { rulesAt } from '../rules/rules-at.ts'
import type { Breach } from './breach.ts'

const SECTION_SYSTEM = 'http://jpfhir.jp/fhir/clins/CodeSystem/document-section'

/** Which section codes a document has differs from version to version. */
export const SECTION_CODE = 'tsunagi-section-code'

/** The codes of sections that a document has at a version, and those inside each of them. */
interface Sections {
  codes: ReadonlySet<string>
  inside: ReadonlyMap<string, Sections>
}

const SECTIONS = new WeakMap<Rule, Sections>()

/**
 * Section codes that a document does not have in that place at that version. The profiles' slices say which it has,
 * and are open, so that a validator lets any other code pass.
 */
export function sectionBreaches(resource: Element, profiles: readonly string[], version: number): Breach[] {
  if (resource.resourceType !== 'Composition') return []
  return profiles.flatMap((profile) => {
    const rule = rulesAt(profile, version)?.in?.section
    const sections = rule === undefined ? undefined : sectionsOf(rule)
    return sections === undefined ? [] : breachesIn(resource.section, sections, 'Composition')
  })
}

function breachesIn(list: unknown, { codes, inside }: Sections, path: string): Breach[] {
  return slotsOf(list).flatMap(({ code, section }, index) => {
    const at = `${path}.section[${index}]`
    const told = elementsOf(elementOf(code)?.coding).find(({ system }) => system === SECTION_SYSTEM)
    const name = textOf(told?.code)
    if (name === undefined) return []
    const within = inside.get(name)
    const text = 'この文書・この版のこの場所にはないセクションコードです。'
    const own = codes.has(name) ? [] : [{ rule: SECTION_CODE, path: `${at}.code`, text }]
    return within === undefined ? own : [...own, ...breachesIn(section, within, at)]
  })
}

/** Undefined where the sections are not told apart by their codes. */
function sectionsOf(rule: Rule): Sections | undefined {
  if (rule.by?.[0] !== 'value:code.coding.code') return undefined
  const known = SECTIONS.get(rule)
  if (known !== undefined) return known
  const codes = new Set<string>()
  const inside = new Map<string, Sections>()
  for (const slice of Object.values(rule.slices ?? {})) {
    const code = slice.in?.code?.in?.coding?.in?.code?.fixed
    if (typeof code !== 'string') continue
    codes.add(code)
    const within = slice.in?.section === undefined ? undefined : sectionsOf(slice.in.section)
    if (within !== undefined) inside.set(code, within)
  }
  const sections = { codes, inside }
  SECTIONS.set(rule, sections)
  return sections
}
