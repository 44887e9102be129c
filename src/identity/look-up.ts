import type { Parameters } from 'fhir/r4.js'
import { type AuditEntry, recordAudits } from '../audit/index.ts'
import type { Caller } from '../http/index.ts'
import type { Transaction } from '../kernel/database.ts'
import type { HubError } from '../kernel/hub-error.ts'
import { present } from '../kernel/must.ts'
import type { AskingEnv } from '../registry/index.ts'
import { domainRefusal, duplicatesOf, isOwnDomain } from './cross-reference.ts'
import { type DuplicateRow, ownDuplicates } from './link-store.ts'
import type { PixQuestion } from './read-token.ts'

type Asking = Pick<AskingEnv['Variables'], 'caller' | 'act' | 'ask'>

/** Answers a look-up, a refused one too, and puts it on record. */
export async function lookUp(
  { caller, act, ask }: Asking,
  asked: PixQuestion,
  at: Date,
): Promise<string[] | HubError> {
  if (!isOwnDomain(caller, asked)) {
    const found = await act((tx) => lookUpEach(tx, caller, [asked], at))
    return present(found.get(asked), 'a look-up has an outcome')
  }
  const key = { region: caller.region, localId: asked.value }
  const rows = await ask({ question: ownDuplicates, key, entry: lookUpEntry(caller, asked, at) })
  return duplicatesOf(rows, caller, asked)
}

/** Answers several look-ups, refused ones too, and puts each on record. */
export async function lookUpEach(
  tx: Transaction,
  caller: Caller,
  asked: readonly PixQuestion[],
  at: Date,
): Promise<Map<PixQuestion, string[] | HubError>> {
  const found = new Map<PixQuestion, string[] | HubError>()
  if (asked.length === 0) return found
  for (const each of asked) {
    const refused = isOwnDomain(caller, each) ? undefined : await domainRefusal(tx, caller, each)
    if (refused !== undefined) found.set(each, refused)
  }
  const open = asked.filter((each) => !found.has(each))
  const ids = open.map(({ value }) => ({ region: caller.region, localId: value }))
  const rows = await tx.execute<DuplicateRow & Record<string, unknown>>(ownDuplicates(ids))
  const byPlace = Map.groupBy(rows, (row) => row.asked)
  for (const [at, each] of open.entries())
    found.set(each, duplicatesOf(byPlace.get(at + 1) ?? [], caller, each))
  await recordAudits(
    tx,
    asked.map((each) => lookUpEntry(caller, each, at)),
  )
  return found
}

/** Comes with the answer, whatever it is. */
export function lookUpEntry({ region, patientSystem }: Caller, asked: PixQuestion, at: Date): AuditEntry {
  const patient = asked.system === patientSystem ? asked.value : null
  return { kind: 'index.query', at, detail: { region, patient } }
}

/** FHIR knows no empty array, so no identifier means no `parameter` at all. */
export function parametersOf(system: string, values: readonly string[]): Parameters {
  const parameter = values.map((value) => ({ name: 'targetIdentifier', valueIdentifier: { system, value } }))
  return { resourceType: 'Parameters', ...(parameter.length === 0 ? {} : { parameter }) }
}
