import {
  type AccessFacts,
  type AccessVerdict,
  decideAccess,
  narrowedBy,
  narrowedByWaiting,
  refusalOfWaiting,
  standingWords,
} from '../consent/index.ts'
import type { Queryable } from '../kernel/database.ts'
import { type Directory, POLICY_WHEN_NONE } from '../registry/index.ts'
import type { GatewayContext } from './context.ts'
import { findConsentCopy, findPolicyCopy, findRegistrationCopy } from './copy-store.ts'
import { waitingForms } from './desk-store.ts'
import { findFormerCopies } from './merge-store.ts'
import type { Mandate } from './verify-mandate.ts'

/**
 * Step 2: the ladder again, on the council's own copies. Of the hub's decision only what is not known here is
 * taken as claimed: the mandate's items stand for the agreement, and the mandate itself for a visit that the request does not speak of. Nothing
 * beyond the mandate can come out, so the stricter wins.
 */
export async function decideRelease(
  ctx: GatewayContext,
  db: Queryable,
  { claims, request, query }: Mandate,
  directory: Directory,
): Promise<AccessVerdict> {
  const at = ctx.now()
  const localId = claims.patient.value
  const asking = request.claims.iss
  const [said, policy] = await Promise.all([saidOf(db, localId), findPolicyCopy(db, at)])
  const stageOf = (id: string) => directory.regions.find((region) => region.id === id)?.stage ?? 'registered'
  const institution = directory.institutions.find(({ number }) => number === query.institution)
  return decideAccess({
    at,
    asking: {
      region: asking,
      stage: stageOf(asking),
      institution: {
        number: query.institution,
        kind: institution?.kind ?? 'clinic',
        isMember: institution?.regions.includes(asking) ?? false,
      },
      profession: query.profession,
      post: query.post,
      purpose: query.purpose,
      items: claims.items,
      policy: undefined,
      // How the person was found, and whether exactly, only the hub can know.
      named: 'registration',
      agreed: query.agreed === true,
      firstVisit: query.firstVisit,
      breakGlass: query.breakGlass && {
        since: new Date((query.breakGlass.since ?? request.claims.iat) * 1000),
        secondFactor: query.breakGlass.secondFactor === true,
        isExact: true,
      },
    },
    holding: {
      region: ctx.region,
      stage: stageOf(ctx.region),
      agreement: { items: claims.items },
      policy: policy ?? POLICY_WHEN_NONE,
      ...said,
      // Ceilings are counted where all views of the region pass: at the hub.
      viewedToday: { byUser: 0, byInstitution: 0, isAmongThem: false },
    },
    visited: query.breakGlass === undefined && query.firstVisit === undefined,
  })
}

/**
 * What the own copies say of the patient, narrowed by papers that wait for a second look and by what was said under ids
 * that were merged into this one.
 */
async function saidOf(
  db: Queryable,
  localId: string,
): Promise<Pick<AccessFacts['holding'], 'consent' | 'formerConsent' | 'protected' | 'deceasedOn'>> {
  const merged = await findFormerCopies(db, localId)
  const ids = [localId, ...merged.map((each) => each.localId)]
  const [copies, registrations, waiting] = await Promise.all([
    Promise.all(ids.map((id) => findConsentCopy(db, id))),
    Promise.all(ids.map((id) => findRegistrationCopy(db, id))),
    waitingForms(db, ids),
  ])
  const [consent, ...consents] = copies.map((copy, at) => {
    const papers = waiting.filter(({ patient }) => patient === ids[at])
    return copy && narrowedByWaiting(copy, papers)
  })
  const formers = merged.flatMap(({ mergedAt }, at) => {
    const former = consents[at]
    return former === undefined ? [] : [{ consent: former, mergedAt }]
  })
  const unsaid = ids.filter((_, at) => copies[at] === undefined)
  const refusals = waiting.filter(({ patient }) => unsaid.includes(patient)).flatMap(refusalOfWaiting)
  const [deceasedOn] = registrations.flatMap((each) => each.deceasedOn ?? []).sort()
  return {
    ...narrowedBy(consent, [...standingWords(consent, formers), ...refusals]),
    ...{ protected: registrations.some((each) => each.protected), deceasedOn },
  }
}
