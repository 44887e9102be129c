import { z } from 'zod'

const column = z.string().min(1).max(100)
const values = z.array(z.string().min(1).max(50)).min(1).max(20)

/** A name's columns: one for the whole name, or one each for family and given name. */
const nameColumns = z.union([column, z.strictObject({ family: column.optional(), given: column.optional() })])

/**
 * Which column of a CSV file holds what. Everything but `id` may be missing; columns that are not named are not
 * read. Values that stand for sexes, inactive and protected residents are the source's own.
 */
export const fieldMapSchema = z.strictObject({
  id: column,
  kanji: nameColumns.optional(),
  kana: nameColumns.optional(),
  latin: nameColumns.optional(),
  former: nameColumns.optional(),
  /** 通称. */
  alias: nameColumns.optional(),
  /** ISO, 20010203, or a Japanese era (昭和51年2月3日, S51.2.3, 3510203). */
  birthDate: column.optional(),
  sex: z.strictObject({ column, male: values, female: values, other: values.optional() }).optional(),
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
  /** Several are joined in this order. */
  address: z.union([column, z.array(column).min(1).max(6)]).optional(),
  phone: z.union([column, z.array(column).min(1).max(3)]).optional(),
  email: column.optional(),
  /** A number that is one person's own wherever it appears, and the identifier system it belongs to. */
  personalNumber: z.strictObject({ column, system: z.url().max(300) }).optional(),
  /** A date as `birthDate` has them; empty while the resident lives. */
  died: column.optional(),
  inactive: z.strictObject({ column, values }).optional(),
  protected: z.strictObject({ column, values }).optional(),
  updated: column.optional(),
})
export type FieldMap = z.infer<typeof fieldMapSchema>

/** Every column that the map names. */
export function columnsOf(map: FieldMap): string[] {
  const name = (of: FieldMap['kanji']) => (typeof of === 'string' ? [of] : [of?.family, of?.given])
  const { insured, address, phone } = map
  return [
    ...[map.id, map.birthDate, map.sex?.column, map.postalCode, map.email, map.died, map.updated],
    ...[map.kanji, map.kana, map.latin, map.former, map.alias].flatMap(name),
    ...(typeof insured === 'string'
      ? [insured]
      : [insured?.insurer, insured?.symbol, insured?.number, insured?.branch]),
    ...[address, phone].flat(),
    ...[map.personalNumber?.column, map.inactive?.column, map.protected?.column],
  ].filter((each) => each !== undefined)
}
