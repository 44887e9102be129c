import { createHash } from 'node:crypto'
import type { Features } from './encode-registration.ts'

/**
 * Who is worth comparing. Rules A1 and A3 both need an equal birth date and an equal given name, in kanji or in
 * kana, so these two keys find every pair that any of them can link. Records of nobody have no key, and are never
 * compared: ten thousand of 「テスト 患者」 would be fifty million pairs.
 */
export function blockingKeys({ given, birthDate, placeholder }: Features): bigint[] {
  if (birthDate === undefined || placeholder === 'unknown') return []
  const names = [
    ['given-kana+birth-date', given.kana],
    ['given-kanji+birth-date', given.kanji],
  ] as const
  return names.flatMap(([pass, name]) => (name === undefined ? [] : [hash64(pass, name, birthDate.day)]))
}

/** 64 bits of SHA-256, the same in every process and database. Two meanings of one hash cost a comparison, no more. */
export function hash64(...parts: string[]): bigint {
  return createHash('sha256').update(parts.join('\0')).digest().readBigInt64BE()
}
