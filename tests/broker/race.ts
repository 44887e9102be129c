import { expect } from 'vitest'
import { allowChanges } from '../../src/identity/index.ts'
import { policyFrom, readAs } from '../support/sample-policy.ts'
import { hubProcess } from '../support/second-hub.ts'
import { NOON } from '../support/test-context.ts'
import { consentIn, patientIn, patientPath, queryCall, SYSTEM_OF, type TestHub } from '../support/test-hub.ts'
import { allergy, threeRegions } from './ask-three.ts'

const FROM_MINATO = allergy('from-minato')

/** A change that takes a permission away, acknowledged by the other process, and how it is given back. */
interface Racer {
  take(t: TestHub, round: number, to: string): Promise<void>
  give(t: TestHub, round: number): Promise<void>
}

async function feed(t: TestHub, method: string, path: string, body: object, to?: string): Promise<void> {
  const call = { method, path, body: JSON.stringify(body), ...(to === undefined ? {} : { to }) }
  const response = await t.send('minato', call)
  expect(response.status, await response.text()).toBeLessThan(300)
}

const PATIENT = patientPath('minato', 'm-1')
const consent = (version: number, status: string) =>
  consentIn('minato', 'm-1', { meta: { versionId: String(version) }, status })

/** Whom nobody takes for the person of the other regions: born on another day, with another number and name. */
const STRANGER = {
  identifier: [{ system: SYSTEM_OF.minato, value: 'm-1' }],
  birthDate: '1975-07-08',
  name: [{ text: '山手 次郎' }],
}

export const RACERS: Record<string, Racer> = {
  withdrawal: {
    take: (t, round, to) => feed(t, 'POST', '/fhir/Consent', consent(2 * round + 3, 'inactive'), to),
    give: (t, round) => feed(t, 'POST', '/fhir/Consent', consent(2 * round + 2, 'active')),
  },
  unlink: {
    take: (t, _round, to) =>
      feed(t, 'DELETE', PATIENT, {}, to).then(() =>
        feed(t, 'PUT', PATIENT, patientIn('minato', 'm-1', STRANGER), to),
      ),
    async give(t, round) {
      if (round > 0) await feed(t, 'DELETE', PATIENT, {})
      await feed(t, 'PUT', PATIENT, patientIn('minato', 'm-1'))
      await feed(t, 'POST', '/fhir/Consent', consent(round + 2, 'active'))
    },
  },
  'policy change': {
    take: async (t, round, to) => {
      const policy = policyFrom({ version: 2 * round + 3, forms: {} })
      await feed(t, 'PUT', '/policy', policy, to)
    },
    give: async (t, round) => {
      const forms = { 'form-2025': readAs('medical-and-care') }
      await feed(t, 'PUT', '/policy', policyFrom({ version: 2 * round + 2, forms }))
    },
  },
}

export interface Raced {
  released: number
  withheld: number
}

const LEAD_MS_MAX = 1_000
const STEP_MS_MIN = 2

/**
 * By how much the query is ahead of the change, in the next round: more after one that was withheld, less after a
 * release, in steps that grow while the change goes on winning, or losing, and shrink when the other does. On any
 * machine most rounds so end near where it is decided who was first.
 */
function headStart(): { leadMs: number; after(isGiven: boolean): void } {
  let [stepMs, wasGiven]: [number, boolean | undefined] = [STEP_MS_MIN, undefined]
  return {
    leadMs: 0,
    after(isGiven) {
      stepMs = wasGiven === isGiven ? stepMs * 2 : Math.max(STEP_MS_MIN, stepMs / 2)
      wasGiven = isGiven
      const moved = this.leadMs + (isGiven ? -stepMs : stepMs)
      this.leadMs = Math.min(LEAD_MS_MAX, Math.max(-LEAD_MS_MAX, moved))
    },
  }
}

/**
 * Two processes of one hub: a query at the one, the change at the other, about as soon as the release. The log's
 * order is that of the locks: after an acknowledged change nothing of the region may stand in a release.
 */
export async function race(name: string, rounds: number): Promise<Raced> {
  const racer = RACERS[name]
  if (racer === undefined) throw new Error(`No such race: ${name}`)
  await using t = await threeRegions()
  await using other = await hubProcess(t)
  // Unlinking is changing registrations, and so many in a day would stop the feed.
  const until = new Date(NOON.getTime() + 3_600_000)
  const allowed = { region: 'minato', changes: 5 * rounds, until, reason: '競合の試験のため' }
  await t.db.transaction((tx) => allowChanges(tx, allowed, NOON))
  let delayMs = 0
  t.gateways.minato.answers(() => ({ resources: [FROM_MINATO], delayMs }))
  const raced: Raced = { released: 0, withheld: 0 }
  const start = headStart()
  for (let round = 0; round < rounds; round++) {
    await racer.give(t, round)
    delayMs = (round * 7) % 40
    const before = await lastEntry(t)
    const { leadMs } = start
    const [response] = await Promise.all([
      wait(-leadMs).then(() => t.send('shiokaze', queryCall('shiokaze'))),
      wait(leadMs).then(() => racer.take(t, round, other.url)),
    ])
    const isGiven = (await response.text()).includes(FROM_MINATO)
    raced[isGiven ? 'released' : 'withheld'] += 1
    start.after(isGiven)
    await expectOrder(t, before, name, round)
    // And whoever asks after the acknowledgement gets nothing, at either process.
    if (round % 10 === 0) {
      for (const to of [t.url, other.url]) {
        const late = await t.send('shiokaze', { ...queryCall('shiokaze'), to })
        expect(await late.text(), `${name}, round ${round}, after the change`).not.toContain(FROM_MINATO)
      }
    }
  }
  return raced
}

const CHANGES: Record<string, string> = {
  withdrawal: "kind = 'consent.withdrawn'",
  unlink: "kind = 'link.removed'",
  'policy change': "kind = 'policy.recorded'",
}

/** No release of this round that gave anything of minato's stands behind the change. */
async function expectOrder(t: TestHub, before: number, name: string, round: number): Promise<void> {
  const [row] = await t.db.execute<{ late: number; changes: number }>(`
    with entry as (select number, kind, detail::jsonb as detail from audit_entry
                     join audit_detail on entry = number where number > ${before}),
         change as (select min(number) as number from entry where ${CHANGES[name]})
    select (select count(*)::int from change where number is not null) as changes,
           count(*)::int as late from entry, change
     where kind = 'query.release' and entry.number > change.number
       and jsonb_path_exists(detail, '$.sources[*] ? (@.region == "minato" && @.count > 0)')`)
  expect(row, `${name}, round ${round}: released after the change`).toEqual({ changes: 1, late: 0 })
}

async function lastEntry(t: TestHub): Promise<number> {
  const [row] = await t.db.execute<{ last: string }>(
    'select coalesce(max(number), 0) as last from audit_entry',
  )
  return Number(row?.last)
}

/** Ahead of others there is nothing to wait for. */
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
