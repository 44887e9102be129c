import { DIGITS, type Random } from './random.ts'

/** What stands on an insured person's card. `branch` is the person within the household's number. */
export interface Insured {
  insurer: string
  symbol: string
  number: string
  branch: string
}

/** Municipal insurance is written in 6 digits and padded to 8; the check digit makes each number plausible. */
const INSURERS = [
  { insurer: withCheckDigit('0014990'), symbols: ['港台', 'み'] },
  { insurer: withCheckDigit('0014991'), symbols: ['相野', ''] },
  { insurer: withCheckDigit('0014992'), symbols: ['汐'] },
  { insurer: withCheckDigit('0614990'), symbols: ['1201', '77'] },
  { insurer: withCheckDigit('0614993'), symbols: ['355', '８１'] },
  { insurer: withCheckDigit('0114990'), symbols: ['21040155', '40210096'] },
] as const

/** Medical care for those of 75 and over (後期高齢者医療): one number per person, no symbol, no branch. */
const ELDERS_INSURER = withCheckDigit('3914990')

export type HouseholdNumber = Omit<Insured, 'branch'>

export function householdNumber(random: Random): HouseholdNumber {
  const { insurer, symbols } = random.pick(INSURERS)
  return { insurer, symbol: random.pick(symbols), number: `${random.between(1, 9)}${random.text(DIGITS, 6)}` }
}

export function memberNumber(household: HouseholdNumber, place: number): Insured {
  return { ...household, branch: String(place).padStart(2, '0') }
}

export function elderNumber(random: Random): Insured {
  return { insurer: ELDERS_INSURER, symbol: '', number: random.text(DIGITS, 8), branch: '' }
}

/** `保険者番号8桁:記号:番号:枝番` (JP-CLINS 1.5, R1013). */
export function insuredText({ insurer, symbol, number, branch }: Insured): string {
  return `${insurer}:${symbol}:${number}:${branch}`
}

/** From the right ×2, ×1, …; digits of the products summed; what is missing to the next ten. */
export function withCheckDigit(digits: string): string {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const product = Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 2 : 1)
    sum += Math.floor(product / 10) + (product % 10)
  }
  return `${digits}${(10 - (sum % 10)) % 10}`
}
