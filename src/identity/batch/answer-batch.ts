import { type Caller, type HubEnv, outcomeOf, statusOf } from '../../http/index.ts'
import { HubError } from '../../kernel/hub-error.ts'
import { refuse } from '../../vocabulary/index.ts'
import type { Fed, Feed } from '../feed-together.ts'
import { lookUpEach, parametersOf } from '../look-up.ts'
import { type FeedContext, readFed } from '../read-fed.ts'
import type { PixQuestion } from '../read-token.ts'
import { feedEach } from './feed-each.ts'
import { type BatchEntry, readBatch } from './read-batch.ts'

/** What an entry of the batch comes to. */
type Answer = HubError | { fed: Fed } | { found: string[] }

export interface AnsweredBatch {
  /** A FHIR Bundle of type batch-response. */
  text: string
  /** The region was stopped in the middle of it. */
  isHalted: boolean
}

/**
 * Answers a batch of feeds and look-ups, each entry for itself, as if each had come alone: look-ups first, by what the
 * index says before the feeds, and in the transaction that uses the request up.
 */
export async function answerBatch(
  context: FeedContext,
  { caller, act, requestId, body }: Pick<HubEnv['Variables'], 'caller' | 'act' | 'requestId' | 'body'>,
): Promise<AnsweredBatch> {
  const entries = readBatch(body)
  const read = entries.map((entry) => readOne(entry, caller, context))
  const asked = read.flatMap((each) => ('asked' in each ? [each.asked] : []))
  const found = await act((tx) => lookUpEach(tx, caller, asked, context.now()))
  const feeds = read.flatMap((each) => ('feed' in each ? [each.feed] : []))
  const fed = await feedEach(context, caller, feeds)
  const answers = read.map((each): Answer => {
    if (each instanceof HubError) return each
    if ('feed' in each) return { fed: fed.get(each.feed) ?? refuse('internal') }
    const others = found.get(each.asked)
    return Array.isArray(others) ? { found: others } : (others ?? refuse('internal'))
  })
  const isHalted = [...fed.values()].some((each) => each instanceof HubError && each.code === 'feed-halted')
  const entry = answers.map((answer) => entryOf(answer, caller, requestId))
  return { text: JSON.stringify({ resourceType: 'Bundle', type: 'batch-response', entry }), isHalted }
}

function readOne(
  entry: BatchEntry | HubError,
  caller: Caller,
  context: FeedContext,
): HubError | { feed: Feed } | { asked: PixQuestion } {
  if (entry instanceof HubError) return entry
  if (entry.verb === 'look-up') return { asked: entry.asked }
  try {
    return { feed: readFed(entry, caller, context) }
  } catch (error) {
    if (error instanceof HubError) return error
    throw error
  }
}

function entryOf(answer: Answer, { patientSystem }: Caller, requestId: string): object {
  if ('found' in answer) {
    return { resource: parametersOf(patientSystem, answer.found), response: { status: '200' } }
  }
  const fed = answer instanceof HubError ? answer : answer.fed
  if (fed instanceof HubError) {
    return { response: { status: String(statusOf(fed)), outcome: outcomeOf(fed, requestId) } }
  }
  const status = fed.outcome === 'created' ? '201' : '200'
  return { response: { status, etag: `W/"${fed.version}"` } }
}
