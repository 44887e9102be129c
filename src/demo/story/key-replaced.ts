import { sql } from 'drizzle-orm'
import { addKey, retireKey } from '../../registry/index.ts'
import { generateSigningKey } from '../../trust/index.ts'
import { STORY } from '../world/index.ts'
import { PHYSICIAN } from './answered.ts'
import { askAsRegion } from './ask-as-region.ts'
import { withHubDatabase } from './hub-database.ts'
import { expectThat, type Step } from './step.ts'

export const keyReplaced: readonly Step[] = [
  {
    ja: 'ハブの名簿の鍵が差し替えられても、ゲートウェイは従わない',
    en: 'A region’s key is replaced in the hub’s own directory; the gateways refuse it',
    run: async (demo) => {
      const attacker = await generateSigningKey('ES256')
      await withHubDatabase(demo, (db) =>
        db.transaction((tx) =>
          addKey(tx, { region: 'shiokaze', jwk: attacker.publicJwk }, new Date(Date.now() - 1_000)),
        ),
      )
      const { reply } = await askAsRegion(demo, attacker, STORY.allergyElsewhere)
      await withHubDatabase(demo, (db) => db.transaction((tx) => retireKey(tx, attacker.kid, new Date())))
      const attempts = await withHubDatabase(demo, async (db) =>
        db.execute(
          sql`select 1 from audit_detail where detail like ${`%"region":"shiokaze"%${PHYSICIAN}%`} limit 1`,
        ),
      )
      expectThat(attempts.length === 1, 'the hub did not take the request: nothing was tried')
      expectThat(reply.status === 200, `the hub said ${reply.status}: ${reply.said}`)
      expectThat(reply.records.length === 0, `${reply.records.length} records were released`)
      expectThat(reply.states.minato === 'invalid', `minato is ${reply.states.minato}`)
      return 'the hub believed the key, minato’s gateway did not: no record left the region'
    },
  },
]
