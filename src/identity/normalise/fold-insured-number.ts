import { hasCheckDigit } from './check-digit.ts'

export interface InsuredNumber {
  /** 保険者番号, 8 digits. */
  insurer: string
  /** 記号, which some insurers leave empty. */
  symbol: string
  /** 番号. Text: it is to grow longer, and may hold kana. */
  number: string
  /** 枝番, 2 digits: the person within the number. Undefined on older records, which is not 00. */
  branch: string | undefined
  /** Whether it can be evidence: the check digit holds, and the number is no filler (0, 9999999, 記号 1 番号 1). */
  isSound: boolean
  /** The number is one person's own without a branch: 後期高齢者医療, 39…. */
  isPersonal?: boolean | undefined
}

/** As most systems send it: nothing to fold. */
const AS_SENT = /^(\d{8}):([0-9A-Z]*):([0-9A-Z]+):(\d\d)?$/
const FILLER = /^0+$|^(.)\1{3,}$/
const FIRST = /^0*1$/
const INSURER = /^\d{8}$/
const BRANCH = /^\d\d$/
const PLAIN = /^[0-9A-Z]*$/

/** Insurers of elders (後期高齢者医療広域連合), by the first two digits. */
const ELDERS = '39'

/** Width, hyphens, dots and the words around numbers differ from system to system. */
const DROPPED = /[\s\-‐‑‒–—―−ー・･./／第記号番の]/gu

/** JP-CLINS R1013 `insurer(8):symbol:number:branch`, folded; undefined when it is anything else. */
export function foldInsuredNumber(value: string): InsuredNumber | undefined {
  const sent = AS_SENT.exec(value)
  if (sent !== null) return insuredNumber(sent[1] as string, sent[2] as string, sent[3] as string, sent[4])
  const parts = value.normalize('NFKC').split(':')
  const [insurerPart = '', symbolPart = '', numberPart = '', branchPart = ''] = parts
  if (parts.length !== 4) return undefined
  // Municipal insurers have six digits of their own; systems drop leading noughts.
  const insurer = insurerPart.trim().padStart(8, '0')
  const number = plain(numberPart)
  const branch = branchPart.trim()
  if (!INSURER.test(insurer) || number === '' || (branch !== '' && !BRANCH.test(branch))) return undefined
  return insuredNumber(insurer, plain(symbolPart), number, branch === '' ? undefined : branch)
}

function insuredNumber(
  insurer: string,
  symbol: string,
  number: string,
  branch: string | undefined,
): InsuredNumber {
  const isPersonal = insurer.startsWith(ELDERS)
  return {
    insurer,
    symbol,
    number,
    branch: isPersonal ? undefined : branch,
    isSound: hasCheckDigit(insurer) && insurer !== '00000000' && !isFiller(symbol, number),
    ...(isPersonal ? { isPersonal } : {}),
  }
}

/** Who has number 1 under symbol 1 is somebody; who is typed in with it to try a system is nobody, and they are more. */
function isFiller(symbol: string, number: string): boolean {
  return FILLER.test(number) || (FIRST.test(number) && FIRST.test(symbol))
}

function plain(text: string): string {
  return PLAIN.test(text) ? text : text.replace(DROPPED, '').toUpperCase()
}
