/** A number as it was written: `7.10` says how exactly it was measured, which `7.1` does not (FHIR R4, decimal). */
export class ExactNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** JSON.parse, with every number as an ExactNumber. Throws SyntaxError. */
export function parseExact(text: string): unknown {
  const reviver = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? new ExactNumber(context?.source ?? String(value)) : value
  return JSON.parse(text, reviver)
}

/** The number's digits as written. */
export function digitsOf(value: unknown): string | undefined {
  return value instanceof ExactNumber ? value.text : undefined
}
