/**
 * A number that is written exactly as given: `7.10` stays `7.10`, as a laboratory sends it. JSON.stringify
 * writes it raw; code that computes with it would be wrong, and nothing here does.
 */
export function decimal(text: string): number {
  return rawJson(text) as unknown as number
}

/** In the language since ECMAScript 2025's JSON.parse source text access; not yet in the compiler's library. */
const { rawJSON: rawJson } = JSON as unknown as { rawJSON(text: string): object }
