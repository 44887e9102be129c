export type HubErrorKind =
  | 'malformed'
  | 'unprocessable'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'not-acceptable'
  | 'conflict'
  | 'gone'
  | 'too-large'
  | 'unsupported-media-type'
  | 'too-many-requests'
  | 'upstream-unavailable'
  | 'unavailable'

/** A fixed sentence in both languages of the hub; never holds data. */
export interface Sentence {
  ja: string
  en: string
}

/** One of several faults of the same input, each by its place. */
export interface Fault extends Sentence {
  at: string
}

/**
 * What a partner can cause. `code` is stable and public; `text` is a fixed sentence without data;
 * `at` may name the place in the input (a claim, a parameter, a JSON pointer), never its value.
 * `faults` lists every fault where the whole input was checked, the first among them.
 */
export class HubError extends Error {
  override readonly name = 'HubError'
  readonly kind: HubErrorKind
  readonly code: string
  readonly text: Sentence
  readonly at: string | undefined
  readonly faults: readonly Fault[]

  constructor(
    kind: HubErrorKind,
    code: string,
    text: Sentence,
    options: { at?: string; faults?: readonly Fault[]; cause?: unknown } = {},
  ) {
    super(text.en, options.cause === undefined ? undefined : { cause: options.cause })
    this.kind = kind
    this.code = code
    this.text = text
    this.faults = options.faults ?? []
    this.at = options.at ?? this.faults[0]?.at
  }
}
