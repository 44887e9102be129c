/** Above this many errors the exact sum and the approximation no longer differ in what is printed. */
const EXACT_UP_TO = 2_000

/** The highest expected number of errors that still shows no more than `found` once in twenty times (Poisson, exact). */
export function upperBound95(found: number): number {
  if (found > EXACT_UP_TO) return found + 1.645 * Math.sqrt(found) + 1.2
  let low = found
  let high = found + 10 + 5 * Math.sqrt(found)
  while (high - low > 1e-9 * high) {
    const middle = (low + high) / 2
    if (chanceOfAtMost(found, middle) > 0.05) low = middle
    else high = middle
  }
  return high
}

function chanceOfAtMost(count: number, expected: number): number {
  let logTerm = -expected
  let sum = Math.exp(logTerm)
  for (let n = 1; n <= count; n++) {
    logTerm += Math.log(expected / n)
    sum += Math.exp(logTerm)
  }
  return sum
}
