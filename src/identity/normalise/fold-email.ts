const EMAIL = /^[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+$/u
const FILLER = /^(?:no-?(?:mail|reply)|test|dummy|none|xxx*|aaa*)@|@(?:example\.|test\.|dummy\.)/u

/** An e-mail address in lower case; undefined for what is none, or is typed to fill a field. */
export function foldEmail(value: string): string | undefined {
  const plain = value
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/^mailto:/, '')
  return EMAIL.test(plain) && !FILLER.test(plain) && plain.isWellFormed() ? plain : undefined
}
