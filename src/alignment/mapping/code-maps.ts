import type { Code } from '../elements.ts'

/** A code that a map gives for another, and which map says so. */
export interface MappedCode extends Code {
  /** The ConceptMap's canonical, or the name of a map of the project's own: `oid-url`. */
  by: string
  /** As R4 names it: from the target's point of view. */
  equivalence: string
}

/** Every map in use, by source. */
export interface CodeMaps {
  find: (system: string, code: string) => readonly MappedCode[]
}

export const NO_MAPS: CodeMaps = { find: () => [] }

/** A ConceptMap as it was read and checked. */
export interface CodeMap {
  /** `https://…|2`, as it is named where it is used. */
  name: string
  groups: readonly { source: string; target: string; elements: readonly MapElement[] }[]
}

export interface MapElement {
  code: string
  targets: readonly { code: string; display?: string | undefined; equivalence: string }[]
}

/** Maps made quick to ask. The first given wins where two give the same code. */
export function codeMapsOf(maps: readonly CodeMap[]): CodeMaps {
  const index = new Map<string, MappedCode[]>()
  for (const { name, groups } of maps) {
    for (const { source, target, elements } of groups) {
      for (const { code, targets } of elements) {
        const key = `${source}|${code}`
        const known = index.get(key) ?? []
        index.set(key, known)
        for (const { code, display, equivalence } of targets) {
          if (known.some((each) => each.system === target && each.code === code)) continue
          known.push({ system: target, code, display, by: name, equivalence })
        }
      }
    }
  }
  return { find: (system, code) => index.get(`${system}|${code}`) ?? [] }
}

/** Only these say that the codes mean the same (R4, ConceptMapEquivalence). */
const SAME = new Set(['equal', 'equivalent'])

export function meansSame({ equivalence }: MappedCode): boolean {
  return SAME.has(equivalence)
}
