import { randomUUID } from 'node:crypto'
import type { Transaction } from '../kernel/database.ts'
import { listRegions, type Region, type ToldRegion, tellRegions } from '../registry/index.ts'
import { FEED_MESSAGE_CHARS_MAX } from '../trust/index.ts'
import { patientIdOf } from './patient-id.ts'

/** Who belongs to whom: by registration, all of its person. */
export type Persons = ReadonlyMap<string, readonly string[]>

/**
 * Tells each region which of its own ids came to be one resident or are so no longer. Of other regions' registrations
 * it learns nothing: that somebody is registered elsewhere at all is sensitive.
 */
export async function tellLinkChanges(
  tx: Transaction,
  moved: readonly { before: Persons; after: Persons }[],
  at: Date,
): Promise<void> {
  const concerned = moved.flatMap(({ before, after }) =>
    [...after.keys()].sort().flatMap((ref) => {
      const is = ownDuplicates(after, ref)
      return ownDuplicates(before, ref).join('\n') === is.join('\n') ? [] : [{ ...patientIdOf(ref), is }]
    }),
  )
  if (concerned.length === 0) return
  const regions = new Map((await listRegions(tx)).map((region) => [region.id, region]))
  const told = concerned.flatMap(({ region: id, localId, is }): ToldRegion[] => {
    const region = regions.get(id)
    if (region === undefined) return []
    const notice = { kind: 'links-changed', patient: localId, at: at.toISOString() } as const
    return [{ region: id, notice: { ...notice, message: messageAbout(localId, is, region) } }]
  })
  await tellRegions(tx, told, at)
}

/** Other ids of the same resident in the same region. */
function ownDuplicates(persons: Persons, ref: string): string[] {
  const { region } = patientIdOf(ref)
  const others = (persons.get(ref) ?? []).filter((other) => other !== ref).map(patientIdOf)
  return others
    .filter((other) => other.region === region)
    .map(({ localId }) => localId)
    .sort()
}

/** IHE PMIR ITI-93: the patient with its identifier, and which others are the same resident, as far as there is room. */
function messageAbout(localId: string, duplicates: readonly string[], region: Region): string {
  const { patientSystem: system, gatewayUrl } = region
  const [header, history] = [`urn:uuid:${randomUUID()}`, `urn:uuid:${randomUUID()}`]
  const link = duplicates.map((value) => ({ type: 'seealso', other: { identifier: { system, value } } }))
  const patient = { resourceType: 'Patient', active: true, identifier: [{ system, value: localId }] }
  const textWith = (links: typeof link): string =>
    JSON.stringify({
      resourceType: 'Bundle',
      type: 'message',
      entry: [
        {
          fullUrl: header,
          resource: {
            resourceType: 'MessageHeader',
            eventUri: 'urn:ihe:iti:pmir:2019:patient-feed',
            source: { endpoint: 'urn:tsunagi:hub' },
            destination: gatewayUrl === null ? [] : [{ endpoint: gatewayUrl }],
            focus: [{ reference: history }],
          },
        },
        {
          fullUrl: history,
          resource: {
            resourceType: 'Bundle',
            type: 'history',
            entry: [
              {
                resource: { ...patient, ...(links.length === 0 ? {} : { link: links }) },
                request: { method: 'PUT', url: 'Patient' },
                response: { status: '200' },
              },
            ],
          },
        },
      ],
    })
  for (let kept = link; ; kept = kept.slice(0, -1)) {
    const text = textWith(kept)
    if (Buffer.byteLength(text) <= FEED_MESSAGE_CHARS_MAX || kept.length === 0) return text
  }
}
