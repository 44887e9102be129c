/**
 * JSON as it must be at the door. JSON.parse alone takes duplicate keys (the last wins), any depth (5,000,000
 * levels block the process for seconds) and lone surrogates (PostgreSQL refuses them later), so the text is
 * scanned first: strings, depth, keys; then JSON.parse checks the grammar.
 */
export interface JsonLimits {
  /** Nested arrays and objects. */
  depthMax: number
  /** Members and elements of the whole text. */
  nodesMax: number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Members of one object. No resource has nearly as many, and to tell 200,000 keys apart takes most of a second. */
const KEYS_MAX = 1_000

export const JSON_LIMITS: JsonLimits = { depthMax: 64, nodesMax: 200_000 }

/** What was wrong, without any of the text. */
export class JsonRefused extends Error {
  override readonly name = 'JsonRefused'
}

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }

/** A value's place in the text: `[start, end)`. */
type Span = [start: number, end: number]

/**
 * Parses `text`, refusing what two parsers could read differently or PostgreSQL cannot hold: duplicate or
 * prototype keys, NUL, lone surrogates, more depth or nodes than `limits`. Throws JsonRefused.
 */
export function parseJson(text: string, limits: JsonLimits = JSON_LIMITS): JsonValue {
  const plain = parsePlain(text, limits)
  if (plain !== undefined) return plain
  scan(text, limits)
  return grammar(text)
}

/** A few levels of anything this long are parsed at once, so it may be parsed before it is known to be harmless. */
const PLAIN_LENGTH_MAX = 64 * 1024
const RESERVED = ['__proto__', 'constructor', 'prototype'] as const

/** Strings and nodes of a value; keys are strings too. */
interface Tally {
  strings: number
  /** Counted as `scan` does. */
  nodes: number
}

/**
 * The value, where `scan` would have found nothing: of two equal keys one is lost when a text is parsed, and then it
 * has more quotation marks than the value's strings need. Undefined says that it has to be looked at closely.
 */
function parsePlain(text: string, limits: JsonLimits): JsonValue | undefined {
  if (text.length > PLAIN_LENGTH_MAX) return undefined
  const quotes = quotesIn(text)
  if (quotes === undefined) return undefined
  try {
    const value = JSON.parse(text) as JsonValue
    const tally = { strings: 0, nodes: 0 }
    if (!isWithin(value, limits.depthMax, tally) || tally.nodes > limits.nodesMax) return undefined
    return 2 * tally.strings === quotes ? value : undefined
  } catch {
    return undefined
  }
}

/** Undefined where anything but a quotation mark could begin or end a string, or half a character could stand alone. */
function quotesIn(text: string): number | undefined {
  let quotes = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === QUOTE) quotes++
    else if (unit === BACKSLASH || (unit >= 0xd800 && (unit <= 0xdfff || unit >= 0xfffe))) return undefined
  }
  return quotes
}

/** Adds to the tally. False where the value is too deep, or an object of it has too many members or a reserved key. */
function isWithin(value: JsonValue, depthMax: number, tally: Tally): boolean {
  if (typeof value === 'string') tally.strings++
  if (value === null || typeof value !== 'object') return true
  if (depthMax === 0) return false
  let members = 0
  if (Array.isArray(value)) {
    members = value.length
    for (const each of value) if (!isWithin(each, depthMax - 1, tally)) return false
  } else {
    for (const key in value) {
      if (++members > KEYS_MAX || isReserved(key)) return false
      if (!isWithin(value[key] as JsonValue, depthMax - 1, tally)) return false
    }
    tally.strings += members
  }
  tally.nodes += Math.max(1, members)
  return true
}

function isReserved(key: string): boolean {
  return key === RESERVED[0] || key === RESERVED[1] || key === RESERVED[2]
}

/**
 * The exact text of every `entry[].resource` of a Bundle, in order, with the Bundle itself parsed.
 * The text is what was hashed and signed: `7.10` stays `7.10`. Throws JsonRefused.
 */
export function sliceEntries(
  text: string,
  limits: JsonLimits = JSON_LIMITS,
): { bundle: JsonValue; resources: string[] } {
  const spans = scan(text, limits)
  return {
    bundle: grammar(text),
    resources: spans.map(([start, end]) => text.slice(start, end)),
  }
}

