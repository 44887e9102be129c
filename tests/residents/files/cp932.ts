/** What a system kept to Windows-31J writes for a character it lacks. */
export const LACKING = '〓'

const decoder = new TextDecoder('shift_jis', { fatal: true })
let table: Map<string, number> | undefined

/**
 * Every character of Windows-31J with its code, read back from the platform's decoder (WHATWG `shift_jis`), for Node
 * decodes it and doesn't encode it. Where two codes give one character, the standard's first choice holds: NEC's row
 * 13 and JIS before IBM's rows, IBM's before NEC's selection of them.
 */
function codes(): Map<string, number> {
  if (table !== undefined) return table
  const found = new Map<string, number>()
  for (let code = 0x20; code < 0x80; code++) found.set(String.fromCharCode(code), code)
  for (const code of [0x0a, 0x0d]) found.set(String.fromCharCode(code), code)
  for (let code = 0xa1; code <= 0xdf; code++) found.set(decoder.decode(Uint8Array.of(code)), code)
  const leads = [...span(0x81, 0x9f), ...span(0xe0, 0xec), ...span(0xfa, 0xfc), 0xed, 0xee]
  for (const lead of leads) {
    for (const trail of [...span(0x40, 0x7e), ...span(0x80, 0xfc)]) {
      const character = decodeOrUndefined(lead, trail)
      if (character !== undefined && !found.has(character)) found.set(character, lead * 256 + trail)
    }
  }
  table = found
  return found
}

function span(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

function decodeOrUndefined(lead: number, trail: number): string | undefined {
  try {
    const character = decoder.decode(Uint8Array.of(lead, trail))
    return [...character].length === 1 ? character : undefined
  } catch {
    return undefined
  }
}

export function isInCp932(character: string): boolean {
  return codes().has(character)
}

export function encodeCp932(text: string): Uint8Array {
  const known = codes()
  const bytes = new Uint8Array(text.length * 2)
  let length = 0
  for (const character of text) {
    const code = known.get(character) ?? known.get(LACKING) ?? 0x3f
    if (code > 0xff) bytes[length++] = code >> 8
    bytes[length++] = code & 0xff
  }
  return bytes.subarray(0, length)
}
