import { SYSTEMS } from '../../vocabulary/index.ts'
import { foldBirthDate } from '../normalise/fold-birth-date.ts'
import { generalExtension } from '../normalise/index.ts'
import { type FieldMap, isGeneral, textColumns } from './field-map.ts'
import { readDate } from './read-date.ts'

/** A row of a CSV file by the names of its columns. */
export type Row = Readonly<Record<string, string>>

type NameColumns = FieldMap['kanji']

const OWN_NUMBER = { coding: [{ system: SYSTEMS.identifierType, code: 'NI' }] }

/**
 * The Patient that a row stands for, as JSON text: from here on a row is read like any other Patient. What the map
 * does not name is not in it; a date that cannot be read is left out, and counts as missing.
 */
export function patientOfRow(row: Row, map: FieldMap, patientSystem: string): string {
  return isGeneral(map) ? generalPatient(row, map, patientSystem) : residentPatient(row, map, patientSystem)
}

/** Beside names, sex and ids everything stands in one extension: a Patient's own elements are for what is Japanese. */
function generalPatient(row: Row, map: FieldMap, patientSystem: string): string {
  const value = valueIn(row)
  const birthDate = birthDateOf(map, value)
  const texts = textColumns(map).map((column) => ({ column, text: value(column) || undefined }))
  return JSON.stringify({
    resourceType: 'Patient',
    ...(value(map.updated) === '' ? {} : { meta: { lastUpdated: value(map.updated) } }),
    extension: [generalExtension({ birthDate: birthDate || undefined, texts })],
    identifier: [{ system: patientSystem, value: value(map.id) }, ...numbersOf(map, value)],
    active: map.inactive?.values.includes(value(map.inactive.column)) !== true,
    name: namesOf(map, value),
    gender: sexOf(map, value),
  })
}

function residentPatient(row: Row, map: FieldMap, patientSystem: string): string {
  const value = valueIn(row)
  const all = (columns: string | readonly string[] | undefined) =>
    [columns ?? []].flat().flatMap((column) => value(column) || [])
  const isAmong = (field: { column: string; values: readonly string[] } | undefined) =>
    field?.values.includes(value(field.column)) === true
  const birthDate = foldBirthDate(birthDateOf(map, value))?.day
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
    name: namesOf(map, value),
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

type Value = (column: string | undefined) => string

/** What a column holds; empty where the map names none. */
function valueIn(row: Row): Value {
  return (column) => (column === undefined ? '' : (row[column]?.trim() ?? ''))
}

function birthDateOf({ birthDate }: FieldMap, value: Value): string {
  if (birthDate === undefined || typeof birthDate === 'string') return value(birthDate)
  return readDate(value(birthDate.column), birthDate.format)
}

function namesOf(map: FieldMap, value: Value): object[] {
  return [
    ...nameOf('IDE', undefined, map.kanji, value),
    ...nameOf('SYL', undefined, map.kana, value),
    ...nameOf('ABC', undefined, map.latin, value),
    ...nameOf('IDE', 'old', map.former, value),
    ...nameOf('IDE', 'usual', map.alias, value),
  ]
}

function nameOf(
  script: 'IDE' | 'SYL' | 'ABC',
  use: string | undefined,
  columns: NameColumns,
  value: Value,
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

function numbersOf(map: FieldMap, value: Value): object[] {
  const { insured, personalNumber } = map
  const number =
    typeof insured === 'object'
      ? [insured.insurer, insured.symbol, insured.number, insured.branch].map(value).join(':')
      : value(insured)
  const personal = value(personalNumber?.column)
  return [
    ...(number.replaceAll(':', '') === '' ? [] : [{ system: SYSTEMS.insuredNumber, value: number }]),
    ...(personal === '' ? [] : [{ type: OWN_NUMBER, system: personalNumber?.system, value: personal }]),
  ]
}

const SEXES = {
  male: ['1', 'm', 'male', 'man', '男', '男性', 'おとこ'],
  female: ['2', 'f', 'female', 'woman', '女', '女性', 'おんな'],
  other: ['o', 'other', 'その他'],
} as const

/** By the words of the map, or else by those that most files have. */
function sexOf({ sex }: FieldMap, value: Value): string {
  const { column, ...words } = typeof sex === 'string' ? { column: sex } : { column: undefined, ...sex }
  const written = value(column)
  const codes = ['male', 'female', 'other'] as const
  const own: Partial<Record<(typeof codes)[number], readonly string[]>> = words
  if (codes.some((code) => own[code] !== undefined)) {
    return codes.find((code) => own[code]?.includes(written)) ?? 'unknown'
  }
  const usual = written.normalize('NFKC').toLowerCase()
  return codes.find((code) => (SEXES[code] as readonly string[]).includes(usual)) ?? 'unknown'
}
