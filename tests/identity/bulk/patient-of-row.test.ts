import { describe, expect, test } from 'vitest'
import type { FieldMap } from '../../../src/identity/bulk/field-map.ts'
import { patientOfRow } from '../../../src/identity/bulk/patient-of-row.ts'
import { readDate } from '../../../src/identity/bulk/read-date.ts'
import { decideLink } from '../../../src/identity/linkage/index.ts'
import { readPatient } from '../../../src/identity/read-patient.ts'
import { NOON } from '../../support/test-context.ts'
import { myNumber } from '../sample-number.ts'

const OWN = 'urn:oid:2.999.14.1.1'

const read = (row: Record<string, string>, map: FieldMap) =>
  readPatient(patientOfRow(row, map, OWN), NOON, OWN)

describe('a number of one’s own', () => {
  const map: FieldMap = {
    id: 'id',
    kanji: 'name',
    birthDate: 'born',
    personalNumber: { column: 'card', system: 'https://cards.example/number' },
  }
  const row = { id: 'A-1', name: '髙橋 花子', born: '1961-02-03', card: 'K-12 34567' }

  test('reaches linkage as a digest, however it is written, and joins with the birth date', () => {
    const { features } = read(row, map)
    expect(features.nationalKeys).toHaveLength(1)
    expect(JSON.stringify(features)).not.toContain('34567')
    const other = read({ ...row, id: 'B-1', name: '佐藤 花子', card: 'ｋ１２３４５６７' }, map).features
    expect(other.nationalKeys).toEqual(features.nationalKeys)
    expect(decideLink(features, other)).toMatchObject({ decision: 'auto', rule: 'A0' })
    const differs = read({ ...row, id: 'B-2', card: 'K-12 34568' }, map).features
    expect(decideLink(features, differs).vetoes).toContain('V5')
  })

  test('that is an Individual Number is refused, whatever system it is said to belong to', () => {
    const national = { column: 'card', system: 'http://jpfhir.jp/fhir/core/IdSystem/any' }
    const card = myNumber('12345678901')
    for (const personalNumber of [map.personalNumber, national]) {
      expect(() => read({ ...row, card }, { ...map, personalNumber })).toThrow(
        expect.objectContaining({ code: 'my-number-refused' }),
      )
    }
  })
})

test('general data keep to their own columns, in order, and people of any century have a birth date', () => {
  const map: FieldMap = {
    id: 'id',
    latin: { family: 'last', given: 'first' },
    birthDate: { column: 'born', format: 'D MMM YYYY' },
    sex: 'sex',
    address: ['street', 'town'],
    texts: ['trade'],
  }
  const row = {
    ...{ id: '1', last: 'Müller-Ångström', first: 'Zoë', born: '3 Feb 1642', sex: 'F' },
    ...{ street: '', town: 'St. Ives', trade: 'Clerk ' },
  }
  const { features } = read(row, map)
  expect(features).toMatchObject({
    family: { latin: 'MULLER ANGSTROM' },
    given: { latin: 'ZOE' },
    birthDate: { day: '1642-02-03', isPlaceholder: false },
    sex: 'female',
    texts: ['', 'ST IVES', 'CLERK'],
  })
})

test.each([
  ['03/02/1961', 'DD/MM/YYYY', '1961-02-03'],
  ['2/3/1961', 'M/D/YYYY', '1961-02-03'],
  ['02031961', 'MMDDYYYY', '1961-02-03'],
  ['1961.2.3', 'YYYY.MM.DD', '1961-02-03'],
  ['3-Feb-1961', 'DD-MMM-YYYY', '1961-02-03'],
  // Not of that form: left to whoever reads dates, who guesses nothing.
  ['unknown', 'DD/MM/YYYY', 'unknown'],
])('%s by %s is %s', (text, format, day) => {
  expect(readDate(text, format)).toBe(day)
})
