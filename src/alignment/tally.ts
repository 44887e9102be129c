import { codesOf, type Element, elementOf } from './elements.ts'
import { parseExact } from './exact-json.ts'
import { judgeText } from './judge.ts'
import type { CodeMaps } from './mapping/code-maps.ts'
import { type CodeMap, codeMapsOf } from './mapping/code-maps.ts'
import { mapCode } from './mapping/map-code.ts'

/** How records fit, counted. Systems and codes only: nothing in it is of a person. */
export interface Tally {
  levels: { item: string; level: string; count: number }[]
  breaches: { rule: string; count: number }[]
  /** Concepts by the system of their first code: mapped ones together (`code` empty), unmapped ones each. */
  codes: { system: string; code: string; count: number }[]
}

const NATIONAL = /^http:\/\/(jpfhir\.jp|medis\.or\.jp|jami\.jp|capstandard\.jp)\//
const LOCAL = /LocalCode|Uncoded|Nocoded|\/DrugCode\//

/** What may be told of a code: a sender may have put anything there. */
const CODE = /^[A-Za-z0-9._:/-]{1,64}$/
const SYSTEM = /^[A-Za-z0-9._:/#?=&%+-]{1,200}$/
const OTHER = 'other'
const DISTINCT_MAX = 500

/** Counts each record once; a record is a resource's text. */
export function tallyTexts(texts: readonly string[], maps: readonly CodeMap[]): Tally {
  const codeMaps = codeMapsOf(maps)
  const [levels, breaches, codes] = [counter(), counter(), counter()]
  for (const text of texts) {
    const [verdict] = judgeText(text, codeMaps)
    if (verdict === undefined) continue
    levels.add([verdict.item ?? '', verdict.level])
    for (const rule of new Set(verdict.issues.map(({ rule }) => rule))) breaches.add([rule])
    if (verdict.resourceType !== null) countCodes(text, codeMaps, codes.add)
  }
  return {
    levels: levels.all().map(([[item = '', level = ''], count]) => ({ item, level, count })),
    breaches: breaches.all().map(([[rule = ''], count]) => ({ rule, count })),
    codes: codes.all().map(([[system = '', code = ''], count]) => ({ system, code, count })),
  }
}

function countCodes(text: string, maps: CodeMaps, add: (key: string[]) => void): void {
  const resource = elementOf(parseExact(text)) as Element
  const concept = resource.code ?? resource.medicationCodeableConcept ?? resource.type
  const codes = codesOf(concept)
  const [first] = codes
  if (first === undefined) return
  const isNational = (system: string) => NATIONAL.test(system) && !LOCAL.test(system)
  const isMapped = codes.some(
    (code) => isNational(code.system) || mapCode(code, maps).some(({ system }) => isNational(system)),
  )
  const system = SYSTEM.test(first.system) ? first.system : OTHER
  if (isMapped) add([system, ''])
  else add([system, CODE.test(first.code) ? first.code : OTHER])
}

/** Counts by key, at most so many keys; what comes after is counted as other. */
function counter() {
  const counts = new Map<string, number>()
  return {
    add(key: string[]): void {
      const own = JSON.stringify(key)
      const name = counts.has(own) || counts.size < DISTINCT_MAX ? own : JSON.stringify(key.map(() => OTHER))
      counts.set(name, (counts.get(name) ?? 0) + 1)
    },
    all: () => [...counts].map(([key, count]) => [JSON.parse(key) as string[], count] as const),
  }
}
