import { tokyoDate } from '../../consent/index.ts'
import { randomSalt } from '../../kernel/ids.ts'
import {
  callClaims,
  freshClaims,
  queryExtensions,
  type RequestClaims,
  type SigningKey,
  saltedBirthSexHash,
  saltedPatientHash,
  saltFor,
  signToken,
} from '../../trust/index.ts'
import { ITEM_CODES } from '../../vocabulary/index.ts'
import type { Demo } from '../start-demo.ts'
import { demoRegion, type StoryResident } from '../world/index.ts'
import { PHYSICIAN } from './answered.ts'
import { type Reply, read, staffOf } from './ask.ts'

/**
 * Asks the hub as shiokaze's gateway does, without it: with whatever key, and with the hub's own receipt at hand,
 * which a gateway checks and keeps to itself.
 */
export async function askAsRegion(
  demo: Demo,
  key: SigningKey,
  { resident, localIds }: StoryResident,
): Promise<{ reply: Reply; receipt: string }> {
  const { patientSystem } = demoRegion('shiokaze')
  const localId = localIds.shiokaze ?? ''
  const { userId, name, institution, profession, post } = staffOf(PHYSICIAN)
  const salt = randomSalt()
  const url = `${demo.hubUrl}/fhir/_search`
  const body = new URLSearchParams({
    'patient.identifier': `${patientSystem}|${localId}`,
    _salt: salt,
  }).toString()
  const now = new Date()
  const claims: RequestClaims = {
    ...freshClaims('shiokaze', demo.hubUrl, now),
    ...callClaims({ method: 'POST', url, body }),
    ...queryExtensions({
      user: userId,
      userName: name,
      institution,
      profession,
      post,
      purpose: 'TREAT',
      items: [...ITEM_CODES],
      patientHash: saltedPatientHash(saltFor(salt, 'patient'), patientSystem, localId),
      birthSexHash: saltedBirthSexHash(saltFor(salt, 'birth-sex'), resident.birthDate, resident.gender),
      visit: { kind: 'outpatient', on: tokyoDate(now) },
    }),
  }
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await signToken(key, 'tsunagi-request+jwt', claims)}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body,
  })
  return {
    reply: read(response.status, await response.text()),
    receipt: response.headers.get('tsunagi-receipt') ?? '',
  }
}
