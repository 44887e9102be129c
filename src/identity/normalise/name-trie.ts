import { DROPPED, PLACE_UNITS, SPECIAL } from './kanji-tables.ts'

interface Node<T> {
  next: Map<number, Node<T>>
  value?: T
}

export interface Trie<T> {
  add(name: string, merge: (value: T | undefined) => T): void
  /** The longest name that the text starts with, from `start`; `end` is where the text goes on. */
  longest(text: string, start: number): { value: T; end: number } | undefined
}

/** Small words of place names are written in several ways: 霞ヶ丘, 霞が丘. */
const SMALL_WORDS = ['ケヶヵがガ', 'ノの之', 'ツッっつ']

/** By UTF-16 unit: the letter that stands for it in names and texts alike. */
const LETTERS = lettersOf()

/** Names by their folded characters. Spaces count neither in names nor in texts. */
export function nameTrie<T>(): Trie<T> {
  const root: Node<T> = { next: new Map() }
  return {
    add(name, merge) {
      let node = root
      for (let at = 0; at < name.length; at++) {
        const letter = letterAt(name, at)
        if (letter === DROPPED) continue
        const next: Node<T> = node.next.get(letter) ?? { next: new Map() }
        node.next.set(letter, next)
        node = next
      }
      node.value = merge(node.value)
    },
    longest(text, start) {
      let node: Node<T> | undefined = root
      let value: T | undefined
      let end = start
      for (let at = start; at < text.length; at++) {
        const letter = letterAt(text, at)
        if (letter === DROPPED) continue
        node = node.next.get(letter)
        if (node === undefined) break
        if (node.value === undefined) continue
        value = node.value
        end = at + 1
      }
      return value === undefined ? undefined : { value, end }
    },
  }
}

function letterAt(text: string, at: number): number {
  return LETTERS[text.charCodeAt(at)] as number
}

function lettersOf(): Uint16Array {
  const letters = PLACE_UNITS.map((unit, code) => (unit === SPECIAL ? code : unit))
  for (const group of SMALL_WORDS) {
    for (const word of group) letters[word.charCodeAt(0)] = group.charCodeAt(0)
  }
  return letters
}
