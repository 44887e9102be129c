import { sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { auditDetail, auditEntry } from '../../src/audit/tables.ts'
import type { Hub } from '../../src/broker/index.ts'
import type { PeerAnswer } from '../support/peer-gateway.ts'
import { queryCall, register, type TestHub, testHub } from '../support/test-hub.ts'

/** An allergy about a patient of the holder's, `Patient/p` unless told otherwise. */
export function allergy(id: string, changes: object = {}): string {
  return JSON.stringify({
    resourceType: 'AllergyIntolerance',
    id,
    category: ['medication'],
    code: { text: 'ロキソプロフェン' },
    patient: { reference: 'Patient/p' },
    ...changes,
  })
}

export const HONEST = allergy('from-sagamino')

/** One resident of all three regions, consenting in all; sagamino is honest, whatever minato does. */
export async function threeRegions(overrides: Partial<Hub> = {}): Promise<TestHub> {
  const t = await testHub(overrides)
  await register(t, 'minato', 'm-1')
  await register(t, 'sagamino', 's-1')
  await register(t, 'shiokaze', 'p-1')
  t.gateways.sagamino.answers(() => ({ resources: [HONEST] }))
  return t
}

export interface Asked {
  text: string
  bundle: { meta: { tag: [{ code: string }] }; entry: { resource: Record<string, unknown> }[] }
  /** The named states, by region. */
  states: Record<string, string>
}

/** Asks from shiokaze while minato answers so, and reads the states that are named. */
export async function askWhile(t: TestHub, minato: PeerAnswer): Promise<Asked> {
  t.gateways.minato.answers(() => minato)
  return readAnswer(await t.send('shiokaze', queryCall('shiokaze')))
}

export async function readAnswer(response: Response): Promise<Asked> {
  const text = await response.text()
  expect(response.status, text).toBe(200)
  const bundle = JSON.parse(text) as Asked['bundle']
  const outcome = bundle.entry.at(-1)?.resource as {
    issue: { details: { coding?: [{ code: string }] }; diagnostics?: string }[]
  }
  const states = outcome.issue.flatMap(({ details, diagnostics }) => {
    const region = /^source=(\S+)/.exec(diagnostics ?? '')?.[1]
    return region === undefined ? [] : [[region, details.coding?.[0].code ?? '']]
  })
  return { text, bundle, states: Object.fromEntries(states) }
}

/** What the log holds of a kind, newest last. */
export async function records(t: TestHub, kind: string): Promise<Record<string, unknown>[]> {
  const rows = await t.db
    .select({ detail: auditDetail.detail })
    .from(auditEntry)
    .innerJoin(auditDetail, sql`${auditDetail.entry} = ${auditEntry.number}`)
    .where(sql`${auditEntry.kind} = ${kind}`)
    .orderBy(auditEntry.number)
  return rows.map(({ detail }) => JSON.parse(detail))
}