function grammar(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    throw new JsonRefused('The text is not JSON.')
  }
}

interface Frame {
  /** Keys seen so far; undefined for an array. */
  keys: Set<string> | undefined
  /** The key whose value is being read, or the place marker of an array. */
  key: string
  expectKey: boolean
}

/** One pass over the characters; collects the spans at the path `entry` › element › `resource`. */
function scan(text: string, limits: JsonLimits): Span[] {
  const spans: Span[] = []
  const stack: Frame[] = []
  let nodes = 0
  let resourceStart = -1
  let i = 0
  if (text.charCodeAt(0) === 0xfeff) throw new JsonRefused('The text starts with a byte order mark.')
  while (i < text.length) {
    const c = text.charCodeAt(i)
    if (c === QUOTE) {
      const end = stringEnd(text, i)
      const top = stack.at(-1)
      if (top?.keys !== undefined && top.expectKey) {
        top.key = takeKey(text.slice(i, end), top.keys)
        top.expectKey = false
      }
      i = end
      continue
    }
    if (c === 0x7b || c === 0x5b) {
      if (stack.length >= limits.depthMax) throw new JsonRefused('The text is nested too deeply.')
      if (c === 0x7b && stack.length === 3 && isEntryResource(stack)) resourceStart = i
      stack.push({
        keys: c === 0x7b ? new Set() : undefined,
        key: '',
        expectKey: c === 0x7b,
      })
      nodes++
    } else if (c === 0x7d || c === 0x5d) {
      stack.pop()
      if (resourceStart >= 0 && stack.length === 3) {
        spans.push([resourceStart, i + 1])
        resourceStart = -1
      }
    } else if (c === 0x2c) {
      const top = stack.at(-1)
      if (top?.keys !== undefined) top.expectKey = true
      nodes++
    }
    if (nodes > limits.nodesMax) throw new JsonRefused('The text has too many values.')
    i++
  }
  return spans
}

function isEntryResource(stack: Frame[]): boolean {
  const [bundle, list, entry] = stack as [Frame, Frame, Frame]
  return (
    bundle.keys !== undefined &&
    bundle.key === 'entry' &&
    list.keys === undefined &&
    entry.keys !== undefined &&
    entry.key === 'resource'
  )
}

function takeKey(quoted: string, keys: Set<string>): string {
  const key = quoted.includes('\\') ? (grammar(quoted) as string) : quoted.slice(1, -1)
  if (isReserved(key)) throw new JsonRefused('A key is reserved.')
  if (keys.has(key)) throw new JsonRefused('A key stands twice.')
  if (keys.size >= KEYS_MAX) throw new JsonRefused('An object has too many members.')
  keys.add(key)
  return key
}

/** Nearly every string: nothing in it that needs a second look. */
const PLAIN = /"[^"\\\u0000-\u001f\ud800-\udfff\ufffe\uffff]*"/y

/** The index after the closing quote; refuses control characters, NUL and lone surrogates, written or escaped. */
function stringEnd(text: string, start: number): number {
  PLAIN.lastIndex = start
  if (PLAIN.test(text)) return PLAIN.lastIndex
  let pending = false
  for (let i = start + 1; i < text.length; i++) {
    let unit = text.charCodeAt(i)
    if (unit === QUOTE) {
      if (pending) throw new JsonRefused('A string holds half a character.')
      return i + 1
    }
    if (unit < 0x20) throw new JsonRefused('A string holds a control character.')
    if (unit === BACKSLASH) {
      i++
      if (text.charCodeAt(i) === 0x75) {
        unit = Number.parseInt(text.slice(i + 1, i + 5), 16)
        if (unit === 0 || Number.isNaN(unit)) throw new JsonRefused('A string holds NUL or a broken escape.')
        i += 4
      } else unit = 0x20
    }
    const low = unit >= 0xdc00 && unit <= 0xdfff
    if (low !== pending || unit === 0xfffe || unit === 0xffff)
      throw new JsonRefused('A string holds half a character.')
    pending = unit >= 0xd800 && unit <= 0xdbff
  }
  throw new JsonRefused('A string has no end.')
}
