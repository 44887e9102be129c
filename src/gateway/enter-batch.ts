import { readDeskBatch } from '../consent/index.ts'
import { type Fault, HubError } from '../kernel/hub-error.ts'
import type { GatewayContext } from './context.ts'
import { type Entered, enterForm } from './enter-form.ts'
import type { FeedLogin } from './login.ts'

/** A line of the file: what became of it, with what should be looked at; or, without a state, why it was left out. */
export type LineEntered = { line: number } & (Entered | { faults: Fault[] })

/** Enters a batch line by line, in its order; a bad line is named and the rest goes in. */
export async function enterBatch(
  ctx: GatewayContext,
  login: FeedLogin,
  bytes: Uint8Array,
): Promise<LineEntered[]> {
  const entered: LineEntered[] = []
  for (const each of readDeskBatch(bytes)) {
    const { line } = each
    if ('faults' in each) entered.push(each)
    else entered.push({ line, ...(await enterForm(ctx, login, each.form).catch(faultsOf)) })
  }
  return entered
}

/** Of this line alone; a database that cannot serve ends the batch, which may be sent again. */
function faultsOf(error: unknown): { faults: Fault[] } {
  if (!(error instanceof HubError) || error.kind === 'unavailable') throw error
  return { faults: [{ at: error.at ?? '', ...error.text }] }
}
