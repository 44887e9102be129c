import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  holdsMyNumber,
  looksLikeMyNumber,
  mayHoldMyNumber,
} from '../../../src/identity/normalise/my-number.ts'
import { myNumber } from '../sample-number.ts'

const digits = fc.stringMatching(/^\d{11}$/)
const NONE = () => false

test('twelve digits with their check digit are seen however they are written', () => {
  fc.assert(
    fc.property(digits, fc.constantFrom('', ' ', '-', '－', '‐', '　', 'ー'), (eleven, separator) => {
      const number = myNumber(eleven)
      const grouped = number.replace(/(\d{4})(?=\d)/g, `$1${separator}`)
      const wide = grouped.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
      const hidden = number.replace(/(\d{4})(?=\d)/g, '$1\u200b')
      for (const text of [grouped, wide, hidden, `備考${grouped}番`, `2026 ${grouped} 1`]) {
        expect(looksLikeMyNumber(text)).toBe(true)
      }
    }),
  )
})

test('signs that stand for digits are digits', () => {
  const number = myNumber('21222324252')
  const circled = `㉑㉒㉓㉔㉕${number.slice(10)}`
  const bold = [...number].map((digit) => String.fromCodePoint(0x1d7ce + Number(digit))).join('')
  for (const text of [circled, bold, `住所　${bold}　番地`]) expect(looksLikeMyNumber(text)).toBe(true)
})

test('another check digit, or more digits, is something else', () => {
  fc.assert(
    fc.property(digits, (eleven) => {
      const number = myNumber(eleven)
      const wrong = `${eleven}${(Number(number[11]) + 1) % 10}`
      expect([wrong, `${number}0`, `1${number}`].map(looksLikeMyNumber)).toEqual([false, false, false])
    }),
  )
})

test('telephone numbers, days, object identifiers and UUIDs are let pass', () => {
  const number = myNumber('12345678901')
  for (const text of [
    '070-0000-0001',
    `+${number}`,
    '2026-06-01T12:00:00+09:00',
    'urn:oid:1.2.392.100495.20.3.51.11410000001',
    `urn:uuid:00000000-0000-4000-8000-${number}`,
  ]) {
    expect(looksLikeMyNumber(text)).toBe(false)
  }
})

test('looking quickly misses nothing that looking closely finds', () => {
  const closely = (text: string) => {
    const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/giu
    const plain = text
      .normalize('NFKC')
      .replace(/\p{Cf}/gu, '')
      .replace(uuid, ' ')
      .replace(/[‐‑‒–—―−ー・.]/gu, '-')
    const twelve = /(?<![\d+])(\d{12}|\d{4}[\s\-_/,]{1,3}\d{4}[\s\-_/,]{1,3}\d{4})(?!\d)/gu
    return [...plain.matchAll(twelve)].some(([found]) => {
      const bare = found.replace(/\D/gu, '')
      return bare === myNumber(bare.slice(0, 11))
    })
  }
  const number = myNumber('12345678901')
  const uuid = '00000000-0000-4000-8000-00000000abcd'
  const between = fc.array(
    fc.constantFrom(...' \t\n-_/,.:a・ー゛〜　−＿－ｰ･ｶﾞ／Ａ\u200b\u00ad五㎏', uuid, '', '', '', ''),
    { maxLength: 2 },
  )
  fc.assert(
    fc.property(between, between, between, between, (before, first, second, after) => {
      const [a, b, c] = [number.slice(0, 4), number.slice(4, 8), number.slice(8)]
      const text = [...before, a, ...first, b, ...second, c, ...after].join('')
      if (closely(text)) expect(looksLikeMyNumber(text)).toBe(true)
      const json = JSON.stringify({ text, digits: [text] })
      if (closely(text)) expect(mayHoldMyNumber(json)).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('it is found in every place but ids of a registered system', () => {
  const number = myNumber('98765432109')
  const isRegistered = (system: string) => system === 'urn:ours'
  expect(holdsMyNumber({ name: [{ text: number }] }, NONE)).toBe(true)
  expect(holdsMyNumber({ extension: [{ valueInteger: Number(number) }] }, NONE)).toBe(true)
  expect(holdsMyNumber({ [number]: 1 }, NONE)).toBe(true)
  expect(holdsMyNumber({ identifier: [{ system: 'urn:theirs', value: number }] }, isRegistered)).toBe(true)
  expect(holdsMyNumber({ identifier: [{ value: number }] }, isRegistered)).toBe(true)
  expect(holdsMyNumber({ identifier: [{ system: 'urn:ours', value: number }] }, isRegistered)).toBe(false)
  expect(
    holdsMyNumber({ identifier: [{ system: 'urn:ours', value: 'x', display: number }] }, isRegistered),
  ).toBe(true)
})
