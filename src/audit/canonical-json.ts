import { must } from '../kernel/must.ts'
import type { JsonValue } from '../kernel/strict-json.ts'

const DEPTH_MAX = 32

/**
 * One text for one value: members sorted, no spaces (RFC 8785). Lone surrogates and NUL, which PostgreSQL cannot
 * turn into jsonb, become U+FFFD: what a partner sent must never keep its own refusal from being recorded.
 */
export function canonicalJson(value: JsonValue, depth = 0): string {
  must(depth <= DEPTH_MAX, 'an audit detail is shallow')
  if (typeof value === 'string') return JSON.stringify(readable(value))
  if (Array.isArray(value)) return `[${value.map((each) => canonicalJson(each, depth + 1)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(readable(key))}:${canonicalJson(member, depth + 1)}`)
  return `{${members.join(',')}}`
}

function readable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
