/**
 * Whether the last digit of an insurer's, payer's or recipient's number fits the others: from the right ×2, ×1, …,
 * digits of the products summed, 10 − (sum mod 10) (保険者番号等設定要領).
 */
export function hasCheckDigit(number: string): boolean {
  let sum = 0
  let weight = 2
  for (let at = number.length - 2; at >= 0; at--) {
    const product = (number.charCodeAt(at) - ZERO) * weight
    sum += product > 9 ? product - 9 : product
    weight = 3 - weight
  }
  return number.charCodeAt(number.length - 1) - ZERO === (10 - (sum % 10)) % 10
}

const ZERO = '0'.charCodeAt(0)
