import { z } from 'zod'

const text = z.string().min(1).max(200)
const coding = z.object({ system: text.optional(), code: z.string().max(100).optional() })

const partialDate = z
  .string()
  .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/)
  .refine((date) => date >= '1850' && date < '2200')
  .refine((date) => date.length !== 10 || z.iso.date().safeParse(date).success)

const humanName = z.object({
  use: z.string().max(20).optional(),
  text: text.optional(),
  family: z.string().min(1).max(100).optional(),
  given: z.array(z.string().min(1).max(100)).min(1).max(5).optional(),
  extension: z
    .array(z.object({ url: text, valueCode: z.string().max(10).optional() }))
    .max(10)
    .optional(),
})

/**
 * A Patient as a region feeds it (JP Core, ITI-104). Elements that linkage reads are checked strictly; others
 * are let pass and kept as they came. A JP_Patient has at least one name, and one id in its region's system.
 */
export const feedPatientSchema = z.looseObject({
  resourceType: z.literal('Patient'),
  active: z.boolean().optional(),
  identifier: z
    .array(z.looseObject({ system: text, value: z.string().min(1).max(128) }))
    .min(1)
    .max(20),
  name: z.array(humanName).min(1).max(10),
  gender: z.enum(['male', 'female', 'other', 'unknown']).optional(),
  birthDate: partialDate.optional(),
  address: z
    .array(
      z.object({
        text: z.string().max(300).optional(),
        line: z.array(z.string().max(200)).max(5).optional(),
        city: z.string().max(100).optional(),
        state: z.string().max(50).optional(),
        postalCode: z.string().max(10).optional(),
      }),
    )
    .max(5)
    .optional(),
  telecom: z
    .array(z.object({ system: z.string().max(20).optional(), value: z.string().max(100).optional() }))
    .max(10)
    .optional(),
  link: z
    .array(z.looseObject({ type: z.string().max(20) }))
    .max(5)
    .optional(),
  meta: z.looseObject({ security: z.array(coding).max(10).optional() }).optional(),
})
export type FeedPatient = z.infer<typeof feedPatientSchema>
