import { readFacts } from '../../src/consent/index.ts'
import type { Database } from '../../src/kernel/database.ts'

/** The consent that counts at the region for its patient; undefined when none was ever received. */
export async function countingConsent(db: Database, region: string, localId: string) {
  const registration = { region, localId, since: new Date(0) }
  const { consentOf } = await readFacts(db, [registration], {
    ...{ institution: '', personId: undefined, registrations: [], at: new Date() },
  })
  return consentOf(registration)
}
