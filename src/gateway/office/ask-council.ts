import type { z } from 'zod'
import { readJson } from '../../http/index.ts'
import { refuse } from '../../vocabulary/index.ts'
import { type HubCall, refusalOf } from '../call-hub.ts'
import type { GatewayContext } from '../context.ts'
import { feedHub } from '../feed-hub.ts'

const LIMITS = { depthMax: 8, nodesMax: 200_000 }

/** A list that the hub keeps for the council, as `schema` says it must be. Throws what the hub refused. */
export async function readFromHub<Schema extends z.ZodType>(
  ctx: GatewayContext,
  path: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const read = schema.safeParse(readJson(await askCouncil(ctx, { method: 'GET', path }), LIMITS))
  if (!read.success) throw refuse('hub-answer-invalid')
  return read.data
}

/** Has the hub keep or tell something for the council; gives its text. Throws what it refused. */
export async function askCouncil(ctx: GatewayContext, call: HubCall): Promise<string> {
  const answer = await feedHub(ctx, call)
  if (answer.status >= 500) throw refuse('hub-unreachable')
  if (answer.status >= 300) throw refuse(refusalOf(answer) ?? 'hub-refused')
  return answer.text
}

/** What came of looking into something, as the officer says it. */
export const OUTCOMES = {
  proper: { ja: '適切', en: 'Proper' },
  improper: { ja: '不適切', en: 'Improper' },
  unclear: { ja: '判断できない', en: 'Unclear' },
} as const
export const OUTCOME_CODES = Object.keys(OUTCOMES) as [keyof typeof OUTCOMES, ...(keyof typeof OUTCOMES)[]]
