import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/audit/canonical-json.ts'
import type { JsonValue } from '../../src/kernel/strict-json.ts'

test('members are sorted by UTF-16 code units, nothing stands between them (RFC 8785, section 3.2.3)', () => {
  const value = {
    '\u20ac': 'Euro',
    '\r': 'return',
    '\ufb33': 'dalet',
    '1': 'one',
    '\ud83d\ude00': 'smile',
    '\u00f6': 'o',
    '': { b: [], a: {} },
  }
  expect(canonicalJson(value)).toBe(
    '{"":{"a":{},"b":[]},"\\r":"return","1":"one","\u00f6":"o","\u20ac":"Euro","\ud83d\ude00":"smile","\ufb33":"dalet"}',
  )
})

test('numbers are written as RFC 8785, appendix B, writes them', () => {
  expect(canonicalJson([1e21, 1e-7, 333333333.3333333, 4.5, 2e-3, -0])).toBe(
    '[1e+21,1e-7,333333333.3333333,4.5,0.002,0]',
  )
})

test('what PostgreSQL cannot search is made readable instead of being refused', () => {
  expect(canonicalJson({ 'key\0': 'nul \0, lone \uD800 surrogate' })).toBe(
    '{"key\uFFFD":"nul \uFFFD, lone \uFFFD surrogate"}',
  )
})

test('the order in which a detail was put together does not matter', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      expect(canonicalJson(reversed(value as JsonValue))).toBe(canonicalJson(value as JsonValue))
    }),
  )
})

test('a detail of absurd depth is a bug, not a stack overflow', () => {
  let deep: JsonValue = 'bottom'
  for (let level = 0; level < 100_000; level += 1) deep = [deep]
  expect(() => canonicalJson(deep)).toThrow('an audit detail is shallow')
})

function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([key, member]) => [key, reversed(member)] as const)
  return Object.fromEntries(members.reverse())
}
