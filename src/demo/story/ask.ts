import { randomUUID } from 'node:crypto'
import { type JsonValue, sliceEntries } from '../../kernel/strict-json.ts'
import { sha256 } from '../../trust/index.ts'
import { SYSTEMS, type VisitKind } from '../../vocabulary/index.ts'
import type { Demo } from '../start-demo.ts'
import { DEMO_STAFF, type DemoStaff, demoRegion, type RegionId } from '../world/index.ts'
import { expectThat } from './step.ts'

type Json = Record<string, JsonValue | undefined>

export interface Reply {
  status: number
  text: string
  /** Exact texts of the resources that are about the patient. */
  records: string[]
  provenances: Json[]
  /** Named states by region. */
  states: Record<string, string>
  /** All OperationOutcome texts, for what people are told. */
  said: string
  isPartial: boolean
  handle: string | undefined
}

export function staffOf(userId: string): DemoStaff {
  const staff = DEMO_STAFF.find((each) => each.userId === userId)
  expectThat(staff !== undefined, `no such login: ${userId}`)
  return staff
}

/** Asks through the gateway's local face as the clinician's own system would: its login states today's visit. */
export async function ask(
  demo: Demo,
  userId: string,
  form: Record<string, string>,
  visit?: VisitKind,
): Promise<Reply> {
  const staff = staffOf(userId)
  const region = demo.regions[staff.region]
  const patient =
    form._demographics === undefined
      ? (form['patient.identifier']?.split('|')[1] ?? '')
      : sha256(form._demographics)
  const login = await region.provider.loginOf(staff, visit && { kind: visit, patient })
  const response = await region.send('POST', '/fhir/_search', new URLSearchParams(form).toString(), login)
  return read(response.status, await response.text())
}

/** The parameter that names a registered patient. */
export function patientParameter(region: RegionId, localId: string): Record<string, string> {
  return { 'patient.identifier': `${demoRegion(region).patientSystem}|${localId}` }
}

export function read(status: number, text: string): Reply {
  const { bundle, resources } = sliceEntries(text)
  const entries = ((bundle as Json).entry ?? []) as Json[]
  const ofMode = (mode: string) =>
    entries.filter((entry) => (entry.search as Json | undefined)?.mode === mode)
  const outcomes =
    entries.length > 0 ? ofMode('outcome').map((entry) => entry.resource as Json) : [bundle as Json]
  const issues = outcomes.flatMap((outcome) => (outcome.issue ?? []) as Json[])
  const tags = ((bundle as Json).meta as Json | undefined)?.tag as Json[] | undefined
  return {
    status,
    text,
    records: resources.filter((_, index) => (entries[index]?.search as Json | undefined)?.mode === 'match'),
    provenances: ofMode('include').map((entry) => entry.resource as Json),
    states: Object.fromEntries(
      issues.flatMap((issue) => {
        const code = codeIn(issue, SYSTEMS.sourceState)
        const region = /source=([a-z0-9-]+)/.exec(String(issue.diagnostics))?.[1]
        return code === undefined || region === undefined ? [] : [[region, code]]
      }),
    ),
    said: issues.map((issue) => String((issue.details as Json | undefined)?.text)).join(' / '),
    isPartial: tags?.some(({ code }) => code === 'partial') === true,
    handle: issues.map((issue) => codeIn(issue, SYSTEMS.handle)).find((code) => code !== undefined),
  }
}

function codeIn(issue: Json, system: string): string | undefined {
  const codings = ((issue.details as Json | undefined)?.coding ?? []) as Json[]
  return codings.find((coding) => coding.system === system)?.code as string | undefined
}

/** A refusal with what differs from call to call taken out, so that two can be held to be the same. */
export function plain({ status, text }: Reply): string {
  return `${status} ${text.replace(/\([A-Za-z0-9_-]{22}\)/g, '(…)')}`
}

/** A name that no other run of the story uses. */
export function fresh(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 8)}`
}
