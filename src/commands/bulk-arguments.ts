import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ENCODINGS, type Encoding, type FieldMap, fieldMapSchema } from '../identity/index.ts'
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
  const text = await withNamedFile(() => readFileSync(file, 'utf8'))
  const parsed = fieldMapSchema.safeParse(parsedJson(text))
  if (parsed.success) return parsed.data
  const places = [...new Set(parsed.error.issues.map(({ path }) => path.join('.') || '(root)'))].join(', ')
  throw new UsageError(`${file}: 対応表の項目が正しくありません。 Not a field map; look at: ${places}`)
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
