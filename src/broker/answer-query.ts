import { setTimeout as wait } from 'node:timers/promises'
import { outcomeOf } from '../http/index.ts'
import type { SignedCall } from '../registry/index.ts'
import { isPublic, refuse } from '../vocabulary/index.ts'
import { askSources, permittedSources } from './ask-sources.ts'
import { type Answer, assembleAnswer, signReceipt } from './assemble-answer.ts'
import { checkAnswers } from './check-answers.ts'
import { type Decision, decideSources } from './decide-sources.ts'
import type { Hub } from './hub.ts'
import { type Query, readQuery } from './read-query.ts'
import { recordAttempt, recordDenial, recordRefused } from './record-attempt.ts'
import { recordRelease } from './record-release.ts'

/** What the door hands over: a call whose request was verified, its body, and the type of a `/{Type}/_search`. */
export interface IncomingQuery {
  call: SignedCall
  body: string
  type: string | undefined
  requestId: string
}

/** The life of a query, in order. Nothing leaves a region before the line that records who asked. */
export async function answerQuery(hub: Hub, incoming: IncomingQuery): Promise<Answer> {
  const started = performance.now()
  const lap = stopwatch()
  const { query, decision } = await readAndDecide(hub, incoming)
  lap('decide')
  const promise = await recordAttempt(hub, query, decision)
  lap('attempt')
  if (permittedSources(decision.verdicts, query.types).length === 0)
    return deny(hub, query, incoming.requestId, started)
  const asked = await askSources(hub, query, decision, promise)
  lap('ask')
  const checked = await checkAnswers(hub, query, asked)
  lap('check')
  const release = await recordRelease(hub, query, decision, checked)
  lap('release')
  if (!release.sources.some(({ state }) => isPublic(state)))
    return deny(hub, query, incoming.requestId, started)
  const answer = await assembleAnswer(hub, query, release)
  hub.log.debug({ event: 'query.answered', requestId: incoming.requestId, ms: lap('assemble') })
  return answer
}

/** Steps 1 to 3; what is refused there is on record before the refusal leaves. */
async function readAndDecide(
  hub: Hub,
  { call, body, type }: IncomingQuery,
): Promise<{ query: Query; decision: Decision }> {
  try {
    const query = readQuery(call, body, type)
    return { query, decision: await decideSources(hub, query) }
  } catch (error) {
    await recordRefused(hub, call, error)
    throw error
  }
}

/** Milliseconds of each step, for the log and the benchmark. */
function stopwatch() {
  const laps: Record<string, number> = {}
  let last = performance.now()
  return (step: string): Record<string, number> => {
    const now = performance.now()
    laps[step] = Math.round((now - last) * 1000) / 1000
    last = now
    return laps
  }
}

/** One answer for unknown, ambiguous, not linked, no consent, no visit and not permitted, with the hub's receipt. */
async function deny(hub: Hub, query: Query, requestId: string, started: number): Promise<Answer> {
  const promise = await recordDenial(hub, query)
  const text = JSON.stringify(outcomeOf(refuse('not-provided'), requestId))
  const receipt = await signReceipt(hub, query, [], 'denied', promise)
  await wait(hub.denialStepMs - ((performance.now() - started) % hub.denialStepMs))
  return { status: 403, text, receipt }
}
