import { z } from 'zod'
import { readJson } from '../http/index.ts'
import { refuse, SYSTEMS, VISIT_KIND_CODES } from '../vocabulary/index.ts'
import { OPEN_KINDS, type Visit } from './count-visit.ts'
import { codingOf, conceptOf, patientReference, placeOf, resourceId, stated } from './fhir-elements.ts'
import { dayOf, tokyoDate } from './tokyo-time.ts'

const CLASSES = ['AMB', 'EMER', 'FLD', 'HH', 'IMP', 'ACUTE', 'NONAC', 'OBSENC', 'PRENC', 'SS', 'VR'] as const

/**
 * R4 `Encounter` as a visit. Its kind is the one coding of `type`, because R4 classes know neither check-ups nor
 * care contracts. `in-progress` is open, `finished` has ended, `entered-in-error` takes the visit back.
 */
const visitSchema = z
  .strictObject({
    resourceType: z.literal('Encounter'),
    id: resourceId.optional(),
    status: z.enum(['in-progress', 'finished', 'entered-in-error']),
    class: codingOf('http://terminology.hl7.org/CodeSystem/v3-ActCode', z.enum(CLASSES)),
    type: z.tuple([conceptOf(SYSTEMS.visitKind, z.enum(VISIT_KIND_CODES))]),
    subject: patientReference,
    period: z.strictObject({ start: stated, end: stated.optional() }),
    serviceProvider: z.strictObject({
      type: z.literal('Organization').optional(),
      identifier: z.strictObject({
        system: z.literal(SYSTEMS.institutionNumber),
        value: z.string().regex(/^[0-9A-Z]{10}$/),
      }),
      display: z.string().max(100).optional(),
    }),
  })
  .refine((visit) => visit.status !== 'in-progress' || visit.period.end === undefined, {
    path: ['period', 'end'],
  })
  .refine((visit) => dayOf(visit.period.end ?? visit.period.start) >= dayOf(visit.period.start), {
    path: ['period'],
  })

export interface StatedVisit extends Visit {
  /** The region's own registration, or a handle for somebody who is not registered there. */
  subject: { localId: string } | { handle: string }
  institution: string
  retracted: boolean
}

/** Reads an `Encounter` of the region whose patients `patientSystem` numbers, or refuses it whole. */
export function readVisit(resource: string, patientSystem: string, at: Date): StatedVisit {
  const read = visitSchema.safeParse(readJson(resource))
  if (!read.success) throw refuse('visit-invalid', { at: placeOf('Encounter', read.error) })
  const { status, type, subject, period, serviceProvider } = read.data
  const kind = type[0].coding[0].code
  const startedOn = dayOf(period.start)
  const lastDay = dayOf(period.end ?? period.start)
  if (lastDay > tokyoDate(at)) throw refuse('visit-invalid', { at: 'Encounter.period' })
  const isOpen = status === 'in-progress' && OPEN_KINDS.includes(kind)
  return {
    subject: subjectOf(subject.identifier, patientSystem),
    institution: serviceProvider.identifier.value,
    kind,
    startedOn,
    endedOn: isOpen ? undefined : lastDay,
    retracted: status === 'entered-in-error',
  }
}

function subjectOf(
  subject: { system: string; value: string },
  patientSystem: string,
): StatedVisit['subject'] {
  if (subject.system === patientSystem) return { localId: subject.value }
  if (subject.system === SYSTEMS.handle) return { handle: subject.value }
  throw refuse('foreign-patient-domain', { at: 'Encounter.subject.identifier.system' })
}
