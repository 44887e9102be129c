import { DROPPED, PLACE_UNITS, SPECIAL } from './kanji-tables.ts'

interface Node<T> {
  next: Map<string, Node<T>>
  value?: T
}

export interface Trie<T> {
  add(name: string, merge: (value: T | undefined) => T): void
  /** The longest name that the text starts with, from `start`; `end` is where the text goes on. */
  longest(text: string, start: number): { value: T; end: number } | undefined
}

/** Small words of place names are written in several ways: 霞ヶ丘, 霞が丘. */
const SMALL_WORDS: Readonly<Record<string, string>> = {
  ...{ ヶ: 'ケ', ヵ: 'ケ', が: 'ケ', ガ: 'ケ', の: 'ノ', 之: 'ノ', ッ: 'ツ', っ: 'ツ', つ: 'ツ' },
}

/** Names by their folded characters. Spaces count neither in names nor in texts. */
export function nameTrie<T>(): Trie<T> {
  const root: Node<T> = { next: new Map() }
  return {
    add(name, merge) {
      let node = root
      for (const character of name) {
        const letter = letterOf(character)
        if (letter === '') continue
        const next: Node<T> = node.next.get(letter) ?? { next: new Map() }
        node.next.set(letter, next)
        node = next
      }
      node.value = merge(node.value)
    },
    longest(text, start) {
      let node: Node<T> | undefined = root
      let found: { value: T; end: number } | undefined
      for (let at = start; at < text.length; at++) {
        const letter = letterOf(text.charAt(at))
        if (letter === '') continue
        node = node.next.get(letter)
        if (node === undefined) break
        if (node.value !== undefined) found = { value: node.value, end: at + 1 }
      }
      return found
    },
  }
}

function letterOf(character: string): string {
  const unit = character.length === 1 ? (PLACE_UNITS[character.charCodeAt(0)] ?? SPECIAL) : SPECIAL
  if (unit === DROPPED) return ''
  const letter = unit === SPECIAL ? character : String.fromCharCode(unit)
  return SMALL_WORDS[letter] ?? letter
}
