import { z } from 'zod'
import { readJson } from '../../http/index.ts'
import type { JsonValue } from '../../kernel/strict-json.ts'
import { refuse } from '../../vocabulary/index.ts'

const COUNT_DEFAULT = 10
export const MATCHES_MAX = 50

export interface MatchQuestion {
  /** The text of the Patient. */
  patientText: string
  onlyCertain: boolean
  onlySingle: boolean
  count: number
}

const parametersSchema = z.strictObject({
  resourceType: z.literal('Parameters'),
  id: z.string().max(64).optional(),
  parameter: z
    .array(
      z.union([
        z.strictObject({ name: z.literal('resource'), resource: z.record(z.string(), z.unknown()) }),
        z.strictObject({ name: z.literal('onlyCertainMatches'), valueBoolean: z.boolean() }),
        z.strictObject({ name: z.literal('onlySingleMatch'), valueBoolean: z.boolean() }),
        z.strictObject({ name: z.literal('count'), valueInteger: z.int().min(1) }),
      ]),
    )
    .max(4),
})

/** The question of `$match`: Parameters, or the Patient alone. Each parameter once. */
export function readMatch(body: string): MatchQuestion {
  const value = readJson(body)
  if (isPatient(value))
    return { patientText: body, onlyCertain: false, onlySingle: false, count: COUNT_DEFAULT }
  const read = parametersSchema.safeParse(value)
  if (!read.success) throw refuse('resource-invalid', { at: 'Parameters' })
  const { parameter } = read.data
  const named = new Map(parameter.map((each) => [each.name, each]))
  const resource = parameter.find((each) => each.name === 'resource')
  if (named.size < parameter.length || resource === undefined)
    throw refuse('resource-invalid', { at: 'Parameters' })
  const isOn = (name: string) =>
    parameter.some((each) => each.name === name && 'valueBoolean' in each && each.valueBoolean)
  const count = parameter.find((each) => each.name === 'count')?.valueInteger ?? COUNT_DEFAULT
  return {
    patientText: JSON.stringify(resource.resource),
    onlyCertain: isOn('onlyCertainMatches'),
    onlySingle: isOn('onlySingleMatch'),
    count: Math.min(count, MATCHES_MAX),
  }
}

function isPatient(value: JsonValue): boolean {
  return (
    value !== null && typeof value === 'object' && !Array.isArray(value) && value.resourceType === 'Patient'
  )
}
