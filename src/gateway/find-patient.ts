import { z } from 'zod'
import { type PatientFacts, readPatient } from '../alignment/index.ts'
import { readJson } from '../http/index.ts'
import { refuse, SYSTEMS } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import type { AskedPatient } from './read-search.ts'

/** Who is asked about, as the hub is to be told. */
export interface FoundPatient {
  /** How the call names the patient. */
  parameter: 'patient.identifier' | '_demographics'
  /** What the request's salted hash is over. */
  system: string
  value: string
  birthDate: string
  gender: string
  /** Who it is to a person's eyes; undefined by a handle, which names nobody. */
  facts: PatientFacts | undefined
}

const patientSchema = z.looseObject({
  resourceType: z.literal('Patient'),
  id: z.string().max(64).optional(),
  identifier: z
    .array(z.looseObject({ system: z.string().optional(), value: z.string().optional() }))
    .max(100)
    .optional(),
  birthDate: z.string().max(10).optional(),
  gender: z.string().max(20).optional(),
})
type Patient = z.infer<typeof patientSchema>

/** Birth date and sex come from the local system for its own patients. Throws `patient-unknown`. */
export async function findPatient(ctx: GatewayContext, asked: AskedPatient): Promise<FoundPatient> {
  if ('handle' in asked) {
    const { handle: value, birthDate, gender } = asked
    const system = SYSTEMS.handle
    return { parameter: 'patient.identifier', system, value, birthDate, gender, facts: undefined }
  }
  if ('demographics' in asked) return describedPatient(asked.demographics)
  const patient = await ownPatient(ctx, asked)
  const { patientSystem: system } = ctx
  const value = ownIdOf(patient, system)
  if (value === undefined || value === '') throw refuse('patient-unknown')
  return { parameter: 'patient.identifier', system, value, ...whoIs(patient) }
}

/** The server's matching is not believed: one that ignores a parameter answers with everybody. */
async function ownPatient(
  ctx: GatewayContext,
  asked: { localId: string } | { fhirId: string },
): Promise<Patient> {
  const parameter: Record<string, string> =
    'fhirId' in asked ? { _id: asked.fhirId } : { identifier: `${ctx.patientSystem}|${asked.localId}` }
  const deadline = AbortSignal.timeout(ctx.ehrDeadlineMs)
  const answer = await ctx.ehr.search('Patient', { ...parameter, _count: '2' }, deadline)
  if (answer.fault !== undefined) throw refuse('local-system-unreachable')
  const [found, ...others] = answer.resources.map(({ value }) => patientSchema.safeParse(value).data)
  if (found === undefined || others.length > 0) throw refuse('patient-unknown')
  const isMeant =
    'fhirId' in asked ? found.id === asked.fhirId : ownIdOf(found, ctx.patientSystem) === asked.localId
  if (!isMeant) throw refuse('patient-unknown')
  return found
}

function ownIdOf({ identifier = [] }: Patient, patientSystem: string): string | undefined {
  return identifier.find(({ system }) => system === patientSystem)?.value
}

/** Somebody who is not registered here; the text goes to the hub as it is, and the request's hash is over it. */
function describedPatient(text: string): FoundPatient {
  const read = patientSchema.safeParse(readJson(text))
  if (!read.success) throw refuse('resource-invalid', { at: 'Patient' })
  return { parameter: '_demographics', system: '_demographics', value: text, ...whoIs(read.data) }
}

function whoIs(patient: Patient): Pick<FoundPatient, 'birthDate' | 'gender' | 'facts'> {
  const { birthDate = '', gender = '' } = patient
  return { birthDate, gender, facts: readPatient(patient) }
}
