import type { Context as Call } from 'hono'
import { z } from 'zod'
import { type HubEnv, readJson } from '../http/index.ts'
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

/** One `name=system|value` in the URL, no second one and nothing else (the format apart). */
export function readIdentifier(c: Call<HubEnv>, name: string): IdentifierToken {
  return tokenOf(name, parametersOf(c, [name])[name])
}

/** The question of `$ihe-pix`, from the URL of a GET or the Parameters of a POST. */
export function readPixQuestion(c: Call<HubEnv>): PixQuestion {
  const named = parametersOf(c, c.req.method === 'POST' ? [] : ['sourceIdentifier', 'targetSystem'])
  const { sourceIdentifier, targetSystem = [] } = c.req.method === 'POST' ? bodyOf(c.get('body')) : named
  if (
    targetSystem.length > TARGETS_MAX ||
    targetSystem.some((each) => each === '' || each.length > SYSTEM_CHARS_MAX)
  ) {
    throw refuse('parameter-unsupported', { at: 'targetSystem' })
  }
  return { ...tokenOf('sourceIdentifier', sourceIdentifier), targets: targetSystem }
}

function parametersOf(c: Call<HubEnv>, names: readonly string[]): Record<string, string[]> {
  const { _format, ...given } = c.req.queries()
  if (Object.keys(given).some((name) => !names.includes(name))) throw refuse('parameter-unsupported')
  return given
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
