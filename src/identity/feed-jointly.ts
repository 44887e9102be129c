import type { Caller } from '../http/index.ts'
import type { Context } from '../kernel/context.ts'
import type { JointChange } from '../registry/index.ts'
import { feedRegistration } from './feed-registration.ts'
import { type Feed, feedTogether, TOGETHER_MAX } from './feed-together.ts'
import type { FedRegistration } from './feeding.ts'

/** A feed, and whose it is. */
export interface CallerFeed {
  caller: Caller
  feed: Feed
}

/** How single feeds of one region that come at once are fed in one transaction. */
export function jointFeeding(context: Context): JointChange<CallerFeed, FedRegistration> {
  return {
    jobsMax: TOGETHER_MAX,
    groupOf: ({ caller }) => caller.region,
    keyOf: ({ feed }) => feed.localId,
    alone: (tx, { caller, feed }) => feedRegistration(tx, caller, feed.localId, feed.read, context.now()),
    async together(tx, jobs) {
      const [first] = jobs
      if (first === undefined) return new Map()
      const fed = await feedTogether(
        tx,
        first.caller,
        jobs.map(({ feed }) => feed),
        context.now(),
      )
      return new Map(
        jobs.flatMap((job) => {
          const became = fed.get(job.feed)
          return became === undefined ? [] : [[job, became]]
        }),
      )
    },
  }
}
