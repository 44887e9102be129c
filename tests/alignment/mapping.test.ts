import { describe, expect, test, vi } from 'vitest'
import { isUcum } from '../../src/alignment/conformance/ucum.ts'
import { digitsOf, parseExact } from '../../src/alignment/exact-json.ts'
import { codeMapsOf, NO_MAPS } from '../../src/alignment/mapping/code-maps.ts'
import { convert } from '../../src/alignment/mapping/convert.ts'
import { mapCode } from '../../src/alignment/mapping/map-code.ts'
import { qualitativeCode } from '../../src/alignment/mapping/qualitative.ts'
import units from '../../src/alignment/mapping/units.json' with { type: 'json' }
import { merit9Of, ucumOf } from '../../src/alignment/mapping/units.ts'

const PLAIN = { maps: NO_MAPS, fillsIn: false, isCheckup: false }

describe('units in words', () => {
  test.each(Object.entries(units.ucum))('%s is %s, which UCUM knows', (_words, code) => {
    expect(isUcum(code)).toBe(true)
  })

  test.each([
    'mEq/L',
    'mmHg',
    'IU/L',
    'Gauss',
    'TAB',
    '錠',
    '℃',
    'mL/min/1.73m2',
    'g dL',
    '(g',
    '',
    'g/',
    '[[()gugQJm',
  ])('%s is no unit of UCUM, and nothing of it is written anywhere', (code) => {
    const written = vi.spyOn(console, 'log')
    expect(isUcum(code)).toBe(false)
    expect(written).not.toHaveBeenCalled()
    written.mockRestore()
  })

  test.each([
    ['ｍｇ／ｄＬ', 'mg/dL'],
    ['µg/dL', 'ug/dL'],
    ['mg / dL', 'mg/dL'],
    ['万/μL', '10*4/uL'],
  ])('%s is read as %s', (words, code) => {
    expect(ucumOf(words)).toBe(code)
  })

  test('what nobody knows stays as it is', () => {
    expect(ucumOf('つかみ')).toBeUndefined()
    expect(merit9Of('錠')).toBe('TAB')
    expect(merit9Of('つかみ')).toBeUndefined()
  })

  test('an added unit says so, and a unit that has a code is left alone', () => {
    const observation = (valueQuantity: object) => ({ resourceType: 'Observation', valueQuantity })
    const { converted, added } = convert(observation({ value: 4, unit: 'g/dl'.replace('l', 'L') }), PLAIN)
    expect(converted).toMatchObject({
      valueQuantity: { value: 4, unit: 'g/dL', system: 'http://unitsofmeasure.org', code: 'g/dL' },
    })
    expect(added).toEqual([
      { path: 'Observation.valueQuantity', what: 'http://unitsofmeasure.org|g/dL', by: 'unit' },
    ])
    const own = observation({ value: 4, unit: 'g/dL', system: 'https://minato.example/unit', code: '7' })
    expect(convert(own, PLAIN)).toEqual({ converted: own, added: [] })
  })

  test('a dose gets the code prescriptions use', () => {
    const request = {
      resourceType: 'MedicationRequest',
      dosageInstruction: [{ doseAndRate: [{ doseQuantity: { value: 1, unit: '錠' } }] }],
    }
    expect(JSON.stringify(convert(request, PLAIN).converted)).toContain(
      'MedicationUnitMERIT9Code","code":"TAB"',
    )
  })
})

describe('results in words', () => {
  test.each([
    ['陽性', undefined, '1'],
    ['（＋）', undefined, '1'],
    ['(−)', undefined, '2'],
    ['判定保留', 'HBs-AG-RESULT', '3'],
    ['－', 'U-TP', '1'],
    ['±', 'U-TP', '2'],
    ['２＋', 'U-Glu', '4'],
    ['AB型', 'BLD-ABO', '3'],
    ['Rh(+)', 'BLD-Rh', '1'],
    ['少し高め', undefined, undefined],
  ])('%s of %s', (words, group, code) => {
    expect(qualitativeCode(words, group)?.code).toBe(code)
  })
})

describe('a code leads to others', () => {
  const local = { system: 'https://minato.example/drug', code: 'A', display: undefined }
  const map = (
    name: string,
    source: string,
    target: string,
    code: string,
    to: string,
    equivalence = 'equal',
  ) => ({
    name,
    groups: [{ source, target, elements: [{ code, targets: [{ code: to, equivalence }] }] }],
  })
  const HOT9 = 'http://medis.or.jp/CodeSystem/master-HOT9'

  test('through a region’s map and the project’s own, each named', () => {
    const maps = codeMapsOf([map('https://minato.example/m|1', local.system, HOT9, 'A', '121431401')])
    expect(mapCode(local, maps).map(({ system, code, by }) => [system.split('/').at(-1), code, by])).toEqual([
      ['master-HOT9', '121431401', 'https://minato.example/m|1'],
      ['YJ-code', '2171022F6276', 'hot9-yj'],
      ['KikakubetsuYakuzaiSeibun', '2171022F6ZZZ', 'yj-ingredient'],
    ])
  })

  test('two maps that lead to each other end', () => {
    const other = 'https://shiokaze.example/drug'
    const maps = codeMapsOf([
      map('one', local.system, other, 'A', 'B'),
      map('two', other, local.system, 'B', 'A'),
    ])
    expect(mapCode(local, maps)).toMatchObject([{ system: other, code: 'B' }])
  })

  test('only where the map says that both mean the same', () => {
    for (const equivalence of ['wider', 'narrower', 'relatedto', 'unmatched']) {
      expect(mapCode(local, codeMapsOf([map('m', local.system, HOT9, 'A', '1', equivalence)]))).toEqual([])
    }
  })

  test('a conversion adds beside and never takes away; the record itself is untouched', () => {
    const resource = {
      resourceType: 'Condition',
      code: {
        coding: [{ system: 'urn:oid:1.2.392.200119.4.101.2', code: '20061593', display: '高血圧症' }],
        text: '高血圧',
      },
    }
    const before = JSON.stringify(resource)
    const { converted, added } = convert(resource, PLAIN)
    expect(JSON.stringify(resource)).toBe(before)
    expect(converted).toMatchObject({
      code: {
        coding: [
          { system: 'urn:oid:1.2.392.200119.4.101.2', code: '20061593' },
          {
            system: 'http://medis.or.jp/CodeSystem/master-disease-keyNumber',
            code: '20061593',
            display: '高血圧症',
          },
        ],
      },
    })
    expect(added).toEqual([
      {
        path: 'Condition.code.coding',
        what: 'http://medis.or.jp/CodeSystem/master-disease-keyNumber|20061593',
        by: 'oid-url',
      },
    ])
    expect(convert(converted, PLAIN).added).toEqual([])
  })
})

describe('numbers keep their digits', () => {
  test.each([
    '{"a":7.10}',
    '{"a":{"b": 1e2}}',
    '[0.00]',
    '{"a":[null, 2.50]}',
    '{"say":"\\"x\\":1.0","a":1.50}',
    '{"a":-0}',
    '{"a":12345678901234567890}',
  ])('%s', (text) => {
    const digits: string[] = []
    const walk = (value: unknown): void => {
      const own = digitsOf(value)
      if (own !== undefined) digits.push(own)
      else if (typeof value === 'object' && value !== null)
        for (const each of Object.values(value)) walk(each)
    }
    walk(parseExact(text))
    const written = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?\d[\d.eE+-]*/g)
    expect(digits).toEqual(written)
  })
})
