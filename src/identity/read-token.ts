import { z } from 'zod'
import { readJson } from '../http/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { localIdSchema } from './patient-schema.ts'

const TARGETS_MAX = 50
const SYSTEM_CHARS_MAX = 300

/** A FHIR token that names one identifier. */
export interface IdentifierToken {
  system: string
  value: string
}

export interface PixQuestion extends IdentifierToken {
  targets: string[]
}

/** One `name=system|value` in a query, no second one and nothing else (the format apart). */
export function readIdentifier(query: URLSearchParams, name: string): IdentifierToken {
  return tokenOf(name, parametersIn(query, [name])[name])
}

/** The question of `$ihe-pix`, from the query of a GET. */
export function readPixQuery(query: URLSearchParams): PixQuestion {
  return questionOf(parametersIn(query, ['sourceIdentifier', 'targetSystem']))
}

/** The question of `$ihe-pix`, from the Parameters of a POST. */
export function readPixParameters(query: URLSearchParams, body: string): PixQuestion {
  parametersIn(query, [])
  return questionOf(bodyOf(body))
}

function questionOf({ sourceIdentifier, targetSystem = [] }: Record<string, string[]>): PixQuestion {
  if (
    targetSystem.length > TARGETS_MAX ||
    targetSystem.some((each) => each === '' || each.length > SYSTEM_CHARS_MAX)
  ) {
    throw refuse('parameter-unsupported', { at: 'targetSystem' })
  }
  return { ...tokenOf('sourceIdentifier', sourceIdentifier), targets: targetSystem }
}

function parametersIn(query: URLSearchParams, names: readonly string[]): Record<string, string[]> {
  const given = [...new Set(query.keys())].filter((name) => name !== '_format')
  if (given.some((name) => !names.includes(name))) throw refuse('parameter-unsupported')
  return Object.fromEntries(given.map((name) => [name, query.getAll(name)]))
}

function tokenOf(name: string, values: readonly string[] = []): IdentifierToken {
  const [token = '', ...more] = values
  const bar = token.indexOf('|')
  const [system, value] = [token.slice(0, bar), token.slice(bar + 1)]
  if (more.length > 0 || bar < 1 || bar > SYSTEM_CHARS_MAX || !localIdSchema.safeParse(value).success) {
    throw refuse('parameter-unsupported', { at: name })
  }
  return { system, value }
}

const parametersSchema = z.strictObject({
  resourceType: z.literal('Parameters'),
  id: z.string().max(64).optional(),
  parameter: z
    .array(
      z.union([
        z.strictObject({ name: z.literal('sourceIdentifier'), valueString: z.string().max(500) }),
        z.strictObject({ name: z.literal('targetSystem'), valueUri: z.string().max(500) }),
      ]),
    )
    .max(TARGETS_MAX + 1),
})

function bodyOf(body: string): Record<string, string[]> {
  const read = parametersSchema.safeParse(readJson(body, { depthMax: 8, nodesMax: 1_000 }))
  if (!read.success) throw refuse('resource-invalid', { at: 'Parameters' })
  const { parameter } = read.data
  return {
    sourceIdentifier: parameter.flatMap((each) => ('valueString' in each ? [each.valueString] : [])),
    targetSystem: parameter.flatMap((each) => ('valueUri' in each ? [each.valueUri] : [])),
  }
}
