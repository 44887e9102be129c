import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digitsOf, parseExact } from '../../src/alignment/exact-json.ts'

const digits = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength })
const whole = fc.oneof(
  fc.constant('0'),
  digits(20).map((each) => `1${each}`),
)
const fraction = fc.oneof(
  fc.constant(''),
  digits(20).map((each) => `.${each}`),
)
const exponent = fc.oneof(
  fc.constant(''),
  fc.constantFrom('e', 'E', 'e+', 'E-').chain((sign) => digits(2).map((each) => sign + each)),
)
const number = fc.tuple(fc.constantFrom('', '-'), whole, fraction, exponent).map((parts) => parts.join(''))
const space = fc.constantFrom('', ' ', '\n\t')

test('every number keeps its digits, wherever it stands', () => {
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 3 }), space, space, (numbers, before, behind) => {
      const list = numbers.map((each) => `${before}${each}${behind}`).join(',')
      const text = `{"value":${before}${numbers[0]}${behind},"of":"urn:oid:1.2.392.100495.20","list":[${list}]}`
      const { value, list: kept } = parseExact(text) as { value: unknown; list: unknown[] }
      expect([digitsOf(value), ...kept.map(digitsOf)]).toEqual([numbers[0], ...numbers])
    }),
    { numRuns: 2_000 },
  )
})
