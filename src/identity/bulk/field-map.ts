import { z } from 'zod'
import { DATE_FORMAT } from './read-date.ts'

const column = z.string().min(1).max(100)
const values = z.array(z.string().min(1).max(50)).min(1).max(20)

/** A name's columns: one for the whole name, or one each for family and given name. */
const nameColumns = z.union([column, z.strictObject({ family: column.optional(), given: column.optional() })])

/** As linkage has places for. */
export const TEXTS_MAX = 8

const fields = z.strictObject({
  /** `residents` are linked by the rules for Japanese names, numbers and addresses, `general` data by their score. */
  kind: z.enum(['residents', 'general']).optional(),
  id: column,
  kanji: nameColumns.optional(),
  kana: nameColumns.optional(),
  latin: nameColumns.optional(),
  former: nameColumns.optional(),
  /** 通称. */
  alias: nameColumns.optional(),
  /** ISO, 20010203, or a Japanese era (昭和51年2月3日, S51.2.3, 3510203); any other with its format. */
  birthDate: z
    .union([column, z.strictObject({ column, format: z.string().regex(DATE_FORMAT).max(20) })])
    .optional(),
  /** A column alone has M and F, 1 and 2, 男 and 女 or the like. */
  sex: z
    .union([
      column,
      z.strictObject({
        column,
        male: values.optional(),
        female: values.optional(),
        other: values.optional(),
      }),
    ])
    .optional(),
  /** One column `保険者番号:記号:番号:枝番`, or a column each. */
  insured: z
    .union([
      column,
      z.strictObject({
        insurer: column,
        symbol: column.optional(),
        number: column,
        branch: column.optional(),
      }),
    ])
    .optional(),
  postalCode: column.optional(),
  /** Several are joined in this order; of general data each is compared by itself. */
  address: z.union([column, z.array(column).min(1).max(6)]).optional(),
  phone: z.union([column, z.array(column).min(1).max(3)]).optional(),
  email: column.optional(),
  /** A number that is one person's own wherever it appears, and the identifier system it belongs to. */
  personalNumber: z.strictObject({ column, system: z.url().max(300) }).optional(),
  /** Of general data: what else is worth comparing, letter by letter: a town, an occupation, a number with slips. */
  texts: z.array(column).min(1).max(TEXTS_MAX).optional(),
  /** A date as `birthDate` has them; empty while the resident lives. */
  died: column.optional(),
  inactive: z.strictObject({ column, values }).optional(),
  protected: z.strictObject({ column, values }).optional(),
  updated: column.optional(),
})
export type FieldMap = z.infer<typeof fields>

/** Every field that a map may have. */
export const MAP_FIELDS = Object.keys(fields.shape)

/**
 * Which column of a CSV file holds what. Everything but `id` may be missing; columns that are not named are not
 * read. Values that stand for sexes, inactive and protected residents are the source's own.
 */
export const fieldMapSchema = fields
  .refine((map) => isGeneral(map) || map.texts === undefined, { path: ['texts'] })
  .refine((map) => !isGeneral(map) || textColumns(map).length <= TEXTS_MAX, { path: ['texts'] })
  .refine((map) => !isGeneral(map) || map.insured === undefined, { path: ['insured'] })

/** Unless the map says: no list of Japanese residents is without their names in kanji or kana. */
export function isGeneral({ kind, kanji, kana }: FieldMap): boolean {
  return kind === undefined ? kanji === undefined && kana === undefined : kind === 'general'
}

/** Of general data: the columns that are compared as texts, in order. */
export function textColumns({ address, postalCode, phone, email, texts }: FieldMap): string[] {
  return [address, postalCode, phone, email, texts].flat().filter((each) => each !== undefined)
}

/** Every column that the map names. */
export function columnsOf(map: FieldMap): string[] {
  const name = (of: FieldMap['kanji']) => (typeof of === 'string' ? [of] : [of?.family, of?.given])
  const one = (of: string | { column: string } | undefined) => (typeof of === 'string' ? of : of?.column)
  const { insured } = map
  return [
    ...[map.id, one(map.birthDate), one(map.sex), map.died, map.updated],
    ...[map.kanji, map.kana, map.latin, map.former, map.alias].flatMap(name),
    ...(typeof insured === 'string'
      ? [insured]
      : [insured?.insurer, insured?.symbol, insured?.number, insured?.branch]),
    ...textColumns(map),
    ...[map.personalNumber?.column, map.inactive?.column, map.protected?.column],
  ].filter((each) => each !== undefined)
}
