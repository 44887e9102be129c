const MOBILE = /^0[6789]0\d{8}$/
const FILLER = /^0[6789]0(?:(\d)\1{7}|12345678)$/

/** A mobile telephone's number in digits alone; undefined for another telephone, and for what is typed to fill a field. */
export function foldMobile(value: string): string | undefined {
  const plain = value.normalize('NFKC').replace(/[\s\-‐‑‒–—―−ー().]/gu, '')
  const number = plain.replace(/^\+81(?=[1-9])/, '0')
  return MOBILE.test(number) && !FILLER.test(number) ? number : undefined
}
