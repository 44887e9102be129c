export interface InsuredNumber {
  /** 保険者番号, 8 digits. */
  insurer: string
  /** 記号 and 番号 folded: the household's part. */
  symbol: string
  number: string
  /** 枝番, 2 digits: the person's part; missing on older records, which is not 00. */
  branch: string | undefined
}

/** Check digit of a 保険者番号: ×2, ×1 … from the right before it, digits summed, 10 − (sum mod 10). */
function hasCheckDigit(insurer: string): boolean {
  const digits = [...insurer].map(Number)
  const check = digits.pop()
  const sum = digits.reverse().reduce((total, digit, index) => {
    const product = digit * (index % 2 === 0 ? 2 : 1)
    return total + Math.floor(product / 10) + (product % 10)
  }, 0)
  return check === (10 - (sum % 10)) % 10
}

/** JP-CLINS 1.5 R1013 `insurer(8):symbol:number:branch`, width folded; undefined when it is anything else. */
export function foldInsuredNumber(value: string): InsuredNumber | undefined {
  const parts = value.normalize('NFKC').split(':')
  if (parts.length !== 4) return undefined
  const [insurerPart = '', symbolPart = '', numberPart = '', branchPart = ''] = parts
  const insurer = insurerPart.padStart(8, '0')
  const [symbol, number] = [symbolPart, numberPart].map((part) =>
    part.replace(/[\s\-‐―−ー・/第号]/gu, '').toUpperCase(),
  ) as [string, string]
  if (!/^\d{8}$/.test(insurer) || !hasCheckDigit(insurer) || number === '' || /^0*$/.test(number))
    return undefined
  if (!/^(\d\d)?$/.test(branchPart)) return undefined
  return { insurer, symbol, number, branch: branchPart === '' ? undefined : branchPart }
}
