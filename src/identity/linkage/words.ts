/** Stands for one character that could not be read. */
export const UNREADABLE = '●'
export const UNREADABLE_CODE = UNREADABLE.charCodeAt(0)

/** What keys are made of: of each text its hash. An id is a place in these arrays, 0 is no text. */
export interface HashedWords {
  readonly high: Uint32Array
  readonly low: Uint32Array
  /** 1 where a character could not be read. */
  readonly unreadable: Uint8Array
  /** The id of the form that all of a confusable class share (斉 and 斎); its own where there is none. */
  readonly confusable: Uint32Array
}

/**
 * The distinct texts of some registrations. Ids depend on the order in which texts came, so nothing but equality may
 * be read from them; `high` and `low` hash the text itself.
 */
export interface Words extends HashedWords {
  readonly count: number
  /** UTF-16 of all texts, one after another; text `id` ends where the next starts. */
  readonly codes: Uint16Array
  readonly starts: Uint32Array
  /** 1 where a municipality is written out, with something after it. */
  readonly municipal: Uint8Array
}

export function lengthOf({ starts }: Words, id: number): number {
  return (starts[id + 1] as number) - (starts[id] as number)
}

export function textOf({ codes, starts }: Words, id: number): string {
  let text = ''
  for (let at = starts[id] as number; at < (starts[id + 1] as number); at++)
    text += String.fromCharCode(codes[at] as number)
  return text
}

/** Whether two texts agree in every character that can be read in both. */
export function agreeWhereReadable(words: Words, a: number, b: number): boolean {
  const { codes, starts } = words
  const length = lengthOf(words, a)
  if (length !== lengthOf(words, b)) return false
  const [startA, startB] = [starts[a] as number, starts[b] as number]
  for (let at = 0; at < length; at++) {
    const [codeA, codeB] = [codes[startA + at], codes[startB + at]]
    if (codeA !== codeB && codeA !== UNREADABLE_CODE && codeB !== UNREADABLE_CODE) return false
  }
  return true
}

/** Whether the one text ends with the other. */
export function isEndOfOther(words: Words, a: number, b: number): boolean {
  const { codes, starts } = words
  const length = Math.min(lengthOf(words, a), lengthOf(words, b))
  const [endA, endB] = [starts[a + 1] as number, starts[b + 1] as number]
  for (let back = 1; back <= length; back++) if (codes[endA - back] !== codes[endB - back]) return false
  return true
}

/** Whether one character more, less, other or two neighbours exchanged make the one text the other. */
export function isOneEdit(words: Words, a: number, b: number): boolean {
  const { codes, starts } = words
  const [lengthA, lengthB] = [lengthOf(words, a), lengthOf(words, b)]
  if (Math.abs(lengthA - lengthB) > 1) return false
  const [startA, startB] = [starts[a] as number, starts[b] as number]
  const shorter = Math.min(lengthA, lengthB)
  let front = 0
  while (front < shorter && codes[startA + front] === codes[startB + front]) front++
  let back = 0
  while (
    back < shorter - front &&
    codes[startA + lengthA - 1 - back] === codes[startB + lengthB - 1 - back]
  ) {
    back++
  }
  const [leftA, leftB] = [lengthA - front - back, lengthB - front - back]
  if (Math.max(leftA, leftB) === 1) return true
  return (
    leftA === 2 &&
    leftB === 2 &&
    codes[startA + front] === codes[startB + front + 1] &&
    codes[startA + front + 1] === codes[startB + front]
  )
}
