import type { Code } from '../elements.ts'
import { groupSystem, laboratoryGroup } from '../laboratory.ts'
import drugs from '../rules/drug-names.json' with { type: 'json' }
import { type CodeMaps, type MappedCode, meansSame } from './code-maps.ts'
import { presentSystem, urlOfAlias } from './national-systems.ts'

const JLAC10 = 'http://medis.or.jp/CodeSystem/master-JLAC10-17digits'
const YJ = 'http://capstandard.jp/iyaku.info/CodeSystem/YJ-code'
const INGREDIENT = 'http://capstandard.jp/CodeSystem/KikakubetsuYakuzaiSeibun'
const HOT9 = 'http://medis.or.jp/CodeSystem/master-HOT9'
const HOT13 = 'http://medis.or.jp/CodeSystem/master-HOT13'
const YCM = 'http://jpfhir.jp/fhir/core/CodeSystem/YCM/JP_JfagyMedicationAllergen_CS'
const GCM = 'http://jpfhir.jp/fhir/core/CodeSystem/GCM/JP_JfagyMedicationAllergen_CS'
const SECTION = 'http://jpfhir.jp/fhir/clins/CodeSystem/document-section'

/** What a step of the project's own maps gives for one code: same meaning, another system. */
type Step = (code: Code) => Omit<MappedCode, 'equivalence'>[]

/** Section codes of the discharge summary that 1.5.4 changed, either way. */
const SECTIONS = new Map([
  ['362', '360'],
  ['372', '370'],
  ['552', '550'],
  ['642', '640'],
])
const SECTIONS_BACK = new Map([...SECTIONS].map(([one, other]) => [other, one]))

const STEPS: Record<string, Step> = {
  [JLAC10]: ({ code }) => {
    const group = laboratoryGroup(code)
    return group === undefined
      ? []
      : [{ system: groupSystem(group), code, display: group.name, by: 'jlac10-group' }]
  },
  [YJ]: ({ code, display }) =>
    /^[0-9]{7}[A-Z][0-9]{4}$/.test(code)
      ? [{ system: INGREDIENT, code: `${code.slice(0, 9)}ZZZ`, display, by: 'yj-ingredient' }]
      : [],
  [HOT13]: ({ code, display }) =>
    /^[0-9]{13}$/.test(code) ? [{ system: HOT9, code: code.slice(0, 9), display, by: 'hot13-hot9' }] : [],
  [HOT9]: ({ code }) => {
    const yj = (drugs.hot9ToYj as Record<string, string>)[code]
    const display = yj === undefined ? undefined : (drugs.yj as Record<string, string>)[yj]
    return yj === undefined ? [] : [{ system: YJ, code: yj, display, by: 'hot9-yj' }]
  },
  [YCM]: ({ code, display }) => {
    const yj = /^YCM([0-9]{7}[A-Z][0-9]{4})$/.exec(code)?.[1]
    if (yj === undefined) return []
    return [
      { system: YJ, code: yj, display, by: 'jfagy-yj' },
      { system: GCM, code: `GCM${yj.slice(0, 9)}ZZZ`, display, by: 'jfagy-ingredient' },
    ]
  },
  [SECTION]: ({ code }) => {
    const other = SECTIONS.get(code) ?? SECTIONS_BACK.get(code)
    return other === undefined
      ? []
      : [{ system: SECTION, code: other, display: undefined, by: 'section-1.5.4' }]
  },
}
for (const designated of ['CoreLabo', 'InfectionLabo']) {
  const system = `http://jpfhir.jp/fhir/clins/CodeSystem/JLAC10/JP_CLINS_ObsLabResult_${designated}_CS`
  STEPS[system] = ({ code, display }) => [{ system: JLAC10, code, display, by: 'group-jlac10' }]
}

/** A code leads to another, that one to a third (HOT13 to HOT9 to YJ to its ingredient). */
const STEPS_MAX = 4

/**
 * Every code that means the same as a given one: by its system's present name, by the project's own maps, and by the
 * maps given. Each says which map it comes from; the code itself is not among them.
 */
export function mapCode(code: Code, maps: CodeMaps): MappedCode[] {
  const found: MappedCode[] = []
  const seen = new Set([`${code.system}|${code.code}`])
  let last: Code[] = [code]
  for (let step = 0; step < STEPS_MAX && last.length > 0; step++) {
    const next = last
      .flatMap((each) => neighbours(each, maps))
      .filter(({ system, code }) => {
        const key = `${system}|${code}`
        if (seen.has(key)) return false
        seen.add(key)
        return true
      })
    found.push(...next)
    last = next
  }
  return found
}

function neighbours(code: Code, maps: CodeMaps): MappedCode[] {
  const url = urlOfAlias(code.system)
  const renamed = url === undefined ? [] : [{ ...code, system: url, by: 'oid-url', equivalence: 'equal' }]
  const own = (STEPS[presentSystem(code.system)]?.(code) ?? []).map((each) => ({
    ...each,
    equivalence: 'equivalent',
  }))
  const given = maps.find(code.system, code.code).filter(meansSame)
  return [...renamed, ...own, ...given].map((each) => ({ ...each, display: each.display ?? code.display }))
}
