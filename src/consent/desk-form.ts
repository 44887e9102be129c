import { z } from 'zod'
import { formCodeSchema, ITEM_CODES } from '../vocabulary/index.ts'
import { PROXY_RELATIONS, RECEIPT_NUMBER } from './consent-extensions.ts'
import { stated } from './fhir-elements.ts'

/** What a paper at the council's desk says, or a telephone call that stops sharing; or that a death told was an error. */
export const DESK_KINDS = ['consent', 'withdrawal', 'stop', 'left', 'deceased', 'not-deceased'] as const
export type DeskKind = (typeof DESK_KINDS)[number]

const day = z.iso.date().pipe(stated)
/** A day is none before another, and what is no day is before none: its own fault is named, and not the other's. */
const isNoEarlier = (later: string, earlier: string) =>
  later >= earlier || [later, earlier].some((each) => !day.safeParse(each).success)

const codes = <Schema extends z.ZodType>(code: Schema) => z.array(code).max(64).default([])

/** One entry at the desk, as a page or a line of a batch gives it. */
export const deskFormSchema = z
  .strictObject({
    receipt: z.string().regex(RECEIPT_NUMBER),
    patient: z.string().min(1).max(128),
    kind: z.enum(DESK_KINDS),
    /** The version of the form; a consent names it, and nothing else does. */
    form: formCodeSchema.optional(),
    signedOn: day,
    enteredOn: day,
    /** Who typed it in, where somebody else sends it. */
    enteredBy: z.string().min(1).max(100).optional(),
    proxy: z
      .strictObject({
        name: z.string().min(1).max(100),
        relation: z.enum(PROXY_RELATIONS),
        residentBorn: day,
      })
      .optional(),
    until: day.optional(),
    refusedItems: codes(z.enum(ITEM_CODES)),
    refusedInstitutions: codes(z.string().regex(/^[0-9A-Z]{10}$/)),
    refusedRegions: codes(z.string().regex(/^[a-z][a-z0-9-]{1,31}$/)),
    deceasedOn: day.optional(),
    /** Why a death is taken back, and nothing else. */
    reason: z.string().trim().min(4).max(200).optional(),
  })
  .refine(({ kind, form }) => (kind === 'consent') === (form !== undefined), { path: ['form'] })
  .refine(({ kind, deceasedOn }) => (kind === 'deceased') === (deceasedOn !== undefined), {
    path: ['deceasedOn'],
  })
  .refine(({ kind, reason }) => (kind === 'not-deceased') === (reason !== undefined), { path: ['reason'] })
  .refine(({ signedOn, enteredOn }) => isNoEarlier(enteredOn, signedOn), { path: ['enteredOn'] })
  // Nobody signs for a resident yet to be born; what ends sharing is taken whatever it says of the birth date.
  .refine(
    ({ kind, signedOn, proxy }) => kind !== 'consent' || !proxy || isNoEarlier(signedOn, proxy.residentBorn),
    {
      path: ['proxy', 'residentBorn'],
    },
  )
  .refine(({ signedOn, until }) => until === undefined || isNoEarlier(until, signedOn), { path: ['until'] })
export type DeskForm = z.infer<typeof deskFormSchema>
