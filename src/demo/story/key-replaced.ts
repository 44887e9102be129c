import { sql } from 'drizzle-orm'
import { addKey, retireKey } from '../../registry/index.ts'
import {
  callClaims,
  freshClaims,
  generateSigningKey,
  queryExtensions,
  type RequestClaims,
  saltedBirthSexHash,
  saltedPatientHash,
  saltFor,
  signToken,
} from '../../trust/index.ts'
import { ITEM_CODES } from '../../vocabulary/index.ts'
import { demoRegion, STORY } from '../world/index.ts'
import { ELSEWHERE } from './answered.ts'
import { read } from './ask.ts'
import { withHubDatabase } from './hub-database.ts'
import { expectThat, type Step } from './step.ts'

const SALT = 'an-attacker-may-choose-the-salt-of-a-query'

export const keyReplaced: readonly Step[] = [
  {
    ja: 'ハブの名簿の鍵が差し替えられても、ゲートウェイは従わない',
    en: 'A region’s key is replaced in the hub’s own directory; the gateways refuse it',
    run: async (demo) => {
      const attacker = await generateSigningKey('ES256')
      const { resident } = STORY.allergyElsewhere
      const { patientSystem } = demoRegion('shiokaze')
      await withHubDatabase(demo, (db) =>
        db.transaction((tx) =>
          addKey(tx, { region: 'shiokaze', jwk: attacker.publicJwk }, new Date(Date.now() - 1_000)),
        ),
      )
      const body = new URLSearchParams({
        'patient.identifier': `${patientSystem}|${ELSEWHERE}`,
        _salt: SALT,
      }).toString()
      const url = `${demo.hubUrl}/fhir/_search`
      const claims: RequestClaims = {
        ...freshClaims('shiokaze', demo.hubUrl, new Date()),
        ...callClaims({ method: 'POST', url, body }),
        ...queryExtensions({
          user: 's-isobe',
          userName: '磯部 航',
          institution: '1419900219',
          profession: 'physician',
          post: 'attending',
          purpose: 'TREAT',
          items: [...ITEM_CODES],
          patientHash: saltedPatientHash(saltFor(SALT, 'patient'), patientSystem, ELSEWHERE),
          birthSexHash: saltedBirthSexHash(saltFor(SALT, 'birth-sex'), resident.birthDate, resident.gender),
        }),
      }
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await signToken(attacker, 'tsunagi-request+jwt', claims)}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body,
      })
      const reply = read(response.status, await response.text())
      await withHubDatabase(demo, (db) => db.transaction((tx) => retireKey(tx, attacker.kid, new Date())))
      const attempts = await withHubDatabase(demo, async (db) =>
        db.execute(
          sql`select 1 from audit_detail where detail like ${`%"region":"shiokaze"%${claims.sub}%`} limit 1`,
        ),
      )
      expectThat(attempts.length === 1, 'the hub did not take the request: nothing was tried')
      expectThat(response.status === 200, `the hub said ${response.status}: ${reply.said}`)
      expectThat(reply.records.length === 0, `${reply.records.length} records were released`)
      expectThat(reply.states.minato === 'invalid', `minato is ${reply.states.minato}`)
      return 'the hub believed the key, minato’s gateway did not: no record left the region'
    },
  },
]
