/** Why an answer of the hub is worth nothing, for the record and for whoever is called. */
export type Condemnation =
  | 'shape'
  | 'receipt-missing'
  | 'receipt-of-another-query'
  | 'receipt-of-another-source'
  | 'entries-differ'
  | 'record-unproven'
  | 'source-unproven'
  | 'states-differ'
  | 'promise-late'
  | 'promise-given-before'
  /** The refusal by which a receipt's token failed. */
  | `receipt-${string}`

/** Nothing of the answer is shown, because part of it is not what was signed. */
export class AnswerCondemned extends Error {
  override readonly name = 'AnswerCondemned'
  readonly reason: Condemnation
  /** The source at which it was noticed, where it was one. */
  readonly region: string | undefined

  constructor(reason: Condemnation, options: { region?: string | undefined; cause?: unknown } = {}) {
    super(`The hub's answer is condemned: ${reason}.`, { cause: options.cause })
    this.reason = reason
    this.region = options.region
  }
}
