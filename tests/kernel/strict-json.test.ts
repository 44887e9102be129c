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
  const started = performance.now()
  expect(() => sliceEntries(text)).toThrow(JsonRefused)
  expect(performance.now() - started).toBeLessThan(100)
})
