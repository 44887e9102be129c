import { z } from 'zod'
import { refuse } from '../vocabulary/index.ts'
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
    /** Why the glass is broken; whoever only views gives none. */
    reason: reasonSchema.optional(),
  })
  .refine((form) => (form.patient === undefined) !== (form.demographics === undefined), { path: ['patient'] })

export interface Launch extends Pick<Question, 'breakGlass'> {
  login: string
  patient: AskedPatient
}

/** Throws `parameter-unsupported` for anything unknown, repeated or unbounded. */
export function readLaunch(body: string, now: Date): Launch {
  const { login, patient, demographics, reason } = readForm(launchSchema, body)
  return {
    login,
    patient: patient === undefined ? { demographics: demographics ?? '' } : { localId: patient },
    ...(reason === undefined ? {} : { breakGlass: { reason, since: Math.floor(now.getTime() / 1000) } }),
  }
}

/** For which patient a form of the viewer was made. */
export function readPatientHandle(body: string): string {
  return readForm(z.strictObject({ patient: z.string().min(1).max(64) }), body).patient
}

const handle = z.string().min(1).max(64)

/** Why the glass is to be broken: one of the reasons, and in words what makes it so. */
export const EMERGENCY_REASONS = { unconscious: '意識障害', life: '生命の危険', other: 'その他' } as const
const REASON_CODES = Object.keys(EMERGENCY_REASONS) as [keyof typeof EMERGENCY_REASONS]

export function readEmergency(body: string): { patient: string; reason: string } {
  const schema = z.strictObject({ patient: handle, kind: z.enum(REASON_CODES), words: reasonSchema })
  const { patient, kind, words } = readForm(schema, body)
  return { patient, reason: `${EMERGENCY_REASONS[kind]}：${words}`.slice(0, 200) }
}

/** What was done in an emergency, and why it was needed. */
export function readReport(body: string): { patient: string; report: string } {
  return readForm(z.strictObject({ patient: handle, report: z.string().trim().min(10).max(2_000) }), body)
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
