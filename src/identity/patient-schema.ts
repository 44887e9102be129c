import { z } from 'zod'

const short = z.string().min(1).max(100)
const uri = z.string().min(1).max(300)
const use = z.string().max(20).optional()

/** Elements that linkage does not read: kept as they came, within the limits of the whole text. */
const opaque = z.unknown().optional()
const opaqueList = z.array(z.unknown()).max(20).optional()

const BIRTH_YEAR_MIN = '1850'
const IDENTIFIERS_MAX = 20

const isoDate = z.iso.date()

/** A year, a month or a day that exists. PostgreSQL would take `infinity`, so dates are checked before it sees them. */
const birthDate = z
  .string()
  .regex(/^\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?$/)
  .refine((date) => date >= BIRTH_YEAR_MIN)
  .refine((date) => date.length < 10 || isoDate.safeParse(date).success)

/** The value of an identifier that may be asked for as `system|value`. */
export const localIdSchema = z.string().regex(/^[^\s|\\,$\p{C}]{1,128}$/u)

/** Whether it has ended is what linkage asks. */
const period = z.looseObject({ end: z.string().max(40).optional() }).optional()

const identifier = z.looseObject({ use, period, system: uri.optional(), value: z.string().min(1).max(200) })

const humanName = z.looseObject({
  use,
  period,
  text: z.string().min(1).max(200).optional(),
  family: short.optional(),
  given: z.array(short).min(1).max(5).optional(),
  extension: z
    .array(z.looseObject({ url: uri, valueCode: z.string().max(20).optional() }))
    .max(10)
    .optional(),
})

const address = z.looseObject({
  use,
  period,
  text: z.string().max(300).optional(),
  line: z.array(z.string().max(200)).max(5).optional(),
  city: short.optional(),
  state: short.optional(),
  postalCode: z.string().max(20).optional(),
})

const coding = z.looseObject({ system: uri.optional(), code: short.optional() })

/**
 * A Patient (FHIR R4, JP Core). What linkage reads is strict, what else R4 allows is let pass, what R4 does not
 * know is refused; so are `implicitRules` and `modifierExtension`, which may turn the meaning round, and photographs,
 * which the hub has no need of.
 */
const patient = z.strictObject({
  resourceType: z.literal('Patient'),
  id: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,64}$/)
    .optional(),
  meta: z
    .looseObject({
      versionId: short.optional(),
      lastUpdated: z.iso.datetime({ offset: true }).optional(),
      security: z.array(coding).max(10).optional(),
    })
    .optional(),
  language: short.optional(),
  text: opaque,
  extension: opaqueList,
  contained: opaqueList,
  identifier: z.array(identifier).max(IDENTIFIERS_MAX).optional(),
  active: z.boolean().optional(),
  name: z.array(humanName).max(10).optional(),
  telecom: z
    .array(z.looseObject({ use, system: use, value: z.string().max(100).optional() }))
    .max(10)
    .optional(),
  gender: z.enum(['male', 'female', 'other', 'unknown']).optional(),
  birthDate: birthDate.optional(),
  _birthDate: opaque,
  _gender: opaque,
  deceasedBoolean: z.boolean().optional(),
  deceasedDateTime: z.union([birthDate, z.iso.datetime({ offset: true })]).optional(),
  address: z.array(address).max(5).optional(),
  maritalStatus: opaque,
  multipleBirthBoolean: z.boolean().optional(),
  multipleBirthInteger: z.int().min(1).max(20).optional(),
  contact: opaqueList,
  communication: opaqueList,
  generalPractitioner: opaqueList,
  managingOrganization: opaque,
  link: z
    .array(z.looseObject({ type: z.string().max(20) }))
    .max(5)
    .optional(),
})

/** Compiled: every record of a file goes through it, which so takes half the time. */
export const patientSchema = z.compile(patient)

export type Patient = z.infer<typeof patientSchema>
export type HumanName = z.infer<typeof humanName>
