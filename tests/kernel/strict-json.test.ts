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
