import type { Caller } from '../../http/index.ts'
import type { Context } from '../../kernel/context.ts'
import { databaseRefusal } from '../../kernel/database.ts'
import { HubError } from '../../kernel/hub-error.ts'
import { feedRegistration } from '../feed-registration.ts'
import { type Fed, type Feed, feedTogether, NotTogether, TOGETHER_MAX } from '../feed-together.ts'

/**
 * What becomes of each feed. Those that can touch nobody in common go into one transaction, the others each into one of
 * its own, so that one that is refused refuses only itself. Throws where the database cannot serve: what went in stays,
 * and sent again it changes nothing.
 */
export async function feedEach(
  context: Context,
  caller: Caller,
  feeds: readonly Feed[],
): Promise<Map<Feed, Fed>> {
  const done = new Map<Feed, Fed>()
  for (let first = 0; first < feeds.length; first += TOGETHER_MAX) {
    const group = feeds.slice(first, first + TOGETHER_MAX)
    const together = await tryTogether(context, caller, group)
    for (const feed of group) done.set(feed, together.get(feed) ?? (await feedAlone(context, caller, feed)))
  }
  return done
}

/** Of none of them where they have to be fed one after another. */
async function tryTogether(context: Context, caller: Caller, group: readonly Feed[]) {
  const at = context.now()
  try {
    return await context.db.transaction((tx) => feedTogether(tx, caller, group, at))
  } catch (error) {
    if (!(error instanceof NotTogether)) refusalOf(error)
    return new Map<Feed, Fed>()
  }
}

async function feedAlone(context: Context, caller: Caller, { localId, read }: Feed): Promise<Fed> {
  const at = context.now()
  try {
    return await context.db.transaction((tx) => feedRegistration(tx, caller, localId, read, at))
  } catch (error) {
    return refusalOf(error)
  }
}

/** What only this feed is refused for; anything else ends the whole. */
function refusalOf(error: unknown): HubError {
  const refusal = error instanceof HubError ? error : databaseRefusal(error)
  if (refusal === undefined || refusal.kind === 'unavailable') throw error
  return refusal
}
