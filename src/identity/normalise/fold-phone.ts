const MOBILE = /^0[6789]0\d{8}$/
const MOBILE_FILLER = /^0[6789]0(?:(\d)\1{7}|12345678)$/
/** Ten digits, or eleven of an IP telephone; not what is called free of charge or at a premium. */
const LANDLINE = /^(?!0120|0800|0570|0990|0[26789]0)(?:0[1-9]\d{8}|050\d{8})$/
const LANDLINE_FILLER = /^0\d{1,3}(?:(\d)\1{5,}|0*1234567?)$/
const SEPARATORS = /[\s\-‐‑‒–—―−ー().（）]/gu
const DIGITS = /^0\d+$/

export type Phone = { mobile: string } | { landline: string }

/** A telephone's number in digits alone; undefined for what is none, or is typed to fill a field. */
export function foldPhone(value: string): Phone | undefined {
  const number = DIGITS.test(value) ? value : plain(value)
  if (MOBILE.test(number)) return MOBILE_FILLER.test(number) ? undefined : { mobile: number }
  return LANDLINE.test(number) && !LANDLINE_FILLER.test(number) ? { landline: number } : undefined
}

function plain(value: string): string {
  return value
    .normalize('NFKC')
    .replace(SEPARATORS, '')
    .replace(/^\+?81(?=[1-9])/, '0')
}
