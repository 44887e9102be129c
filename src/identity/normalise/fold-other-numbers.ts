import { hasCheckDigit } from './check-digit.ts'

const CARE = /^(\d{6}):(\d{10}|H\d{9})$/
const PUBLIC = /^(\d{8}):(\d{7})$/
const FILLER = /^(.)\1*$/
const SEPARATORS = /[\s\-‐‑‒–—―−ー・/]/gu

/**
 * Care insurance `insurer:number`, 6 and 10 digits (or H and 9, for recipients of public assistance), whose
 * insurer's check digit holds. Systems drop leading noughts of the number.
 */
export function foldCareNumber(value: string): string | undefined {
  const [insurer = '', number = ''] = partsOf(value)
  const folded = `${insurer}:${number.startsWith('H') ? number : number.padStart(10, '0')}`
  return CARE.test(folded) && hasCheckDigit(insurer) && !FILLER.test(folded.slice(7)) ? folded : undefined
}

/** 公費 `payer:recipient`, or `payer::recipient:` as JP-CLINS has it: 8 and 7 digits, each with its check digit. */
export function foldPublicPayer(value: string): string | undefined {
  const [payer = '', recipient = ''] = partsOf(value)
  const folded = `${payer}:${recipient.padStart(7, '0')}`
  if (!PUBLIC.test(folded) || FILLER.test(folded.slice(9))) return undefined
  return hasCheckDigit(payer) && hasCheckDigit(folded.slice(9)) ? folded : undefined
}

function partsOf(value: string): string[] {
  return value.normalize('NFKC').replace(SEPARATORS, '').toUpperCase().split(/:+/)
}
