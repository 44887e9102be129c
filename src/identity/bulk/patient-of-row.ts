import { SYSTEMS } from '../../vocabulary/index.ts'
import { foldBirthDate } from '../normalise/fold-birth-date.ts'
import type { FieldMap } from './field-map.ts'

/** A row of a CSV file by the names of its columns. */
export type Row = Readonly<Record<string, string>>

type NameColumns = FieldMap['kanji']

/**
 * The Patient that a row stands for, as JSON text: from here on a row is read like any other Patient. What the map
 * does not name is not in it; a date that cannot be read is left out, and counts as missing.
 */
export function patientOfRow(row: Row, map: FieldMap, patientSystem: string): string {
  const value = (column: string | undefined) => (column === undefined ? '' : (row[column]?.trim() ?? ''))
  const all = (columns: string | readonly string[] | undefined) =>
    [columns ?? []].flat().flatMap((column) => value(column) || [])
  const isAmong = (field: { column: string; values: readonly string[] } | undefined) =>
    field?.values.includes(value(field.column)) === true
  const birthDate = foldBirthDate(value(map.birthDate))?.day
  const died = foldBirthDate(value(map.died))?.day
  const [address, phones] = [all(map.address).join(' '), all(map.phone)]
  const postalCode = value(map.postalCode)
  const email = value(map.email)
  const updated = value(map.updated)
  return JSON.stringify({
    resourceType: 'Patient',
    ...(updated === '' ? {} : { meta: { lastUpdated: updated } }),
    ...(isAmong(map.protected) ? { meta: { security: [{ system: SYSTEMS.protection, code: '1' }] } } : {}),
    identifier: [{ system: patientSystem, value: value(map.id) }, ...numbersOf(map, value)],
    active: !isAmong(map.inactive),
    name: [
      ...nameOf('IDE', undefined, map.kanji, value),
      ...nameOf('SYL', undefined, map.kana, value),
      ...nameOf('ABC', undefined, map.latin, value),
      ...nameOf('IDE', 'old', map.former, value),
      ...nameOf('IDE', 'usual', map.alias, value),
    ],
    telecom: [
      ...phones.map((phone) => ({ system: 'phone', value: phone })),
      ...(email === '' ? [] : [{ system: 'email', value: email }]),
    ],
    gender: sexOf(map, value),
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(died === undefined ? {} : { deceasedDateTime: died }),
    ...(address === '' && postalCode === ''
      ? {}
      : { address: [{ ...(address && { text: address }), ...(postalCode && { postalCode }) }] }),
  })
}

function nameOf(
  script: 'IDE' | 'SYL' | 'ABC',
  use: string | undefined,
  columns: NameColumns,
  value: (column: string | undefined) => string,
): object[] {
  const isWhole = typeof columns === 'string'
  const text = isWhole ? value(columns) : ''
  const [family, given] = isWhole ? ['', ''] : [value(columns?.family), value(columns?.given)]
  if (text === '' && family === '' && given === '') return []
  return [
    {
      extension: [{ url: SYSTEMS.nameRepresentation, valueCode: script }],
      ...(use && { use }),
      ...(text && { text }),
      ...(family && { family }),
      ...(given && { given: [given] }),
    },
  ]
}

function numbersOf(map: FieldMap, value: (column: string | undefined) => string): object[] {
  const { insured, personalNumber } = map
  const number =
    typeof insured === 'object'
      ? [insured.insurer, insured.symbol, insured.number, insured.branch].map(value).join(':')
      : value(insured)
  const personal = value(personalNumber?.column)
  return [
    ...(number.replaceAll(':', '') === '' ? [] : [{ system: SYSTEMS.insuredNumber, value: number }]),
    ...(personal === '' ? [] : [{ system: personalNumber?.system, value: personal }]),
  ]
}

function sexOf({ sex }: FieldMap, value: (column: string | undefined) => string): string {
  const written = value(sex?.column)
  const codes = ['male', 'female', 'other'] as const
  return codes.find((code) => sex?.[code]?.includes(written)) ?? 'unknown'
}
