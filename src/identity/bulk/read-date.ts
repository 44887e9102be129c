/** Parts of a date in the order in which a file has them: DD/MM/YYYY, MMDDYYYY, D MMM YYYY. */
export const DATE_FORMAT =
  /^(?!.*([YMD])(?:(?!\1).)+\1)(?=.*YYYY)(?=.*M)(?=.*D)[YMD]+(?:[-/. ,]*[YMD]+){0,2}$/

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']

/** The date as YYYY-MM-DD, as far as it has the form; else as it was written. */
export function readDate(text: string, format: string | undefined): string {
  if (format === undefined) return text
  const found = patternOf(format).exec(text.normalize('NFKC').trim())?.groups
  if (found === undefined) return text
  const { Y = '', M = '', D = '' } = found
  const month = /^\d/.test(M) ? Number(M) : MONTHS.indexOf(M.slice(0, 3).toUpperCase()) + 1
  return `${Y}-${String(month).padStart(2, '0')}-${D.padStart(2, '0')}`
}

/** Digits that nothing parts have their full number; months of three letters or more are names. */
function patternOf(format: string): RegExp {
  const isParted = /[-/. ,]/.test(format)
  const source = format.replaceAll('.', '\\.').replace(/Y+|M+|D+/g, (part) => {
    const letter = part[0] as string
    if (letter === 'Y') return '(?<Y>\\d{4})'
    if (part.length > 2) return `(?<${letter}>[A-Za-z]{3,9})`
    return `(?<${letter}>\\d${isParted ? '{1,2}' : '{2}'})`
  })
  return new RegExp(`^${source}$`, 'u')
}
