import type { Decision } from './decide-sources.ts'
import type { Query } from './read-query.ts'

/** Who asked for what, as every entry about a query says it. */
export function askerOf({ call, claims, items }: Pick<Query, 'call' | 'claims' | 'items'>) {
  return {
    request: call.digest,
    region: call.region.id,
    institution: claims.institution,
    user: claims.user,
    profession: claims.profession,
    post: claims.post,
    purpose: claims.purpose,
    items,
    ...(claims.terminal === undefined ? {} : { terminal: claims.terminal }),
    ...(claims.visit === undefined ? {} : { visit: claims.visit }),
    ...(claims.firstVisit === undefined ? {} : { firstVisit: claims.firstVisit }),
    ...(claims.agreed === true ? { agreed: true } : {}),
    ...(claims.breakGlass === undefined ? {} : { breakGlass: claims.breakGlass.reason }),
    ...(call.claims.idempotency === undefined ? {} : { idempotency: call.claims.idempotency }),
  }
}

/** A resident is found again by every registration they had then, whatever is linked later. */
export function aboutOf({ person }: Decision): string[] {
  return (person?.registrations ?? []).map(({ region, localId }) => `registration:${region}|${localId}`)
}
