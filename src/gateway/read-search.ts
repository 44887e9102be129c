import { z } from 'zod'
import { isoDateSchema } from '../trust/index.ts'
import {
  CLINICAL_TYPES,
  type ClinicalType,
  type Item,
  isClinicalType,
  itemsOf,
  refuse,
  SYSTEMS,
  typesOf,
  type VisitKind,
  WARNING_CODES,
  type Warning,
} from '../vocabulary/index.ts'

const PARAMETERS_MAX = 12
/** All of them, by commas. */
const ITEMS_CHARS_MAX = 1_000
const TYPES_CHARS_MAX = 400

/** Whom a local system or viewer asks about. */
export type AskedPatient =
  /** By the region's own patient id, or by the id under which the local FHIR server keeps the patient. */
  | { localId: string }
  | { fhirId: string }
  /** Somebody not registered here, by the handle that an earlier answer carried. */
  | { handle: string; birthDate: string; gender: Gender }
  /** Somebody not registered here, by what the institution holds: the text of a FHIR Patient. */
  | { demographics: string }

/** What somebody logged in asks: about one patient, for items; who asks comes from the login alone. */
export interface Question {
  patient: AskedPatient
  items: Item[]
  /** The types to be searched; undefined for all that carry the items. */
  types?: ClinicalType[] | undefined
  /** A visit of today that the region has not fed yet, in the word of whoever issued the login. */
  visit?: { kind: VisitKind; on: string } | undefined
  /** That this is a first visit, with the warnings that were acknowledged. */
  firstVisit?: { warnings: Warning[] } | undefined
  /** That the resident agreed to this viewing too. */
  agreed?: boolean | undefined
  /** Why the glass was broken, and when, in seconds. */
  breakGlass?: { reason: string; since: number } | undefined
  /** Dates of care. */
  period?: { from?: string | undefined; to?: string | undefined } | undefined
}

export const birthDateSchema = isoDateSchema
export const genderSchema = z.enum(['male', 'female', 'other', 'unknown'])
export type Gender = z.infer<typeof genderSchema>
export const reasonSchema = z.string().trim().min(10).max(200)
export const demographicsSchema = z.string().min(2).max(8_000)

const once = <Schema extends z.ZodType<unknown, string>>(schema: Schema) =>
  z.tuple([schema]).transform(([value]) => value as z.output<Schema>)

/** `confirmed`, or the warnings that were acknowledged, separated by commas. */
const warningsSchema = z
  .string()
  .max(200)
  .transform((text) => (text === 'confirmed' ? [] : text.split(',')))
  .pipe(z.array(z.enum(WARNING_CODES)).max(WARNING_CODES.length))

const day = z
  .string()
  .regex(/^(ge|le)/)
  .refine((text) => isoDateSchema.safeParse(text.slice(2)).success)

const inUrl = {
  patient: once(z.string().regex(/^(Patient\/)?[A-Za-z0-9.-]{1,64}$/)).optional(),
  'patient.identifier': once(z.string().regex(/^[^|]{1,200}\|[^|]{1,128}$/)).optional(),
  date: z.array(day).max(2).optional(),
  _item: once(z.string().max(ITEMS_CHARS_MAX)).optional(),
  _format: z.array(z.string()).max(1).optional(),
}

/** What would tell about a person stands in a body, never in a URL. */
const inBody = {
  ...inUrl,
  'patient.birthdate': once(birthDateSchema).optional(),
  'patient.gender': once(genderSchema).optional(),
  _demographics: once(demographicsSchema).optional(),
  _type: once(z.string().max(TYPES_CHARS_MAX)).optional(),
  '_first-visit': once(warningsSchema).optional(),
  _agreed: once(z.literal('true')).optional(),
  _reason: once(reasonSchema).optional(),
}

const urlSchema = z.strictObject(inUrl)
const bodySchema = z.strictObject(inBody)
type Search = z.infer<typeof bodySchema>

