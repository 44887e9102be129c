import { createRequire } from 'node:module'

export const UCUM = 'http://unitsofmeasure.org'

/** The package has no types. Its own door writes what it cannot read to the console, so its parser is asked itself. */
const load = createRequire(import.meta.url)
const { UcumLhcUtils, UnitTables } = load('@lhncbc/ucum-lhc') as {
  UcumLhcUtils: { getInstance: () => unknown }
  UnitTables: { getInstance: () => { getUnitByCode: (code: string) => object | null | undefined } }
}
const { UnitString } = load('@lhncbc/ucum-lhc/source-cjs/unitString.js') as {
  UnitString: {
    getInstance: () => {
      parseString: (code: string, mode: 'validate') => [unit: object | null, code: string]
    }
  }
}
// Reads the units.
UcumLhcUtils.getInstance()
const UNITS = UnitTables.getInstance()
const PARSER = UnitString.getInstance()

/** UCUM 2.1, section 6: printable ASCII. */
const CODE = /^[!-~]{1,100}$/

const KNOWN = new Map<string, boolean>()
const KNOWN_MAX = 5_000

/** Whether a code is one of UCUM, in the case-sensitive variant. */
export function isUcum(code: string): boolean {
  const known = KNOWN.get(code)
  if (known !== undefined) return known
  if (!CODE.test(code)) return false
  const isRead = Boolean(UNITS.getUnitByCode(code)) || isExpression(code)
  if (KNOWN.size >= KNOWN_MAX) KNOWN.clear()
  KNOWN.set(code, isRead)
  return isRead
}

function isExpression(code: string): boolean {
  try {
    // It mends what it can, and gives what it made of it: `G` for `Gauss`.
    const [unit, read] = PARSER.parseString(code, 'validate')
    return Boolean(unit) && read === code
  } catch {
    return false
  }
}
