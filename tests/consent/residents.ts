import type { Caller } from '../../src/http/index.ts'
import { feedRegistration, issueHandle, personOf, readPatient } from '../../src/identity/index.ts'
import type { Context } from '../../src/kernel/context.ts'
import { must, present } from '../../src/kernel/must.ts'

/** Feeds a fictional resident's registration as a region does, and says whose it is. */
export async function register(context: Context, caller: Caller, localId: string): Promise<string> {
  const at = context.now()
  const text = JSON.stringify({
    resourceType: 'Patient',
    identifier: [{ system: caller.patientSystem, value: localId }],
    name: [{ text: '試験 太郎', family: '試験', given: ['太郎'] }],
    gender: 'male',
    birthDate: '1950-01-01',
  })
  const read = readPatient(text, at, caller.patientSystem)
  const fed = await context.db.transaction((tx) => feedRegistration(tx, caller, localId, read, at))
  must(fed.outcome === 'created', 'a new registration is created')
  return present(await personOf(context.db, caller.region, localId), 'a registration belongs to a person')
}

/** A handle for the person, as an earlier answer gave it to one institution. */
export function handleFor(
  context: Context,
  personId: string,
  holder: { region: string; institution: string },
): Promise<string> {
  const at = context.now()
  const expiresAt = new Date(at.getTime() + 86_400_000)
  return context.db.transaction((tx) =>
    issueHandle(tx, { named: 'with-insured-number', isExact: true, personId, ...holder, at, expiresAt }),
  )
}
