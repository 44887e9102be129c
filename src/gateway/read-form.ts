import { z } from 'zod'
import { refuse, VISIT_KIND_CODES } from '../vocabulary/index.ts'
import { type AskedPatient, demographicsSchema, type Question, reasonSchema } from './read-search.ts'

const FIELDS_MAX = 10

/** How a local record system opens the viewer: a fresh login of its user, and one patient. */
const launchSchema = z
  .strictObject({
    login: z.string().min(1).max(4_096),
    /** The region's own patient id. */
    patient: z
      .string()
      .regex(/^[^|\s]{1,128}$/)
      .optional(),
    /** For somebody not registered here: a FHIR Patient, as JSON. */
    demographics: demographicsSchema.optional(),
    visit: z.enum(VISIT_KIND_CODES).optional(),
    /** Why the glass is broken; whoever only views gives none. */
    reason: reasonSchema.optional(),
  })
  .refine((form) => (form.patient === undefined) !== (form.demographics === undefined), { path: ['patient'] })

export interface Launch extends Pick<Question, 'visit' | 'breakGlass'> {
  login: string
  patient: AskedPatient
}

/** Throws `parameter-unsupported` for anything unknown, repeated or unbounded. */
export function readLaunch(body: string, today: string): Launch {
  const { login, patient, demographics, visit, reason } = readForm(launchSchema, body)
  return {
    login,
    patient: patient === undefined ? { demographics: demographics ?? '' } : { localId: patient },
    ...(visit === undefined ? {} : { visit: { kind: visit, on: today } }),
    ...(reason === undefined ? {} : { breakGlass: { reason } }),
  }
}

/** For which patient a form of the viewer was made. */
export function readPatientHandle(body: string): string {
  return readForm(z.strictObject({ patient: z.string().min(1).max(64) }), body).patient
}

function readForm<Schema extends z.ZodType>(schema: Schema, body: string): z.infer<Schema> {
  const sent = new URLSearchParams(body)
  const names = [...sent.keys()]
  if (names.length > FIELDS_MAX || new Set(names).size !== names.length) throw refuse('parameter-unsupported')
  // An empty field of a form was not filled in.
  const filled = Object.fromEntries([...sent].filter(([, value]) => value !== ''))
  const read = schema.safeParse(filled)
  if (!read.success) throw refuse('parameter-unsupported')
  return read.data
}
