import { type AccessVerdict, consentAt, decideAccess, visitedBy } from '../consent/index.ts'
import type { Queryable } from '../kernel/database.ts'
import {
  agreementsOf,
  type EpochName,
  findPolicy,
  listRegions,
  membershipOf,
  POLICY_WHEN_NONE,
  type Region,
  readEpochs,
} from '../registry/index.ts'
import type { Policy } from '../vocabulary/index.ts'
import type { Hub } from './hub.ts'
import type { Query } from './read-query.ts'
import { type ResolvedPerson, resolvePerson } from './resolve-person.ts'

/** What was decided for one holding region; `localId` only where the person is registered there. */
export interface SourceVerdict {
  region: Region
  localId: string | undefined
  verdict: AccessVerdict | { verdict: 'deny'; reason: 'not-linked' }
  versions: { consent: number; policy: number }
}

/** Everything a release has to stand by: who, which verdicts, and the epochs they were read under. */
export interface Decision {
  person: ResolvedPerson | undefined
  institutionName: string
  verdicts: SourceVerdict[]
  epochs: Map<EpochName, number>
}

/**
 * Steps 2 and 3: who is meant, and one verdict per region that the asker has an agreement with. Epochs are read
 * before the facts, so a change in between is seen at release.
 */
export async function decideSources(hub: Hub, query: Query): Promise<Decision> {
  const at = hub.now()
  const asking = query.call.region
  const agreements = await agreementsOf(hub.db, asking.id, at)
  const named: EpochName[] = [
    `region:${asking.id}`,
    `institution:${query.claims.institution}`,
    ...agreements.map(({ holding }): EpochName => `region:${holding}`),
  ]
  const epochs = await readEpochs(hub.db, named)
  const person = await resolvePerson(hub.db, query, epochs, at)
  const [regions, institution] = await Promise.all([
    listRegions(hub.db),
    membershipOf(hub.db, { institution: query.claims.institution, region: asking.id, at }),
  ])
  const verdicts: SourceVerdict[] = []
  for (const { holding, items } of agreements) {
    const region = regions.find(({ id }) => id === holding)
    if (region === undefined) continue
    const registration = person?.registrations.find((each) => each.region === holding)
    const policy = await findPolicy(hub.db, holding, at)
    const document: Policy = policy?.document ?? POLICY_WHEN_NONE
    // Asked for everybody, linked or not, so that the time taken tells nothing.
    const consent = await consentAt(hub.db, holding, registration?.localId ?? '')
    const visited = await isVisited(hub.db, query, person, document, at)
    const verdict = decideAccess({
      at,
      asking: {
        region: asking.id,
        stage: asking.stage,
        institution: {
          number: query.claims.institution,
          kind: institution?.kind ?? 'clinic',
          isMember: institution !== undefined,
        },
        profession: query.claims.profession,
        post: query.claims.post,
        purpose: query.claims.purpose,
        items: query.items,
        breakGlass: query.claims.breakGlass !== undefined,
      },
      holding: {
        region: region.id,
        stage: region.stage,
        agreement: { items },
        policy: document,
        consent,
        // Whoever is protected in one region is protected in all.
        protected: person?.registrations.some((each) => each.protected) ?? false,
      },
      visited,
    })
    verdicts.push({
      region,
      localId: registration?.localId,
      verdict: registration === undefined ? { verdict: 'deny', reason: 'not-linked' } : verdict,
      versions: { consent: consent?.version ?? 0, policy: policy?.version ?? 0 },
    })
  }
  return { person, institutionName: institution?.name ?? '', verdicts, epochs }
}

function isVisited(
  db: Queryable,
  query: Query,
  person: ResolvedPerson | undefined,
  policy: Policy,
  at: Date,
): Promise<boolean> {
  return visitedBy(db, {
    institution: query.claims.institution,
    personId: person?.id,
    registrations: person?.registrations ?? [],
    today: query.claims.visit,
    policy,
    at,
  })
}
