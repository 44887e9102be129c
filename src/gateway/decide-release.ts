import { type AccessVerdict, decideAccess } from '../consent/index.ts'
import type { Queryable } from '../kernel/database.ts'
import { type Directory, POLICY_WHEN_NONE } from '../registry/index.ts'
import type { GatewayContext } from './context.ts'
import { findConsentCopy, findPolicyCopy, findRegistrationCopy } from './copy-store.ts'
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
  const [consent, policy, registration] = await Promise.all([
    findConsentCopy(db, localId),
    findPolicyCopy(db, at),
    findRegistrationCopy(db, localId),
  ])
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
      consent,
      ...registration,
      // Ceilings are counted where all views of the region pass: at the hub.
      viewedToday: { byUser: 0, byInstitution: 0, isAmongThem: false },
    },
    visited: query.breakGlass === undefined && query.firstVisit === undefined,
  })
}
