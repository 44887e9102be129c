import table from './units.json' with { type: 'json' }

export const UCUM = 'http://unitsofmeasure.org'
export const MERIT9 = 'http://jpfhir.jp/fhir/core/mhlw/CodeSystem/MedicationUnitMERIT9Code'

const UCUM_OF = new Map(Object.entries(table.ucum))
const MERIT9_OF = new Map(Object.entries(table.merit9))

/** Both µ and full width are one: `ｍｇ／ｄＬ` is `mg/dL`. */
function folded(unit: string): string {
  return unit.normalize('NFKC').replaceAll('µ', 'μ').replaceAll(/\s/g, '').replaceAll('／', '/')
}

/** The UCUM code of a unit as it is written in words; undefined where it is not known. */
export function ucumOf(unit: string): string | undefined {
  return UCUM_OF.get(folded(unit))
}

/** The MERIT-9 code of a dose unit, as prescriptions use it. */
export function merit9Of(unit: string): string | undefined {
  return MERIT9_OF.get(folded(unit))
}
