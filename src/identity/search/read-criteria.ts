import { refuse } from '../../vocabulary/index.ts'
import { isIdOrNone } from './patient-resource.ts'

/** How a text is looked for: from its beginning, to the letter, or anywhere in it. */
export type TextMode = 'start' | 'exact' | 'contains'

export interface TextCriterion {
  mode: TextMode
  /** One of them. */
  values: string[]
}

/** Stored dates may be a year or a month; as texts they sort as days do. Bounds are texts too. */
export interface DateCriterion {
  from?: string
  until?: string
}

export const TEXT_PARAMETERS = [
  'family',
  'given',
  'address',
  'address-city',
  'address-state',
  'address-postalcode',
  'address-country',
  'mothersMaidenName',
] as const
export type TextParameter = (typeof TEXT_PARAMETERS)[number]

/** A search as PDQm (ITI-78) takes it. All of it must hold. */
export interface Criteria {
  ids: string[][]
  identifiers: { system: string | undefined; value: string }[][]
  /** Systems whose ids are wanted: `identifier=urn:oid:X|`. */
  domains: string[]
  texts: ({ name: TextParameter } & TextCriterion)[]
  telecoms: string[][]
  birthDates: DateCriterion[]
  genders: string[][]
  isActive: boolean | undefined
  count: number
  /** How many were shown on the pages before. */
  offset: number
  /** Names of parameters that were not heeded. */
  ignored: string[]
}

const COUNT_DEFAULT = 20
export const COUNT_MAX = 100
/** More than a search ever finds. */
const OFFSET_MAX = 10_000
const PARAMETERS_MAX = 30
const VALUES_MAX = 20
const VALUE_CHARS_MAX = 300

const GENDERS = new Set(['male', 'female', 'other', 'unknown'])
const MODES: Record<string, TextMode> = { '': 'start', exact: 'exact', contains: 'contains' }
const RESULT_PARAMETERS = new Set(['_format', '_pretty'])

/**
 * Reads the parameters of a search. What the server does not know is ignored, as FHIR has it, unless the caller asks
 * for strictness (`Prefer: handling=strict`); an unknown modifier or prefix is always refused.
 */
export function readCriteria(
  pairs: Iterable<readonly [string, string]>,
  { isStrict }: { isStrict: boolean },
): Criteria {
  const criteria: Criteria = {
    ...{ ids: [], identifiers: [], domains: [], texts: [], telecoms: [], birthDates: [], genders: [] },
    ...{ isActive: undefined, count: COUNT_DEFAULT, offset: 0, ignored: [] },
  }
  let read = 0
  for (const [key, value] of pairs) {
    read += 1
    if (read > PARAMETERS_MAX || value.length > VALUE_CHARS_MAX) throw refuse('parameter-unsupported')
    const [name = '', modifier = ''] = key.split(/:(.*)/s)
    if (RESULT_PARAMETERS.has(name)) continue
    if (!readOne(criteria, name, modifier, value)) {
      if (isStrict) throw refuse('parameter-unsupported')
      criteria.ignored.push(name)
    }
  }
  return criteria
}

/** False for a parameter that is unknown. Throws for one that is known and wrong. */
function readOne(criteria: Criteria, name: string, modifier: string, value: string): boolean {
  if (isText(name)) {
    const mode = MODES[modifier]
    if (mode === undefined) throw refuse('parameter-unsupported', { at: name })
    criteria.texts.push({ name, mode, values: valuesOf(name, value) })
    return true
  }
  const reader = READERS[name]
  if (reader === undefined) return false
  if (modifier !== '') throw refuse('parameter-unsupported', { at: name })
  reader(criteria, valuesOf(name, value), name)
  return true
}

function isText(name: string): name is TextParameter {
  return (TEXT_PARAMETERS as readonly string[]).includes(name)
}

const READERS: Record<string, (criteria: Criteria, values: string[], name: string) => void> = {
  _id: (criteria, values) => void criteria.ids.push(values.filter(isIdOrNone)),
  identifier(criteria, values, name) {
    const tokens = values.map((value) => tokenOf(name, value))
    criteria.domains.push(...tokens.flatMap(({ system, value }) => (value === '' && system ? [system] : [])))
    const named = tokens.filter(({ value }) => value !== '')
    if (named.length > 0) criteria.identifiers.push(named)
  },
  telecom: (criteria, values) =>
    void criteria.telecoms.push(values.map((value) => value.slice(value.indexOf('|') + 1))),
  birthdate(criteria, values, name) {
    const [value, ...others] = values
    if (value === undefined || others.length > 0) throw refuse('parameter-unsupported', { at: name })
    criteria.birthDates.push(dateOf(name, value))
  },
  gender(criteria, values, name) {
    const codes = values.map((value) => value.slice(value.indexOf('|') + 1))
    if (codes.some((code) => !GENDERS.has(code))) throw refuse('parameter-unsupported', { at: name })
    criteria.genders.push(codes)
  },
  active(criteria, [value, ...others], name) {
    if (others.length > 0 || (value !== 'true' && value !== 'false')) {
      throw refuse('parameter-unsupported', { at: name })
    }
    criteria.isActive = value === 'true'
  },
  _count(criteria, [value, ...others], name) {
    const count = Number(value)
    if (others.length > 0 || !/^\d{1,9}$/.test(value ?? ''))
      throw refuse('parameter-unsupported', { at: name })
    criteria.count = Math.min(count, COUNT_MAX)
  },
  _offset(criteria, [value, ...others], name) {
    const offset = Number(value)
    if (others.length > 0 || !/^\d{1,5}$/.test(value ?? '') || offset > OFFSET_MAX) {
      throw refuse('parameter-unsupported', { at: name })
    }
    criteria.offset = offset
  },
}

/** Commas part values of which one must hold, unless a backslash stands before them (FHIR R4, 3.1.1.4). */
function valuesOf(name: string, value: string): string[] {
  const values = value.split(/(?<!\\),/).map((each) => each.replace(/\\([\\,$|])/g, '$1').trim())
  if (values.length > VALUES_MAX || values.some((each) => each === ''))
    throw refuse('parameter-unsupported', { at: name })
  return values
}

function tokenOf(name: string, token: string): { system: string | undefined; value: string } {
  const bar = token.indexOf('|')
  if (bar < 0) return { system: undefined, value: token }
  const [system, value] = [token.slice(0, bar), token.slice(bar + 1)]
  if (system === '' && value === '') throw refuse('parameter-unsupported', { at: name })
  return { system: system === '' ? undefined : system, value }
}

const PREFIXED = /^(eq|ge|le|gt|lt)?(\d{4}(?:-\d{2}(?:-\d{2})?)?)$/
/** Behind every text that begins alike. */
const LAST = '~'

function dateOf(name: string, value: string): DateCriterion {
  const [, prefix = 'eq', date] = PREFIXED.exec(value) ?? []
  if (date === undefined) throw refuse('parameter-unsupported', { at: name })
  if (prefix === 'ge') return { from: date }
  if (prefix === 'gt') return { from: date + LAST }
  if (prefix === 'le') return { until: date + LAST }
  return prefix === 'lt' ? { until: date } : { from: date, until: date + LAST }
}
