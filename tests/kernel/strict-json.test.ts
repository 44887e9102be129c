import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonRefused, parseJson, sliceEntries } from '../../src/kernel/strict-json.ts'

const member = (n: number) => `"${n.toString(36)}":1`
const objectOf = (members: number) => `{${Array.from({ length: members }, (_, n) => member(n)).join(',')}}`

test('an object of a thousand members is read, one of more is refused before it costs anything', () => {
  expect(Object.keys(parseJson(objectOf(1_000)) as object)).toHaveLength(1_000)
  expect(() => parseJson(objectOf(1_001))).toThrow(JsonRefused)
})

test('an answer of 5 MiB that is made to be slow is refused in a tenth of a second', () => {
  const keys = objectOf(500_000)
  const text = `{"resourceType":"Bundle","type":"searchset","entry":[{"resource":${keys}}]}`
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now()
    expect(() => sliceEntries(text)).toThrow(JsonRefused)
    return performance.now() - started
  })
  // The best of five: a busy machine adds to each, the code to all.
  expect(Math.min(...times)).toBeLessThan(100)
})

test('whatever can be written as JSON is read as JSON.parse reads it', () => {
  const value = fc.jsonValue({ stringUnit: 'grapheme' })
  fc.assert(
    fc.property(value, (written) => {
      const text = JSON.stringify(written)
      try {
        expect(parseJson(text)).toEqual(JSON.parse(text))
      } catch (error) {
        expect(error).toBeInstanceOf(JsonRefused)
        expect(text).toMatch(/\\u|"(?:__proto__|constructor|prototype)"|[\ufffe\uffff]/)
      }
    }),
  )
})

test('limits hold for what is written plainly too', () => {
  const limits = { depthMax: 3, nodesMax: 8 }
  expect(parseJson('{"a":{"b":[1]}}', limits)).toEqual({ a: { b: [1] } })
  expect(() => parseJson('{"a":{"b":[[]]}}', limits)).toThrow(JsonRefused)
  expect(parseJson('{"a":[1,2,3,4,5,6,7]}', limits)).toEqual({ a: [1, 2, 3, 4, 5, 6, 7] })
  expect(() => parseJson('{"a":[1,2,3,4,5,6,7,8]}', limits)).toThrow(JsonRefused)
  expect(() => parseJson(objectOf(1_001), { depthMax: 3, nodesMax: 5_000 })).toThrow(JsonRefused)
})

test('a key twice is refused, however plainly everything is written', () => {
  const key = fc.constantFrom('a', 'b', 'key', '髙')
  const members = fc.array(fc.tuple(key, fc.jsonValue({ maxDepth: 1 })), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(members, (written) => {
      const text = `{"in":{${written.map(([name, value]) => `"${name}":${JSON.stringify(value)}`).join(',')}}}`
      if (/[\\\ufffe\uffff]|"(?:__proto__|constructor|prototype)"/.test(text)) return
      const isTwice = new Set(written.map(([name]) => name)).size < written.length
      if (isTwice) expect(() => parseJson(text)).toThrow(JsonRefused)
      else expect(parseJson(text)).toEqual(JSON.parse(text))
    }),
  )
})

test.each([
  ['half a character', '"a\ud800b"'],
  ['the other half', '"\udc00"'],
  ['the halves in the wrong order', '"\udc00\ud800"'],
  ['half a character, escaped', '"\\ud800"'],
  ['a noncharacter', '"\uffff"'],
  ['NUL, escaped', '"\\u0000"'],
  ['a control character', '"\u0001"'],
  ['a string without an end', '"abc'],
  ['a key twice, once escaped', '{"a":1,"\\u0061":2}'],
])('refused: %s', (_what, text) => {
  expect(() => parseJson(text)).toThrow(JsonRefused)
})

test('a whole character, written or escaped in halves, is read', () => {
  expect(parseJson('"\ud842\udfb7"')).toBe('𠮷')
  expect(parseJson('"\\ud842\\udfb7"')).toBe('𠮷')
})
