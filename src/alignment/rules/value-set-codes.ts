/** What is read of a ValueSet or CodeSystem. */
export interface Terminology {
  url: string
  content?: string
  concept?: Concept[]
  compose?: { include?: Include[]; exclude?: Include[] }
}

interface Concept {
  code: string
  concept?: Concept[]
}

interface Include {
  system?: string
  concept?: Concept[]
  valueSet?: string[]
  filter?: { op: string; value: string }[]
}

/** System → its codes that are in the set; `*` where any code of the system is. */
export type Codes = Record<string, string[] | '*'>

/** Longer lists are registers of their own (drugs, languages): only the system is checked. */
const CODES_MAX = 400

/** The codes of every bound value set that can be told from what was published; the others are left out. */
export function codesTable(
  bound: ReadonlySet<string>,
  terminology: ReadonlyMap<string, Terminology>,
): Record<string, Codes> {
  const table: Record<string, Codes> = {}
  for (const url of [...bound].sort()) {
    const codes = codesOf(url, terminology, new Set())
    if (codes !== undefined && Object.keys(codes).length > 0) table[url] = codes
  }
  return table
}

/** Two guides publish the same system with other codes: what either knows is known. */
export function bothOf(one: Terminology, other: Terminology): Terminology {
  const include = [...(one.compose?.include ?? []), ...(other.compose?.include ?? [])]
  return {
    ...one,
    concept: [...(one.concept ?? []), ...(other.concept ?? [])],
    ...(include.length > 0 && { compose: { ...one.compose, include } }),
  }
}

function codesOf(
  url: string,
  terminology: ReadonlyMap<string, Terminology>,
  seen: Set<string>,
): Codes | undefined {
  const valueSet = terminology.get(`ValueSet ${url}`)
  if (valueSet?.compose?.include === undefined || valueSet.compose.exclude !== undefined || seen.has(url))
    return undefined
  const all: Codes = {}
  for (const { system, concept, valueSet: others, filter } of valueSet.compose.include) {
    for (const other of others ?? []) {
      const found = codesOf(other, terminology, new Set([...seen, url]))
      if (found === undefined) return undefined
      for (const [name, codes] of Object.entries(found)) all[name] = joined(all[name], codes)
    }
    if (system === undefined) continue
    const codeSystem = terminology.get(`CodeSystem ${system}`)
    const whole = concept ?? (codeSystem?.content === 'complete' ? codeSystem.concept : undefined)
    const listed = filter === undefined ? whole : beneath(whole ?? [], filter)
    if (filter !== undefined && listed === undefined) return undefined
    const codes = listed === undefined ? '*' : listed.flatMap(allCodes)
    all[system] = joined(all[system], codes.length > CODES_MAX ? '*' : codes)
  }
  return all
}

/** The only filter a guide uses here: everything below one concept. */
function beneath(
  concepts: readonly Concept[],
  [only, ...others]: { op: string; value: string }[],
): Concept[] | undefined {
  if (only?.op !== 'descendent-of' || others.length > 0) return undefined
  const find = (among: readonly Concept[]): Concept | undefined =>
    among.find(({ code }) => code === only.value) ??
    among.map(({ concept }) => find(concept ?? [])).find((each) => each !== undefined)
  return find(concepts)?.concept
}

function joined(one: string[] | '*' | undefined, other: string[] | '*'): string[] | '*' {
  if (one === '*' || other === '*') return '*'
  return [...new Set([...(one ?? []), ...other])]
}

/** A concept's code and all below it. */
export function allCodes({ code, concept }: Concept): string[] {
  return [code, ...(concept ?? []).flatMap(allCodes)]
}
