export interface InsuredNumber {
  /** 保険者番号, 8 digits. */
  insurer: string
  /** 記号, which some insurers leave empty. */
  symbol: string
  /** 番号. Text: it is to grow longer, and may hold kana. */
  number: string
  /** 枝番, 2 digits: the person within the number. Undefined on older records, which is not 00. */
  branch: string | undefined
  /** Whether it can be evidence: the check digit holds, and the number is no filler (0, 9999999). */
  isSound: boolean
  /** The number is one person's own without a branch: 後期高齢者医療, 39…. */
  isPersonal?: boolean | undefined
}

const FILLER = /^0+$|^(.)\1{3,}$/

/** Width, hyphens, dots and the words around numbers differ from system to system. */
const DROPPED = /[\s\-‐‑‒–—―−ー・/第号]/gu

/** JP-CLINS R1013 `insurer(8):symbol:number:branch`, folded; undefined when it is anything else. */
export function foldInsuredNumber(value: string): InsuredNumber | undefined {
  const parts = value.normalize('NFKC').split(':')
  const [insurerPart = '', symbolPart = '', numberPart = '', branch = ''] = parts
  const insurer = insurerPart.padStart(8, '0')
  const symbol = symbolPart.replace(DROPPED, '').toUpperCase()
  const number = numberPart.replace(DROPPED, '').toUpperCase()
  if (parts.length !== 4 || !/^\d{8}$/.test(insurer) || number === '' || !/^(\d\d)?$/.test(branch)) {
    return undefined
  }
  const isSound = hasCheckDigit(insurer) && !/^0+$/.test(insurer) && !FILLER.test(number)
  return { insurer, symbol, number, branch: branch === '' ? undefined : branch, isSound }
}

/** Same insurer, symbol and number: a household, or one person where the number is personal. */
export function isSameNumber(a: InsuredNumber, b: InsuredNumber): boolean {
  return a.insurer === b.insurer && isSameText(a.symbol, b.symbol) && isSameText(a.number, b.number)
}

/**
 * Whether an equal number names one person: insurer, symbol, number and branch (rule A1). The number of elders
 * (後期高齢者医療, 39…) has no branch; it is each one's own, but no rule of A1, so their records need A3.
 */
export function isSamePerson(a: InsuredNumber, b: InsuredNumber): boolean {
  if (!a.isSound || !b.isSound || !isSameNumber(a, b)) return false
  return a.branch !== undefined && a.branch === b.branch
}

/** Systems with fields of a fixed width fill up with noughts. */
function isSameText(a: string, b: string): boolean {
  return a === b || (a.length !== b.length && a.replace(/^0+/, '') === b.replace(/^0+/, ''))
}

/** From the right before the check digit ×2, ×1, …; digits of the products summed; 10 − (sum mod 10). */
function hasCheckDigit(insurer: string): boolean {
  const digits = [...insurer].map(Number)
  const check = digits.pop()
  let sum = 0
  for (const [at, digit] of digits.reverse().entries()) {
    const product = digit * (at % 2 === 0 ? 2 : 1)
    sum += Math.floor(product / 10) + (product % 10)
  }
  return check === (10 - (sum % 10)) % 10
}
