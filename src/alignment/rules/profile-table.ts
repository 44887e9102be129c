import { type ProfileTable, type Rule, ruleAt } from './rule.ts'
import {
  type ElementDefinition,
  type StructureDefinition,
  targetTypes,
  typeName,
  withoutVersion,
} from './structure-definition.ts'

/** R4's own keys: those are checked for every resource. */
const R4_KEY = /^[a-z]{2,5}-[0-9]+[a-z]?$/
/** One slice for each of 200 laboratory names: laboratory.json holds those. */
const BY_NAME = /^(coreLabo|infectionLabo)JLAC1[01]\//

/** The rules of each profile: what its snapshot demands beyond R4. Adds the value sets that bind to `bound`. */
export function profileTable(
  definitions: readonly StructureDefinition[],
  base: readonly StructureDefinition[],
  all: readonly StructureDefinition[],
  bound: Set<string>,
): ProfileTable {
  const typeOf = new Map(all.map(({ url, type }) => [url, type]))
  const paths = new Map<string, ElementDefinition>()
  for (const { snapshot, derivation } of base) {
    if (derivation === 'constraint') continue
    for (const element of snapshot.element) paths.set(element.path, element)
  }
  const table: ProfileTable = {}
  for (const { url, type, snapshot } of definitions) {
    const root: Rule = {}
    for (const element of snapshot.element) {
      const steps = element.id.split('.').slice(1)
      if (steps.some((step) => BY_NAME.test(step.split(':')[1] ?? ''))) continue
      Object.assign(
        ruleAt(root, steps),
        demandsOf(element, paths.get(element.base?.path ?? element.path), typeOf, bound),
      )
    }
    prune(root)
    table[url] = { type, rule: root }
  }
  return table
}

function demandsOf(
  element: ElementDefinition,
  inR4: ElementDefinition | undefined,
  typeOf: ReadonlyMap<string, string>,
  bound: Set<string>,
): Rule {
  const rule: Rule = {}
  const isSlice = element.sliceName !== undefined && element.id.endsWith(`:${element.sliceName}`)
  if (element.min > (isSlice ? 0 : (inR4?.min ?? 0))) rule.min = element.min
  if (element.max !== '*' && element.max !== (isSlice ? '*' : inR4?.max)) rule.max = Number(element.max)
  const types = (element.type ?? []).map(({ code }) => typeName(code))
  const known = (inR4?.type ?? []).map(({ code }) => typeName(code))
  if (types.length > 0 && (types.length < known.length || isSlice) && known.length > 1) rule.types = types
  const profiles = (element.type ?? []).flatMap(({ profile }) => profile ?? []).map(withoutVersion)
  const areOfHl7 = profiles.some((profile) => profile.startsWith('http://hl7.org/'))
  if (profiles.length > 0 && !areOfHl7) rule.profiles = profiles
  // Of HL7's own extensions nothing is kept but their names, by which their slices are known.
  const [extension] = profiles
  if (areOfHl7 && isSlice && types[0] === 'Extension') rule.in = { url: { fixed: extension } }
  const targets = targetTypes(element.type, typeOf)
  const anyone = targetTypes(inR4?.type, new Map()).length
  if (targets.length > 0 && (anyone === 0 || targets.length < anyone)) rule.targets = targets
  for (const [name, value] of Object.entries(element)) {
    if (name.startsWith('fixed')) rule.fixed = value
    if (name.startsWith('pattern')) rule.pattern = value
  }
  if (typeof element.maxLength === 'number') rule.maxLength = element.maxLength
  const { binding, slicing, constraint } = element
  if (binding?.strength === 'required' && binding.valueSet !== undefined) {
    const valueSet = withoutVersion(binding.valueSet)
    if (valueSet !== withoutVersion(inR4?.binding?.valueSet ?? '')) {
      rule.bind = valueSet
      bound.add(valueSet)
    }
  }
  const keys = (constraint ?? [])
    .filter(({ key, severity }) => severity === 'error' && !R4_KEY.test(key))
    .map(({ key }) => key)
  if (keys.length > 0) rule.invariants = keys
  if (slicing !== undefined) {
    rule.by = (slicing.discriminator ?? []).map(({ type, path }) => `${type}:${path}`)
    if (slicing.rules === 'closed') rule.closed = true
  }
  return rule
}

/** Drops what demands nothing. Gives whether the rule itself demands nothing. */
function prune(rule: Rule): boolean {
  for (const part of ['in', 'slices'] as const) {
    const children = rule[part]
    if (children === undefined) continue
    const tells =
      part === 'slices' && (rule.closed === true || Object.values(children).some((each) => !prune(each)))
    for (const [name, child] of Object.entries(children)) {
      if (prune(child) && !tells) delete children[name]
    }
    if (Object.keys(children).length === 0) delete rule[part]
  }
  if (rule.slices === undefined) {
    delete rule.by
    delete rule.closed
  }
  return Object.keys(rule).length === 0
}
