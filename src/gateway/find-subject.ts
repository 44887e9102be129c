import { z } from 'zod'
import type { Subject } from '../alignment/index.ts'
import { saltedBirthSexHash } from '../trust/index.ts'
import type { GatewayContext } from './context.ts'
import type { EhrFault } from './ehr-client.ts'
import type { Mandate } from './verify-mandate.ts'

/** Why nobody here is the person meant; told to the own audit and to nobody else. */
export type SubjectRefusal =
  | 'patient-unknown'
  | 'patient-ambiguous'
  | 'patient-inactive'
  | 'demographics-differ'

export type FoundSubject = { subject: Subject } | { refused: SubjectRefusal } | { fault: EhrFault }

const patientSchema = z.looseObject({
  identifier: z.array(z.looseObject({ system: z.string().optional(), value: z.string().optional() })),
  active: z.boolean().optional(),
  /** Whole, or there is nothing to compare. */
  birthDate: z.iso.date(),
  gender: z.string().optional(),
})

/**
 * The one active patient of the mandate's identifier, whose birth date and sex are those that the asking region
 * signed for. The server's matching is not believed: one that ignores a parameter answers with everybody.
 */
export async function findSubject(
  ctx: GatewayContext,
  { claims, query }: Mandate,
  deadline: AbortSignal,
): Promise<FoundSubject> {
  const { system, value } = claims.patient
  const parameters = { identifier: `${system}|${value}`, _count: '2' }
  const { resources, fault } = await ctx.ehr.search('Patient', parameters, deadline)
  if (fault !== undefined) return { fault }
  const [found, ...others] = resources
  if (found === undefined) return { refused: 'patient-unknown' }
  if (others.length > 0) return { refused: 'patient-ambiguous' }
  const patient = patientSchema.safeParse(found.value).data
  if (patient === undefined) return { refused: 'demographics-differ' }
  const { identifier, active, birthDate, gender = '' } = patient
  if (!identifier.some((each) => each.system === system && each.value === value)) {
    return { refused: 'patient-unknown' }
  }
  if (active === false) return { refused: 'patient-inactive' }
  if (saltedBirthSexHash(claims.salt, birthDate, gender) !== query.birthSexHash) {
    return { refused: 'demographics-differ' }
  }
  return { subject: { reference: `Patient/${found.id}`, identifier: { system, value } } }
}
