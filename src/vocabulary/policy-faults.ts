import type { z } from 'zod'
import type { Sentence } from '../kernel/hub-error.ts'
import { CATALOGUE_CODES } from './item-catalogue.ts'
import { ITEM_CODES } from './items.ts'
import { formReadingSchema, policySchema } from './policy.ts'
import { type PolicyFault, ruleFaults } from './policy-rules.ts'

/** Enough for the writer to go on with; a document of nothing but faults has thousands. */
export const FAULTS_MAX = 100
const WORD_CHARS_MAX = 100

/**
 * Every fault of a policy, in the order of the document: wrong parts; then what the parts say against each other, and
 * against the time `at` which it is to be taken. Empty for a policy that may be taken.
 */
export function policyFaults(document: unknown, at: Date): PolicyFault[] {
  // With what stood there, so that what is missing and what is of another type are told apart.
  const read = policySchema.safeParse(document, { reportInput: true })
  const shape = read.success ? [] : read.error.issues.flatMap((issue) => faultsOf(issue, document))
  return [...shape, ...ruleFaults(document, at)].slice(0, FAULTS_MAX)
}

type Issue = z.core.$ZodIssue

function faultsOf(issue: Issue, document: unknown): PolicyFault[] {
  if (isOfItems(issue)) return [itemFault(issue)]
  if (issue.code === 'invalid_key')
    return [{ ...placeOf(issue.path), ...sentenceOf(issue) }, ...faultsBelow(issue.path, document)]
  if (issue.code !== 'unrecognized_keys') return [{ ...placeOf(issue.path), ...sentenceOf(issue) }]
  const { at, word: form } = placeOf(issue.path)
  return issue.keys.map((key) => ({
    at,
    word: form === undefined ? key : `${form}.${key}`,
    ja: 'この名前の項目はありません。',
    en: 'No element has this name.',
  }))
}

/** What a form says whose name is wrong: the schema looks no further, and the writer has to mend both. */
function faultsBelow(path: readonly PropertyKey[], document: unknown): PolicyFault[] {
  const reading = path.reduce((value, name) => (value as Record<PropertyKey, unknown>)[name], document)
  const { error } = formReadingSchema.safeParse(reading, { reportInput: true })
  const issues = error?.issues ?? []
  return issues.flatMap((issue) => faultsOf({ ...issue, path: [...path, ...issue.path] }, document))
}

/** Whether an item was named that no policy can share: their codes are too many to be listed at each. */
function isOfItems(issue: Issue): boolean {
  return issue.code === 'invalid_value' && issue.values.length === ITEM_CODES.length
}

function itemFault({ path, input }: Issue): PolicyFault {
  const word = typeof input === 'string' ? { word: input.slice(0, WORD_CHARS_MAX) } : {}
  const isKnown = (CATALOGUE_CODES as readonly unknown[]).includes(input)
  return { ...placeOf(path), ...word, ...(isKnown ? ITEM_NOT_GIVEN : ITEM_UNKNOWN) }
}

const ITEM_UNKNOWN: Sentence = {
  ja: 'この符号の共有項目はありません。符号は CodeSystem/item にあります。',
  en: 'No shared item has this code; CodeSystem/item lists them.',
}
const ITEM_NOT_GIVEN: Sentence = {
  ja: '本人を探すための項目で、閲覧には提供されません。閲覧設定から除いてください。',
  en: 'Persons are found by this item, and it is given to no viewer. Leave it out.',
}

/** Below `forms` the names are the writer's own, so that the place stands without them. */
function placeOf(path: readonly PropertyKey[]): { at: string; word?: string } {
  const [first, second, ...rest] = path.map(String)
  if (first !== 'forms' || second === undefined) return { at: path.map(String).join('.') }
  return { at: ['forms', '*', ...rest].join('.'), word: second }
}

function sentenceOf(issue: Issue): Sentence {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? { ja: '必要な項目がありません。', en: 'Missing.' }
        : typeOf(issue.expected)
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ')
      return { ja: `使える値は次のとおりです：${values}。`, en: `Must be one of: ${values}.` }
    }
    case 'too_small':
      return tooSmall(issue.origin, Number(issue.minimum))
    case 'too_big':
      return tooBig(issue.origin, Number(issue.maximum))
    case 'invalid_key':
      return {
        ja: '同意書の版の名前は、英小文字・数字・ハイフンで 40 字以内です。',
        en: 'A form version is named in at most 40 lower-case letters, digits and hyphens.',
      }
    case 'invalid_format':
      return FORMATS[issue.format] ?? NOT_SO
    case 'custom':
      return issue.message === 'twice'
        ? { ja: '同じものが二度あります。', en: 'The same one stands twice.' }
        : { ja: '数が多すぎます。', en: 'Too many.' }
    default:
      return NOT_SO
  }
}

const NOT_SO: Sentence = { ja: '書式が違います。', en: 'Not written as it must be.' }

const FORMATS: Record<string, Sentence> = {
  date: { ja: '2026-04-01 のように書いてください。', en: 'Write a day like 2026-04-01.' },
  datetime: {
    ja: '2026-04-01T00:00:00+09:00 のように、時差を付けて書いてください。',
    en: 'Write a time with its offset, like 2026-04-01T00:00:00+09:00.',
  },
}

const OBJECT: Sentence = { ja: '{ } で囲んだ項目のまとまり', en: 'an object in { }' }
const TYPES: Record<string, Sentence> = {
  object: OBJECT,
  record: OBJECT,
  array: { ja: '[ ] で囲んだ並び', en: 'a list in [ ]' },
  string: { ja: '" " で囲んだ文字', en: 'a text in quotes' },
  number: { ja: '数', en: 'a number' },
  int: { ja: '整数', en: 'a whole number' },
  boolean: { ja: 'true か false ', en: 'true or false' },
}

function typeOf(expected: string): Sentence {
  const { ja, en } = TYPES[expected] ?? { ja: expected, en: expected }
  return { ja: `${ja}が必要です。`, en: `Must be ${en}.` }
}

function tooSmall(origin: string, least: number): Sentence {
  if (origin === 'string') return { ja: '空にはできません。', en: 'Must not be empty.' }
  if (origin === 'array') return { ja: '一つ以上が必要です。', en: 'Needs at least one entry.' }
  return { ja: `${least} 以上が必要です。`, en: `At least ${least}.` }
}

function tooBig(origin: string, most: number): Sentence {
  if (origin === 'string') return { ja: `${most} 字以内にしてください。`, en: `At most ${most} characters.` }
  if (origin === 'array') return { ja: `${most} 個までです。`, en: `At most ${most} entries.` }
  return { ja: `${most} 以下が必要です。`, en: `At most ${most}.` }
}
