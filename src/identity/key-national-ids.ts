import { z } from 'zod'
import type { JsonValue } from '../kernel/strict-json.ts'
import { type NationalId, nationalIdOf, refuse, SYSTEMS } from '../vocabulary/index.ts'
import { keyNationalId, type NationalIdRule, plainNationalId } from './normalise/index.ts'

/**
 * The text of a Patient, `value` being what it says, in which national identifiers stand in their keyed form alone: the
 * number itself is in nothing that is kept. Throws HubError for one that the rule does not allow, for one that stands
 * anywhere but among the Patient's own identifiers or twice, and for whatever else stands under their systems, a keyed
 * form too.
 */
export function keyNationalIds(source: string, value: JsonValue, rule: NationalIdRule | undefined): string {
  if (!mayHoldAny(source)) return source
  const kinds = kindsIn(value)
  if (kinds.length === 0) return source
  const own = identifiersIn(value).flatMap(({ system, value: number }) => {
    const kind = nationalIdOf(system)
    return kind === undefined ? [] : [{ kind, number }]
  })
  // With an escape in the text, what is put in place of a number could miss it.
  if (own.length < kinds.length || source.includes('\\')) throw refused(kinds)
  let text = source
  for (const { kind, number } of own) {
    const key = rule === undefined ? undefined : keyNationalId(kind, number, rule)
    const [before, after, ...more] = text.split(JSON.stringify(number))
    if (key === undefined || before === undefined || after === undefined || more.length > 0)
      throw refused([kind])
    text = `${before}${JSON.stringify(key)}${after}`
  }
  const plain = plainNationalId(text)
  for (const { kind, number } of own) if (plain.includes(plainNationalId(number))) throw refused([kind])
  return text
}

function refused(kinds: readonly NationalId[]) {
  const code = kinds.includes('my-number') ? 'my-number-refused' : 'resource-invalid'
  return refuse(code, { at: 'Patient.identifier' })
}

const SYSTEM_NAMED = new RegExp(`${SYSTEMS.myNumber}|${SYSTEMS.medicalId}`.replaceAll('.', '\\.'), 'i')

/** A system stands in the text as it is, or is written with escapes. */
function mayHoldAny(source: string): boolean {
  return source.includes('\\') || SYSTEM_NAMED.test(source)
}

/** Of everything that names one of their systems, however it is spelt and wherever it stands. */
function kindsIn(value: JsonValue): NationalId[] {
  if (value === null || typeof value !== 'object') return []
  const inside = Object.values(value).flatMap(kindsIn)
  if (Array.isArray(value) || typeof value.system !== 'string') return inside
  const kind = nationalIdOf(value.system.trim().toLowerCase().replace(/\/+$/, ''))
  return kind === undefined ? inside : [kind, ...inside]
}

const listSchema = z.object({ identifier: z.array(z.unknown()) })
const identifierSchema = z.object({ system: z.string(), value: z.string() })

function identifiersIn(value: JsonValue): z.infer<typeof identifierSchema>[] {
  const list = listSchema.safeParse(value).data?.identifier ?? []
  return list.flatMap((each) => identifierSchema.safeParse(each).data ?? [])
}
