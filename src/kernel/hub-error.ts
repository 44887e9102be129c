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

/**
 * What a partner can cause. `code` is stable and public; `text` is a fixed sentence without data;
 * `at` may name the place in the input (a claim, a parameter, a JSON pointer), never its value.
 */
export class HubError extends Error {
  override readonly name = 'HubError'
  readonly kind: HubErrorKind
  readonly code: string
  readonly text: Sentence
  readonly at: string | undefined

  constructor(
    kind: HubErrorKind,
    code: string,
    text: Sentence,
    options: { at?: string; cause?: unknown } = {},
  ) {
    super(text.en, options.cause === undefined ? undefined : { cause: options.cause })
    this.kind = kind
    this.code = code
    this.text = text
    this.at = options.at
  }
}
