import { z } from 'zod'
import type { SignedCall } from '../registry/index.ts'
import { isoDateSchema, type QueryClaims, queryOf, saltedPatientHash, saltFor } from '../trust/index.ts'
import {
  CLINICAL_TYPES,
  type ClinicalType,
  type Item,
  isClinicalType,
  itemsOf,
  refuse,
  typesOf,
} from '../vocabulary/index.ts'

/** How the asker names the person: its own registration, a handle, or the demographics the institution holds. */
export type PersonNamed =
  | { by: 'identifier'; system: string; value: string }
  | { by: 'demographics'; patientText: string }

/** A query as signed and sent, checked to be one thing. */
export interface Query {
  call: SignedCall
  claims: QueryClaims
  person: PersonNamed
  /** Salt for comparing birth date and sex, derived from the query's; the query's own salt stays here. */
  birthSexSalt: string
  items: Item[]
  types: ClinicalType[]
  period: { from?: string; to?: string } | undefined
}

const PARAMETERS_MAX = 10

const single = (max: number) => z.tuple([z.string().min(1).max(max)]).transform(([value]) => value)

const formSchema = z.strictObject({
  'patient.identifier': single(400).optional(),
  _demographics: single(8_000).optional(),
  _salt: single(64),
  _type: single(400).optional(),
  date: z
    .array(z.string().regex(/^(ge|le)\d{4}-\d{2}-\d{2}$/))
    .max(2)
    .optional(),
})

/**
 * Reads the form of a search. `type` is the type of a `/{Type}/_search`. Throws `parameter-unsupported` for
 * anything unknown, repeated or contradicting the signed claims: a query is never wider than its signature.
 */
export function readQuery(call: SignedCall, body: string, type?: string): Query {
  const claims = queryOf(call.claims)
  if (claims === undefined) throw refuse('token-claims', { at: 'extensions' })
  const form = parseForm(body)
  const person = personNamed(form)
  const [system, value] =
    person.by === 'identifier' ? [person.system, person.value] : ['_demographics', person.patientText]
  if (saltedPatientHash(saltFor(form._salt, 'patient'), system, value) !== claims.patientHash) {
    throw refuse('call-mismatch', { at: 'patient' })
  }
  if (type !== undefined && form._type !== undefined) throw refuse('parameter-unsupported', { at: '_type' })
  const types = typesAsked(type ?? form._type)
  const items = claims.items.filter((item) => itemsOf(types).includes(item))
  if (items.length === 0) throw refuse('parameter-unsupported', { at: '_type' })
  return {
    call,
    claims,
    person,
    birthSexSalt: saltFor(form._salt, 'birth-sex'),
    items,
    types: typesOf(items).filter((each) => types.includes(each)),
    period: periodOf(form.date),
  }
}

function parseForm(body: string): z.infer<typeof formSchema> {
  const pairs = [...new URLSearchParams(body)]
  // A name may be `__proto__`: a property of a plain object it must not become.
  if (pairs.length > PARAMETERS_MAX || pairs.some(([name]) => !Object.hasOwn(formSchema.shape, name))) {
    throw refuse('parameter-unsupported')
  }
  const values = Map.groupBy(pairs, ([name]) => name)
  const parsed = formSchema.safeParse(
    Object.fromEntries([...values].map(([name, named]) => [name, named.map(([, value]) => value)])),
  )
  if (!parsed.success)
    throw refuse('parameter-unsupported', { at: String(parsed.error.issues[0]?.path[0] ?? '') })
  return parsed.data
}

function personNamed(form: z.infer<typeof formSchema>): PersonNamed {
  const { 'patient.identifier': identifier, _demographics: patientText } = form
  if (patientText !== undefined && identifier === undefined) return { by: 'demographics', patientText }
  const bar = identifier?.indexOf('|') ?? -1
  if (identifier === undefined || patientText !== undefined || bar < 1 || bar === identifier.length - 1) {
    throw refuse('parameter-unsupported', { at: 'patient.identifier' })
  }
  return { by: 'identifier', system: identifier.slice(0, bar), value: identifier.slice(bar + 1) }
}

function typesAsked(list: string | undefined): ClinicalType[] {
  const asked = list?.split(',') ?? [...CLINICAL_TYPES]
  if (!asked.every(isClinicalType)) throw refuse('parameter-unsupported', { at: '_type' })
  return asked
}

function periodOf(dates: string[] | undefined): Query['period'] {
  if (dates === undefined) return undefined
  const day = (prefix: string) => dates.find((date) => date.startsWith(prefix))?.slice(2)
  const [from, to] = [day('ge'), day('le')]
  if (dates.length > 1 && (from === undefined || to === undefined)) {
    throw refuse('parameter-unsupported', { at: 'date' })
  }
  for (const each of [from, to]) {
    if (each !== undefined && !isoDateSchema.safeParse(each).success) {
      throw refuse('parameter-unsupported', { at: 'date' })
    }
  }
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}
