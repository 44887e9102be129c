import type { FetchedAnswer } from '../http/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { type HubCall, prepareHubCall, refusalOf, sendToHub } from './call-hub.ts'
import type { GatewayContext } from './context.ts'

/** Sends a feed on, signed in the region's name; the hub's answer is the feeding system's to read. */
export async function feedHub(ctx: GatewayContext, call: HubCall): Promise<FetchedAnswer> {
  const answer = await sendToHub(ctx, await prepareHubCall(ctx, call), call.contentType)
  // Our signature or our certificate: nothing that the feeding system could mend by logging in again.
  if (answer.status === 401) {
    ctx.log.error({ event: 'hub.refused', status: answer.status, code: refusalOf(answer) })
    throw refuse('hub-refused')
  }
  return answer
}
