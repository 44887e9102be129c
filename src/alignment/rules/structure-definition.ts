/** What is read of a StructureDefinition to make a table of it. */
export interface StructureDefinition {
  url: string
  type: string
  kind: 'primitive-type' | 'complex-type' | 'resource' | 'logical'
  abstract: boolean
  derivation?: 'specialization' | 'constraint'
  snapshot: { element: ElementDefinition[] }
}

export interface ElementDefinition {
  id: string
  path: string
  sliceName?: string
  min: number
  max: string
  base?: { path: string; max: string }
  type?: { code: string; profile?: string[]; targetProfile?: string[] }[]
  contentReference?: string
  binding?: { strength: string; valueSet?: string }
  slicing?: { discriminator?: { type: string; path: string }[]; rules: string }
  constraint?: { key: string; severity: string }[]
  [fixedOrPattern: string]: unknown
}

/** The name of a type: `http://hl7.org/fhirpath/System.String` is a string. */
export function typeName(code: string): string {
  return code.startsWith('http://hl7.org/fhirpath/System.') ? 'string' : code
}

/** A canonical without its version. */
export function withoutVersion(canonical: string): string {
  return canonical.split('|', 1)[0] ?? ''
}

/** The types a Reference may lead to; empty where any. */
export function targetTypes(types: ElementDefinition['type'], typeOf: ReadonlyMap<string, string>): string[] {
  const profiles = (types ?? []).flatMap(({ targetProfile }) => targetProfile ?? []).map(withoutVersion)
  const names = profiles.map((profile) => typeOf.get(profile) ?? profile.slice(profile.lastIndexOf('/') + 1))
  return names.includes('Resource') ? [] : [...new Set(names)]
}
