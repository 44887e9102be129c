import { isAbout, type Subject } from '../alignment/index.ts'
import { type ClinicalType, type Item, type SourceState, typesOf } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import type { EhrAnswer, EhrFault } from './ehr-client.ts'
import type { EhrResource } from './ehr-searchset.ts'
import { findSubject, type SubjectRefusal } from './find-subject.ts'
import { dependsOnServer, typesToAsk } from './served-types.ts'
import type { Mandate } from './verify-mandate.ts'

/** What the local system holds of the person, before anything is kept back. */
export interface ReadRecords {
  /** How reading went; `complete` says nothing yet of what may leave. */
  state: 'complete' | EhrFault | Extract<SourceState, 'wrong-person'>
  subject: Subject | undefined
  resources: EhrResource[]
  /** The types that were searched, as the local system serves no others; undefined where none could be. */
  types: readonly ClinicalType[] | undefined
}

const PAGE_ENTRIES = '100'

/**
 * Steps 4 and 5: asks the local system, by one absolute deadline, for the allow-listed types that carry the items,
 * of the one patient meant. A record about anybody else condemns all that was read.
 */
export async function readRecords(
  ctx: GatewayContext,
  mandate: Mandate,
  items: readonly Item[],
): Promise<ReadRecords | { refused: SubjectRefusal }> {
  const deadline = AbortSignal.timeout(ctx.ehrDeadlineMs)
  const found = await findSubject(ctx, mandate, deadline)
  if ('refused' in found) {
    ctx.log.warn({ event: 'subject.refused', reason: found.refused, request: mandate.request.digest })
    return found
  }
  if ('fault' in found) return { state: found.fault, subject: undefined, resources: [], types: undefined }
  const { subject } = found
  const wanted = typesOf(items).filter((type) => mandate.types.includes(type))
  const served = dependsOnServer(wanted) ? await ctx.ehr.servedTypes(deadline) : undefined
  const types = typesToAsk(wanted, served)
  const answers = await Promise.all(
    types.map((type) => ctx.ehr.search(type, parametersFor(type, subject), deadline)),
  )
  const resources = answers.flatMap((answer) => answer.resources)
  if (!resources.every(({ value }) => isAbout(value, subject))) {
    ctx.log.error({ event: 'records.condemned', request: mandate.request.digest })
    return { state: 'wrong-person', subject, resources: [], types }
  }
  return { state: stateOf(answers), subject, resources, types }
}

/** R4 finds every type by `patient` but one. */
function parametersFor(type: ClinicalType, { reference }: Subject): Record<string, string> {
  const patient = type === 'AdverseEvent' ? 'subject' : 'patient'
  return { [patient]: reference, _count: PAGE_ENTRIES }
}

/** One type read in part, or one of several not at all, makes the whole partial; nothing at all is that fault. */
function stateOf(answers: readonly EhrAnswer[]): 'complete' | EhrFault {
  const first = answers.find(({ fault }) => fault !== undefined)?.fault
  if (first === undefined) return 'complete'
  const isNothing = answers.every(({ resources, fault }) => resources.length === 0 && fault !== undefined)
  return isNothing ? first : 'partial'
}
