import { z } from 'zod'
import type { JsonValue } from '../kernel/strict-json.ts'
import { nationalIdOf, refuse, SYSTEMS } from '../vocabulary/index.ts'
import { keyNationalId, type NationalIdRule } from './normalise/index.ts'

const AT = { at: 'Patient.identifier' }

/**
 * The text of a Patient, `value` being what it says, in which national identifiers stand in their keyed form alone: the
 * number itself is in nothing that is kept. Throws HubError for one that the rule does not allow, and for whatever
 * else stands under their systems, a keyed form too.
 */
export function keyNationalIds(source: string, value: JsonValue, rule: NationalIdRule | undefined): string {
  if (!mayHoldAny(source)) return source
  let text = source
  for (const { system, value: number } of identifiersIn(value)) {
    const kind = nationalIdOf(system)
    if (kind === undefined) continue
    const key = rule === undefined ? undefined : keyNationalId(kind, number, rule)
    if (key === undefined) throw refuse(kind === 'my-number' ? 'my-number-refused' : 'resource-invalid', AT)
    // Once and without escapes, or what is put in its place would change another value, or miss it.
    const [before, after, ...more] = text.split(JSON.stringify(number))
    if (before === undefined || after === undefined || more.length > 0) throw refuse('resource-invalid', AT)
    text = `${before}${JSON.stringify(key)}${after}`
  }
  return text
}

/** A system stands in the text as it is, or is written with escapes. */
function mayHoldAny(source: string): boolean {
  return source.includes('\\') || source.includes(SYSTEMS.myNumber) || source.includes(SYSTEMS.medicalId)
}

const listSchema = z.object({ identifier: z.array(z.unknown()) })
const identifierSchema = z.object({ system: z.string(), value: z.string() })

function identifiersIn(value: JsonValue): z.infer<typeof identifierSchema>[] {
  const list = listSchema.safeParse(value).data?.identifier ?? []
  return list.flatMap((each) => identifierSchema.safeParse(each).data ?? [])
}
