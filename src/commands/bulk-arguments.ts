import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ENCODINGS, type Encoding, type FieldMap, fieldMapSchema, MAP_FIELDS } from '../identity/index.ts'
import { regionIdSchema } from '../trust/index.ts'
import { UsageError, withNamedFile } from './usage-error.ts'

/** What every command that reads a region's files takes. */
export const bulkArguments = {
  files: z.array(z.string().min(1)).min(1).max(1_000),
  region: regionIdSchema,
  map: z.string().optional(),
  encoding: z.enum(Object.keys(ENCODINGS) as [Encoding, ...Encoding[]]).default('utf-8'),
  json: z.boolean().default(false),
}

export const BULK_ARGUMENTS = {
  files: { name: '<file…>', ja: '読み込むファイルを1つ以上。', en: 'One file to load, or more.' },
  region: { name: '--region', ja: '登録済みの地域ID。', en: 'The id of a region that is registered.' },
  encoding: {
    name: '--encoding',
    ja: `次のどれか：${Object.keys(ENCODINGS).join('、')}。`,
    en: `One of ${Object.keys(ENCODINGS).join(', ')}.`,
  },
}

/** The field map of a file. Throws UsageError with the places that are wrong. */
export async function readFieldMap(file: string | undefined): Promise<FieldMap | undefined> {
  if (file === undefined) return undefined
  const text = await withNamedFile(() => readFileSync(file, 'utf8'), file)
  const json = parsedJson(text)
  if (json === undefined) throw new UsageError(`${file}: JSON ではありません。 It is not JSON.`)
  const parsed = fieldMapSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const faults = new Map(parsed.error.issues.flatMap(faultsOf))
  const lines = [...faults].map(([place, words]) => `  ${place}: ${words}`)
  throw new UsageError(`${file}: 対応表に誤りがあります。 The field map has faults:\n${lines.join('\n')}`)
}

type Issue = z.core.$ZodIssue

/** Each place that is wrong, and what belongs there. */
function faultsOf(issue: Issue): [string, string][] {
  const place = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    const known =
      issue.path.length === 0
        ? `使えるのは次の項目です。 Not a field; known are: ${MAP_FIELDS.join(', ')}`
        : UNKNOWN
    return issue.keys.map((key) => [[place, key].filter((each) => each !== '').join('.'), known])
  }
  return [[place || '(root)', MAP_WORDS[String(issue.path[0])] ?? COLUMN]]
}

const UNKNOWN = '知らない項目です。 Not known here.'
const COLUMN = '列の名前が要ります。 The name of a column belongs here.'
const NAME =
  '列の名前、または { "family": 列, "given": 列 }。 A column, or { "family": column, "given": column }.'
const VALUES = '{ "column": 列, "values": [値] }。 { "column": column, "values": [values] }.'

const MAP_WORDS: Record<string, string> = {
  kind: 'residents か general。 residents or general.',
  ...{ kanji: NAME, kana: NAME, latin: NAME, former: NAME, alias: NAME },
  birthDate:
    '列の名前、または { "column": 列, "format": "DD/MM/YYYY" } の形（YYYY、M、D を一度ずつ）。 A column, or { "column": column, "format": "DD/MM/YYYY" } with YYYY, M and D once each.',
  sex: '列の名前、または { "column": 列, "male": [値], "female": [値] }。 A column, or { "column": column, "male": [values], "female": [values] }.',
  insured:
    '列の名前、または insurer、symbol、number、branch の列（一般データにはありません）。 A column, or the columns of insurer, symbol, number and branch; general data have none.',
  address: '列の名前、または6列まで。 A column, or up to six.',
  phone: '列の名前、または3列まで。 A column, or up to three.',
  personalNumber: '{ "column": 列, "system": "https://…" }。 { "column": column, "system": "https://…" }.',
  texts:
    '一般データ（kind: general）の列を、address、postalCode、phone、email と合わせて8つまで。 Columns of general data (kind: general), up to eight together with address, postalCode, phone and email.',
  ...{ inactive: VALUES, protected: VALUES },
}

/** Undefined where the text is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