export interface SearchSent {
  /** The type of `/{Type}`; undefined for a search across types. */
  type: string | undefined
  /** Parameters of the URL. */
  query: URLSearchParams
  /** The form of a `_search`; undefined for a GET. */
  form: URLSearchParams | undefined
}

/** Where this gateway stands. */
export interface Here {
  patientSystem: string
  /** In seconds. */
  now: number
}

/** Reads a FHIR search as a question. Throws `parameter-unsupported` for anything unknown, repeated or unbounded. */
export function readSearch(sent: SearchSent, here: Here): Question {
  const url = parse(urlSchema, sent.query)
  if (sent.form !== undefined && sent.query.size > 0) throw refuse('parameter-unsupported')
  const search: Search = sent.form === undefined ? url : parse(bodySchema, sent.form)
  return {
    patient: patientOf(search, here.patientSystem),
    ...whatOf(sent.type, search),
    ...(search['_first-visit'] === undefined ? {} : { firstVisit: { warnings: search['_first-visit'] } }),
    ...(search._agreed === undefined ? {} : { agreed: true }),
    ...(search._reason === undefined ? {} : { breakGlass: { reason: search._reason, since: here.now } }),
    ...(search.date === undefined ? {} : { period: periodOf(search.date) }),
  }
}

function parse<Schema extends z.ZodObject>(schema: Schema, sent: URLSearchParams): z.infer<Schema> {
  if (sent.size > PARAMETERS_MAX) throw refuse('parameter-unsupported')
  const values = Object.fromEntries([...new Set(sent.keys())].map((name) => [name, sent.getAll(name)]))
  const parsed = schema.safeParse(values)
  if (parsed.success) return parsed.data
  const name = String(parsed.error.issues[0]?.path[0] ?? '')
  // Only our own names are repeated to the caller; an unknown one may hold anything.
  throw refuse('parameter-unsupported', { at: Object.hasOwn(schema.shape, name) ? name : '' })
}

function patientOf(search: Search, patientSystem: string): AskedPatient {
  const { patient, 'patient.identifier': identifier, _demographics: demographics } = search
  if ([patient, identifier, demographics].filter((each) => each !== undefined).length !== 1) {
    throw refuse('parameter-unsupported', { at: 'patient' })
  }
  if (patient !== undefined) return { fhirId: patient.replace(/^Patient\//, '') }
  if (demographics !== undefined) return { demographics }
  const [system, value = ''] = (identifier ?? '').split('|')
  if (system === patientSystem) return { localId: value }
  if (system !== SYSTEMS.handle) throw refuse('foreign-patient-domain')
  const { 'patient.birthdate': birthDate, 'patient.gender': gender } = search
  if (birthDate === undefined) throw refuse('parameter-unsupported', { at: 'patient.birthdate' })
  if (gender === undefined) throw refuse('parameter-unsupported', { at: 'patient.gender' })
  return { handle: value, birthDate, gender }
}

/** The items named, else all that the types carry; and of the types those that carry them. */
function whatOf(type: string | undefined, { _type, _item }: Search): Pick<Question, 'items' | 'types'> {
  const types = typesAsked(type, _type)
  const carried = itemsOf(types)
  const named = _item?.split(',')
  if (named?.every((each) => carried.some((item) => item === each)) === false) {
    throw refuse('parameter-unsupported', { at: '_item' })
  }
  const items = named === undefined ? carried : carried.filter((item) => named.includes(item))
  return { items, types: typesOf(items).filter((each) => types.includes(each)) }
}

function typesAsked(type: string | undefined, list: string | undefined): ClinicalType[] {
  if (type !== undefined && list !== undefined) throw refuse('parameter-unsupported', { at: '_type' })
  const asked = (type ?? list)?.split(',') ?? [...CLINICAL_TYPES]
  if (!asked.every(isClinicalType)) throw refuse('parameter-unsupported', { at: '_type' })
  return asked
}

function periodOf(dates: readonly string[]): Question['period'] {
  const bound = (prefix: string) => dates.find((date) => date.startsWith(prefix))?.slice(2)
  return { from: bound('ge'), to: bound('le') }
}
