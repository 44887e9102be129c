import { createHash } from 'node:crypto'
import type { Features } from './normalise/index.ts'

/**
 * Who is worth comparing. Every rule needs an equal birth date and one of an equal insured number, lot or mobile, so
 * these keys find every pair that any rule can link, and a name that many share costs nothing. Records of nobody
 * have no key, and are never compared: ten thousand of 「テスト 患者」 would be fifty million pairs.
 */
export function blockingKeys({ birthDate, insured, address, mobiles, placeholder }: Features): bigint[] {
  if (birthDate === undefined || placeholder === 'unknown') return []
  const shared = [
    insured && ['number', insured.insurer, withoutNoughts(insured.symbol), withoutNoughts(insured.number)],
    address && ['lot', address.lot],
    ...mobiles.map((number) => ['mobile', number]),
  ]
  return shared.flatMap((parts) => (parts === undefined ? [] : [hash64(...parts, birthDate.day)]))
}

/** Numbers that differ by noughts in front are the same number (`isSameNumber`). */
function withoutNoughts(text: string): string {
  return text.replace(/^0+/, '')
}

/** 64 bits of SHA-256, the same in every process and database. Two meanings of one hash cost a comparison, no more. */
export function hash64(...parts: string[]): bigint {
  return createHash('sha256').update(parts.join('\0')).digest().readBigInt64BE()
}
