import { ExactNumber } from '../exact-json.ts'

const DATE = '((?!0000)[0-9]{4})(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?'
const TIME = String.raw`([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]{1,9})?`
const ZONE = '(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)'
const WHOLE = '(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'

/** R4, datatypes: the lexical form of each primitive that stands as a string. */
const STRINGS: Record<string, RegExp> = {
  base64Binary: /^[A-Za-z0-9+/=\s]+$/,
  canonical: /^\S+$/,
  code: /^[^\s]+(\s[^\s]+)*$/,
  date: new RegExp(`^${DATE}$`),
  dateTime: new RegExp(`^(${WHOLE}T${TIME}${ZONE}|${DATE})$`),
  id: /^[A-Za-z0-9\-.]{1,64}$/,
  instant: new RegExp(`^${WHOLE}T${TIME}${ZONE}$`),
  markdown: /\S/,
  oid: /^urn:oid:[0-2](\.(0|[1-9][0-9]*))+$/,
  string: /\S/,
  time: new RegExp(`^${TIME}$`),
  uri: /^\S+$/,
  url: /^\S+$/,
  uuid: /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  xhtml: /^\s*<div[\s>]/,
}

const INTEGERS: Record<string, RegExp> = {
  integer: /^-?(0|[1-9][0-9]*)$/,
  positiveInt: /^[1-9][0-9]*$/,
  unsignedInt: /^(0|[1-9][0-9]*)$/,
}
const INTEGER_MAX = 2_147_483_647
const DECIMAL_DIGITS_MAX = 40

export function isPrimitive(type: string): boolean {
  return (
    type === 'boolean' || type === 'decimal' || Object.hasOwn(STRINGS, type) || Object.hasOwn(INTEGERS, type)
  )
}

/** What is wrong with a primitive, in Japanese; undefined where it is well formed. */
export function primitiveFault(value: unknown, type: string): string | undefined {
  if (type === 'boolean')
    return typeof value === 'boolean' ? undefined : '真偽値（true/false）でなければなりません。'
  const form = STRINGS[type]
  if (form === undefined) return numberFault(value, type)
  if (typeof value !== 'string') return '文字列でなければなりません。'
  if (value.length > STRING_MAX && !UNBOUNDED.has(type)) return '文字列が長すぎます（1 MiB まで）。'
  if (CONTROL.test(value)) return '制御文字を含んではいけません。'
  if (!form.test(value)) return `${type} 型の書き方ではありません。`
  if (type === 'xhtml' && UNSAFE_NARRATIVE.test(value))
    return '説明文（text.div）に、許されないタグや属性があります。'
  if (CALENDAR.has(type) && !isOnCalendar(value)) return '暦にない日付です。'
  return undefined
}

/** R4, string: no more than 1 MiB. What is encoded, and a narrative, has no limit of its own. */
const STRING_MAX = 1024 * 1024
const UNBOUNDED: ReadonlySet<string> = new Set(['base64Binary', 'xhtml'])

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/
const UNSAFE_NARRATIVE = /<\s*(script|iframe|object|embed|form|link|meta)\b|\son\w+\s*=|javascript:/i
const CALENDAR: ReadonlySet<string> = new Set(['date', 'dateTime', 'instant'])

function numberFault(value: unknown, type: string): string | undefined {
  const digits =
    value instanceof ExactNumber ? value.text : typeof value === 'number' ? String(value) : undefined
  if (digits === undefined) return '数値でなければなりません。'
  // 1e999 is well written, and no number that anybody can count with.
  if (!Number.isFinite(Number(digits))) return '数値が大きすぎます。'
  if (type === 'decimal') return digits.length > DECIMAL_DIGITS_MAX ? '桁数が多すぎます。' : undefined
  const isWhole = INTEGERS[type]?.test(digits) === true && Math.abs(Number(digits)) <= INTEGER_MAX
  return isWhole ? undefined : `${type} 型の整数ではありません。`
}

/** 30 February is written well and is no day. */
function isOnCalendar(text: string): boolean {
  const day = Number(text.slice(8, 10))
  // Every month has 28 days.
  if (day <= 28) return true
  const [year = 0, month = 1] = text.slice(0, 7).split('-').map(Number)
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}
