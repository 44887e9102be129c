import { type JsonLimits, JsonRefused, type JsonValue, parseJson } from '../kernel/strict-json.ts'
import { refuse } from '../vocabulary/index.ts'

/** A body's JSON; what is refused is refused without a word of it. */
export function readJson(text: string, limits?: JsonLimits): JsonValue {
  try {
    return parseJson(text, limits)
  } catch (cause) {
    if (cause instanceof JsonRefused) throw refuse('body-malformed', { cause })
    throw cause
  }
}
