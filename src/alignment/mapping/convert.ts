import { SYSTEMS } from '../../vocabulary/index.ts'
import { codesOf, type Element, elementOf, elementsOf, textOf } from '../elements.ts'
import { ExactNumber } from '../exact-json.ts'
import { laboratoryGroup } from '../laboratory.ts'
import type { Addition } from '../verdict.ts'
import type { CodeMaps } from './code-maps.ts'
import { fillIn } from './fill-in.ts'
import { mapCode } from './map-code.ts'
import { oidOf, urlOfAlias } from './national-systems.ts'
import { qualitativeCode } from './qualitative.ts'
import { MERIT9, merit9Of, UCUM, ucumOf } from './units.ts'

export interface Conversion {
  /** A copy with everything added; the resource itself is never touched. */
  converted: Element
  added: Addition[]
}

/** Systems whose codes a receiver of the national set looks for; other neighbours serve to know things again. */
const WANTED = /^(http:\/\/(jpfhir\.jp|medis\.or\.jp|jami\.jp|capstandard\.jp)\/|urn:oid:)/

/** Who the conversion is for. */
export interface ConvertFor {
  maps: CodeMaps
  /** Whether what says nothing new is filled in too: a claim, an identifier made of the id. */
  fillsIn: boolean
  /** The check-up guide knows national systems by their OIDs. */
  isCheckup: boolean
}

/**
 * What the national set asks for and can be told from the resource itself: codes by maps, units, results in words. It
 * adds and never replaces; only a system that may stand once is written in its present form, in the copy.
 */
export function convert(resource: Element, { maps: given, fillsIn, isCheckup }: ConvertFor): Conversion {
  const added: Addition[] = []
  const maps = isCheckup ? withOids(given) : given
  const type = String(resource.resourceType)
  const converted = copyWith(resource, type, maps, added, resource.resourceType === 'Bundle') as Record<
    string,
    unknown
  >
  addResultCode(converted, type, added)
  if (fillsIn) fillIn(converted, type, added)
  return { converted, added }
}

/** Beside every map that was given: the OID of a system known by its URL. */
function withOids(maps: CodeMaps): CodeMaps {
  return {
    find: (system, code) => {
      const oid = oidOf(system)
      const own =
        oid === undefined
          ? []
          : [{ system: oid, code, display: undefined, by: 'url-oid', equivalence: 'equal' }]
      return [...own, ...maps.find(system, code)]
    },
  }
}

function copyWith(
  value: unknown,
  path: string,
  maps: CodeMaps,
  added: Addition[],
  isBundle = false,
): unknown {
  if (value instanceof ExactNumber || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value))
    return value.map((each, index) => copyWith(each, `${path}[${index}]`, maps, added))
  const copy: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(value)) {
    // Entries of a Bundle are converted by themselves; what has no parts is the same in a copy.
    if (typeof member !== 'object' || (isBundle && name === 'entry')) copy[name] = member
    else if (name === 'coding' && Array.isArray(member))
      copy[name] = [...member, ...codingsToAdd(member, `${path}.coding`, maps, added)]
    else if (name === 'identifier' && Array.isArray(member))
      copy[name] = withIdentifiers(member, `${path}.identifier`, maps, added)
    else copy[name] = copyWith(member, `${path}.${name}`, maps, added)
  }
  renameSystem(copy, path, added)
  addUnit(copy, path, added)
  return copy
}

function codingsToAdd(codings: unknown, path: string, maps: CodeMaps, added: Addition[]): Element[] {
  const present = codesOf({ coding: codings })
  const known = new Set(present.map(({ system, code }) => `${system}|${code}`))
  const systems = new Set(present.map(({ system }) => system))
  return present.flatMap((code) =>
    mapCode(code, maps).flatMap(({ system, code, display, by }) => {
      const key = `${system}|${code}`
      // One code of a system is enough: two would contradict each other.
      if (known.has(key) || systems.has(system) || !WANTED.test(system)) return []
      known.add(key)
      systems.add(system)
      added.push({ path, what: key, by })
      return [{ system, code, ...(display !== undefined && { display }) }]
    }),
  )
}

function withIdentifiers(
  identifiers: readonly unknown[],
  path: string,
  maps: CodeMaps,
  added: Addition[],
): unknown[] {
  const systems = new Set(elementsOf(identifiers).map(({ system }) => system))
  const extra = elementsOf(identifiers).flatMap((identifier) => {
    const url = typeof identifier.system === 'string' ? urlOfAlias(identifier.system) : undefined
    if (url === undefined || systems.has(url)) return []
    systems.add(url)
    added.push({ path, what: url, by: 'oid-url' })
    return [{ ...identifier, system: url }]
  })
  return [...identifiers.map((each, index) => copyWith(each, `${path}[${index}]`, maps, [])), ...extra]
}

/** A single Coding or Identifier has no place beside it. */
function renameSystem(element: Record<string, unknown>, path: string, added: Addition[]): void {
  const url =
    typeof element.system === 'string' && 'code' in element !== 'value' in element
      ? urlOfAlias(element.system)
      : undefined
  if (url === undefined || /\.identifier\[\d+\]$/.test(path)) return
  element.system = url
  added.push({ path: `${path}.system`, what: url, by: 'oid-url' })
}

/** UCUM for results; MERIT-9 for doses, as JP Core has it. */
function addUnit(element: Record<string, unknown>, path: string, added: Addition[]): void {
  const unit = textOf(element.unit)
  if (
    unit === undefined ||
    element.value === undefined ||
    element.code !== undefined ||
    element.system !== undefined
  )
    return
  const isDose = /dose|rate|dispenseRequest/i.test(path)
  const dose = isDose ? merit9Of(unit) : undefined
  const code = dose ?? ucumOf(unit)
  if (code === undefined) return
  element.system = dose === undefined ? UCUM : MERIT9
  element.code = code
  added.push({ path, what: `${String(element.system)}|${code}`, by: 'unit' })
}

/** A result in words gets its code beside the words, where there is room: a string has none, and is told only. */
function addResultCode(resource: Record<string, unknown>, type: string, added: Addition[]): void {
  if (type !== 'Observation') return
  const concept = elementOf(resource.valueCodeableConcept)
  const text = textOf(concept?.text) ?? textOf(resource.valueString)
  // What is malformed stays as it is, and is told.
  if (text === undefined || concept?.coding !== undefined || !isLaboratory(resource)) return
  const group = codesOf(resource.code)
    .map(({ code }) => laboratoryGroup(code)?.group)
    .find((each) => each !== undefined)
  const result = qualitativeCode(text, group)
  if (result === undefined) return
  const { system, code, display } = result
  added.push({ path: 'Observation.value', what: `${system}|${code}`, by: 'qualitative' })
  if (concept !== undefined)
    resource.valueCodeableConcept = { ...concept, coding: [{ system, code, display }] }
}

function isLaboratory({ category }: Element): boolean {
  return elementsOf(category).some((each) =>
    codesOf(each).some(({ system, code }) => code === 'laboratory' && system !== SYSTEMS.careLevel),
  )
}
