import type { Random } from '../random.ts'

/** 被保険者証: insurer, symbol and number are the household's (the person's from 75), the branch is the person's. */
export interface Card {
  /** 8 digits, the last a check digit. */
  insurer: string
  symbol: string
  number: string
  /** Empty for the late elderly. */
  branch: string
}

export type InsurerKind = 'association' | 'society' | 'mutual' | 'national' | 'elderly'

/**
 * The insurer number's check digit: from the right ×2, ×1, …, the digits of the products summed, and the sum filled
 * up to ten (保険者番号等の設定要領).
 */
export function checkDigit(digits: string): string {
  let sum = 0
  for (let place = 0; place < digits.length; place++) {
    const product = Number(digits[digits.length - 1 - place]) * (place % 2 === 0 ? 2 : 1)
    sum += product > 9 ? product - 9 : product
  }
  return String((10 - (sum % 10)) % 10)
}

const withCheck = (digits: string) => digits + checkDigit(digits)
const series = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => withCheck(prefix + String(index + 1).padStart(3, '0')))

const ASSOCIATION = ['0114', '0114', '0114', '0114', '0113'].map((prefix) => withCheck(`${prefix}001`))
const SOCIETY = [...series('0614', 60), ...series('0613', 90)]
const MUTUAL = [...series('3114', 6), ...series('3214', 20), ...series('3314', 2), ...series('3414', 3)]
const NATIONAL = series('14', 33).map((insurer) => `00${insurer}`)
const NATIONAL_SOCIETY = ['14301', '14302', '14303', '13304'].map((digits) => `00${withCheck(digits)}`)
const ELDERLY = series('3914', 33)

const MUTUAL_SYMBOLS = ['公立神奈川', '公立横浜', '地共神奈川', '警神', '国共', '文科', '川市共']
const NATIONAL_SYMBOLS = ['', '', '', '浜', '川崎', '相', '横・中', '藤国', '10', '21', '31']

/** A new card's household part; `serial` is unlike any other household's, so no two households share a number. */
export function issueCard(
  random: Random,
  kind: InsurerKind,
  serial: number,
  cityIndex: number,
): Omit<Card, 'branch'> {
  switch (kind) {
    case 'association':
      return {
        insurer: random.pick(ASSOCIATION),
        symbol: String(10_000_000 + ((Math.floor(serial / 64) * 7_919_003) % 89_999_999)),
        number: String(1 + (serial % 64)),
      }
    case 'society':
      return {
        insurer: random.pick(SOCIETY),
        symbol: String(1 + (Math.floor(serial / 100_000) % 9_000)),
        number: String((serial * 7_919) % 100_000),
      }
    case 'mutual':
      return {
        insurer: random.pick(MUTUAL),
        symbol: random.pick(MUTUAL_SYMBOLS),
        number: String(serial % 100_000_000).padStart(7, '0'),
      }
    case 'national':
      return {
        insurer: random.chance(0.06) ? random.pick(NATIONAL_SOCIETY) : at(NATIONAL, cityIndex),
        symbol: random.pick(NATIONAL_SYMBOLS),
        number: String((serial * 104_729) % 100_000_000).padStart(7, '0'),
      }
    case 'elderly':
      return {
        insurer: at(ELDERLY, cityIndex),
        symbol: '',
        number: String((serial * 6_700_417) % 100_000_000).padStart(8, '0'),
      }
  }
}

function at(insurers: readonly string[], index: number): string {
  return insurers[index % insurers.length] as string
}

/** Numbers that reception desks type for want of a real one; one and the same for many patients. */
export const DUMMY_CARDS: readonly Card[] = [
  { insurer: '77777777', symbol: '7777777', number: '7777777', branch: '' },
  { insurer: '00000000', symbol: '0', number: '0', branch: '' },
  { insurer: withCheck('0114001'), symbol: '1', number: '1', branch: '00' },
  { insurer: '99999999', symbol: '9999', number: '9999999', branch: '' },
]
