/** In the language since ECMAScript's JSON.parse source text access; not yet in the compiler's library. */
const rawJson = (JSON as unknown as { rawJSON(text: string): object }).rawJSON

/**
 * A number that JSON.stringify writes exactly as given: `7.10` stays `7.10`, as a laboratory sends it.
 * Code that computes with it would be wrong; the simulated regions only pass it on.
 */
export function exactNumber(text: string): number {
  return rawJson(text) as unknown as number
}

/** JSON.parse with every number kept as it was written. */
export function exactJson(text: string): unknown {
  const reviver = (_key: string, value: unknown, context: { source: string }) =>
    typeof value === 'number' ? exactNumber(context.source) : value
  return JSON.parse(text, reviver as Parameters<typeof JSON.parse>[1])
}
