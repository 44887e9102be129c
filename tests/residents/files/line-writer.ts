import { closeSync, openSync, writeSync } from 'node:fs'

const BUFFER_CHARACTERS = 1 << 20

/** A file written line by line through a buffer of a fixed size, so that memory stays flat however long it gets. */
export function openLines(file: string, encode: (text: string) => Uint8Array) {
  const descriptor = openSync(file, 'w')
  let waiting: string[] = []
  let characters = 0
  const flush = () => {
    const bytes = encode(waiting.join(''))
    for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written)
    waiting = []
    characters = 0
  }
  return {
    write(line: string) {
      waiting.push(line, '\n')
      characters += line.length
      if (characters > BUFFER_CHARACTERS) flush()
    },
    [Symbol.dispose]() {
      flush()
      closeSync(descriptor)
    },
  }
}
