/** Twelve digits with the check digit of an Individual Number: made when needed, so that none stands in a file. */
export function myNumber(eleven: string): string {
  const weights = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]
  const sum = weights.reduce((total, weight, at) => total + weight * Number(eleven[at]), 0)
  return `${eleven}${sum % 11 <= 1 ? 0 : 11 - (sum % 11)}`
}
