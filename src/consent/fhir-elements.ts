import { z } from 'zod'

const YEAR_MIN = '1900'
const YEAR_MAX = '2200'

/** A day, or an instant with seconds and an offset: what R4 dateTime allows, partial dates excepted. */
export const stated = z
  .union([z.iso.date(), z.iso.datetime({ offset: true }).max(40)])
  .refine((text) => text >= YEAR_MIN && text < YEAR_MAX)

export const identifier = z.strictObject({
  system: z.string().min(1).max(200),
  value: z.string().min(1).max(128),
})

/** The patient, by identifier only: a URL or a display would be somebody's name for them, not ours. */
export const patientReference = z.strictObject({
  type: z.literal('Patient').optional(),
  identifier,
})

/** An identifier of one system, with the values that this system has. */
export function identifierOf<System extends string>(system: System, value: RegExp) {
  return z.strictObject({ system: z.literal(system), value: z.string().regex(value) })
}

export const referenceShape = {
  type: z.string().max(64).optional(),
  reference: z.string().min(1).max(200).optional(),
  identifier: identifier.optional(),
  display: z.string().max(100).optional(),
}

export const reference = z
  .strictObject(referenceShape)
  .refine((each) => each.reference !== undefined || each.identifier !== undefined)

/** A CodeableConcept that is exactly one coding of one system. */
export function conceptOf<Code extends z.ZodType<string>>(system: string, code: Code) {
  return z.strictObject({
    coding: z.tuple([codingOf(system, code)]),
    text: z.string().max(100).optional(),
  })
}

export function codingOf<Code extends z.ZodType<string>>(system: string, code: Code) {
  return z.strictObject({
    system: z.literal(system),
    version: z.string().max(20).optional(),
    code,
    display: z.string().max(100).optional(),
  })
}

export const resourceId = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/)

/** Where the first fault is, as a FHIRPath of names and positions; never a value or a key of the sender's. */
export function placeOf(resourceType: string, error: z.ZodError): string {
  const path = error.issues[0]?.path ?? []
  return path.reduce<string>(
    (place, step) => (typeof step === 'number' ? `${place}[${step}]` : `${place}.${String(step)}`),
    resourceType,
  )
}
