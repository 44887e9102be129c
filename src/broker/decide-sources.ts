import {
  type AccessFacts,
  type AccessVerdict,
  type BreakGlass,
  decideAccess,
  readFacts,
  standingWords,
} from '../consent/index.ts'
import type { HandleWon, Person } from '../identity/index.ts'
import {
  agreementsOf,
  type EpochName,
  findKey,
  findPolicy,
  findRegion,
  type Institution,
  membershipOf,
  POLICY_WHEN_NONE,
  REGISTRY_EPOCH,
  type Region,
  type Registry,
  readEpochs,
  registryAt,
} from '../registry/index.ts'
import { type Policy, refuse } from '../vocabulary/index.ts'
import { chooseRegistration } from './choose-registration.ts'
import type { Hub } from './hub.ts'
import { namingOf } from './person-named.ts'
import type { Query } from './read-query.ts'
import { resolvePerson } from './resolve-person.ts'
import { viewedToday } from './view-store.ts'
import { viewerOf } from './viewer.ts'

/** What was decided for one holding region; `localId` only where the person is registered there. */
export interface SourceVerdict {
  region: Region
  localId: string | undefined
  /** Under its other numbers there the person is not asked about, so that no answer is all the region holds. */
  isOneOfSeveral: boolean
  verdict: AccessVerdict | { verdict: 'deny'; reason: 'not-linked' }
  versions: { consent: number; policy: number }
}

/** Everything a release has to stand by: who, which verdicts, and the epochs they were read under. */
export interface Decision {
  person: Person | undefined
  /** How the asker described them; undefined by their own registration. */
  won: HandleWon | undefined
  verdicts: SourceVerdict[]
  epochs: Map<EpochName, number>
  registry: Registry
}

/**
 * Steps 2 and 3: who is meant, and one verdict per region that the asker has an agreement with. Epochs are read
 * before the facts they stand for, so whatever changes in between is seen at release.
 */
export async function decideSources(hub: Hub, query: Query): Promise<Decision> {
  const { db } = hub
  const asking = query.call.region.id
  const { institution } = query.claims
  const known = agreementsOf(query.call.registry, asking, hub.now())
  const named: EpochName[] = [asking, ...known.map(({ holding }) => holding)].map(
    (id) => `region:${id}` as const,
  )
  const epochs = await readEpochs(db, [REGISTRY_EPOCH, ...named, `institution:${institution}`])
  const registry = await registryAt(db, epochs.get(REGISTRY_EPOCH) ?? 0)
  // After reading: by an earlier time, what ended while the database was waited for would seem to hold still.
  const at = hub.now()
  // Retired since the door let it in: whoever signed is nobody now.
  if (findKey(registry, query.call.kid, at) === undefined) throw refuse('signing-key-unknown')
  const ownPolicy = findPolicy(registry, asking, at)?.document ?? POLICY_WHEN_NONE
  const resolving = { epochs, at, ceilings: ownPolicy.ceilings }
  const { person, won } = await resolvePerson(db, query, resolving)
  const registrations = person?.registrations ?? []
  const agreements = agreementsOf(registry, asking, at)
  const holders = agreements.map(({ holding }) => holding)
  const registrationsIn = (region: string) => registrations.filter((each) => each.region === region)
  // Asked for everybody, linked or not, so that the time taken tells nothing.
  const consented = holders.flatMap((region) => {
    const there = registrationsIn(region).flatMap((each) => [each, ...each.formers])
    return there.length > 0 ? there : [{ region, localId: '', since: at }]
  })
  const visiting = { institution, personId: person?.id, registrations, today: query.claims.visit, at }
  const [{ consentOf, hasVisited }, viewedOf] = await Promise.all([
    readFacts(db, consented, visiting),
    viewedToday(db, viewerOf(query, at), person?.id),
  ])
  const member = membershipOf(registry, { institution, region: asking, at })
  const askingRegion = findRegion(registry, asking)
  const asker = askerOf(query, member, ownPolicy)
  const isHandle = query.person.by === 'identifier'
  const verdicts = agreements.flatMap(({ holding, items }): SourceVerdict[] => {
    const region = findRegion(registry, holding)
    if (region === undefined || askingRegion === undefined || !epochs.has(`region:${holding}`)) return []
    const candidates = registrationsIn(holding).map((each) => {
      const consent = consentOf(each)
      const formers = each.formers.flatMap((former) => {
        const said = consentOf(former)
        return said === undefined ? [] : [{ consent: said, mergedAt: former.mergedAt }]
      })
      return { ...each, consent, formerConsents: standingWords(consent, formers) }
    })
    const registration = chooseRegistration(candidates)
    const policy = findPolicy(registry, holding, at)
    const document = policy?.document ?? POLICY_WHEN_NONE
    const consent = registration?.consent
    const visited = hasVisited(document)
    const { named, isExact } = namingOf(won, isHandle, visited)
    const breakGlass = asker.breakGlass && { ...asker.breakGlass, isExact }
    const verdict = decideAccess({
      at,
      asking: { ...asker, stage: askingRegion.stage, named, breakGlass },
      holding: {
        region: holding,
        stage: region.stage,
        agreement: { items },
        policy: document,
        ...{ consent, formerConsent: registration?.formerConsent },
        // Whoever is protected in one region is protected in all.
        protected: registrations.some((each) => each.protected),
        deceasedOn: registration?.deceasedOn,
        viewedToday: viewedOf(holding),
      },
      visited,
    })
    return [
      {
        region,
        localId: registration?.localId,
        isOneOfSeveral: candidates.length > 1,
        verdict: registration === undefined ? { verdict: 'deny', reason: 'not-linked' } : verdict,
        versions: { consent: consent?.version ?? 0, policy: policy?.version ?? 0 },
      },
    ]
  })
  return { person, won, verdicts, epochs, registry }
}

/** Who asks and on what ground, from the signed claims and the register of institutions. */
function askerOf(
  { call, claims, items }: Query,
  member: Institution | undefined,
  policy: Policy,
): Omit<AccessFacts['asking'], 'stage' | 'named' | 'breakGlass'> & {
  breakGlass: Omit<BreakGlass, 'isExact'> | undefined
} {
  const { institution: number, profession, post, purpose, agreed = false, firstVisit, breakGlass } = claims
  return {
    region: call.region.id,
    policy,
    institution: { number, kind: member?.kind ?? 'clinic', isMember: member !== undefined },
    ...{ profession, post, purpose, items, agreed, firstVisit },
    breakGlass: breakGlass && {
      since: new Date((breakGlass.since ?? call.claims.iat) * 1000),
      secondFactor: breakGlass.secondFactor === true,
    },
  }
}
