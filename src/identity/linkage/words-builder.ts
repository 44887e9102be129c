import { foldConfusable } from '../normalise/index.ts'
import { hashText } from './hash.ts'
import { UNREADABLE_CODE, type Words } from './words.ts'

const MUNICIPAL = /.[市郡区]./u

export interface WordsBuilder {
  /** 0 for no text. */
  idOf(text: string | undefined): number
  textOf(id: number): string
  finish(): Words
}

export function wordsBuilder(): WordsBuilder {
  const ids = new Map<string, number>([['', 0]])
  const texts: string[] = ['']
  const idOf = (text: string | undefined): number => {
    if (text === undefined) return 0
    const known = ids.get(text)
    if (known !== undefined) return known
    ids.set(text, texts.length)
    return texts.push(text) - 1
  }
  return { idOf, textOf: (id) => texts[id] ?? '', finish: () => wordsOf(texts, idOf) }
}

function wordsOf(texts: readonly string[], idOf: (text: string) => number): Words {
  // First: the forms are words too, and may be new ones.
  const forms = texts.map((text, id) => {
    const form = foldConfusable(text)
    return form === text ? id : idOf(form)
  })
  for (let id = forms.length; id < texts.length; id++) forms.push(id)
  const count = texts.length
  const words = emptyWords(
    count,
    texts.reduce((sum, text) => sum + text.length, 0),
  )
  const hash = { high: 0, low: 0 }
  let end = 0
  for (const [id, text] of texts.entries()) {
    hashText(text, hash)
    words.high[id] = hash.high
    words.low[id] = hash.low
    words.starts[id] = end
    words.confusable[id] = forms[id] ?? id
    words.municipal[id] = MUNICIPAL.test(text) ? 1 : 0
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === UNREADABLE_CODE) words.unreadable[id] = 1
      words.codes[end++] = code
    }
  }
  words.starts[count] = end
  return words
}

export function emptyWords(count: number, length: number): Words {
  return {
    count,
    codes: new Uint16Array(new SharedArrayBuffer(2 * length)),
    starts: new Uint32Array(new SharedArrayBuffer(4 * (count + 1))),
    high: new Uint32Array(new SharedArrayBuffer(4 * count)),
    low: new Uint32Array(new SharedArrayBuffer(4 * count)),
    unreadable: new Uint8Array(new SharedArrayBuffer(count)),
    municipal: new Uint8Array(new SharedArrayBuffer(count)),
    confusable: new Uint32Array(new SharedArrayBuffer(4 * count)),
  }
}
