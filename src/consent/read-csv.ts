/** A line of a CSV file (RFC 4180) by the number of its first line in the file; undefined where a quote is never closed. */
export interface CsvLine {
  line: number
  fields: string[] | undefined
}

const WINDOWS = new TextDecoder('shift_jis', { fatal: true })
const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** The text of a file in UTF-8, or in CP932 as Windows spreadsheets write it; undefined where it is neither. */
export function decodeCsv(bytes: Uint8Array): string | undefined {
  for (const decoder of [UTF8, WINDOWS]) {
    try {
      return decoder.decode(bytes)
    } catch {
      // Not in this one; a byte that neither knows makes it no text of ours.
    }
  }
  return undefined
}

/** The lines that hold anything, in their order; at most `linesMax` and one more, by which the caller sees the excess. */
export function readCsv(text: string, linesMax: number): CsvLine[] {
  const lines: CsvLine[] = []
  let line = 1
  let at = 0
  while (at < text.length && lines.length <= linesMax) {
    const start = line
    const read = readLine(text, at)
    line += text.slice(at, read.next).split('\n').length - 1
    at = read.next
    if (read.fields === undefined || read.fields.some((field) => field.trim() !== ''))
      lines.push({ line: start, fields: read.fields })
  }
  return lines
}

function readLine(text: string, from: number): { fields: string[] | undefined; next: number } {
  const fields: string[] = []
  let at = from
  for (;;) {
    const field = text[at] === '"' ? quoted(text, at) : plain(text, at)
    if (field === undefined) return { fields: undefined, next: nextLine(text, from) }
    fields.push(field.value)
    at = field.next
    if (text[at] === ',') at++
    else if (text[at] === '\r' && text[at + 1] === '\n') return { fields, next: at + 2 }
    else if (at >= text.length || text[at] === '\n') return { fields, next: at + 1 }
    // Something stands after a closing quote.
    else return { fields: undefined, next: nextLine(text, from) }
  }
}

function plain(text: string, from: number): { value: string; next: number } {
  let at = from
  while (
    at < text.length &&
    text[at] !== ',' &&
    text[at] !== '\n' &&
    !(text[at] === '\r' && text[at + 1] === '\n')
  )
    at++
  return { value: text.slice(from, at), next: at }
}

function quoted(text: string, from: number): { value: string; next: number } | undefined {
  let value = ''
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] !== '"') value += text[at]
    else if (text[at + 1] === '"') {
      value += '"'
      at++
    } else return { value, next: at + 1 }
  }
  return undefined
}

/** A line that cannot be read ends where the next one begins, so that the rest still goes in. */
function nextLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end + 1
}
