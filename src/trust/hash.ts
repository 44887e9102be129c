import { createHash } from 'node:crypto'

/** SHA-256, base64url: how objects name each other and their bodies. */
export function sha256(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('base64url')
}

/** The salt for one use, derived so that whoever gets it cannot get back to the query's salt or its siblings. */
export function saltFor(querySalt: string, use: 'patient' | 'birth-sex'): string {
  return sha256('tsunagi-salt\0', use, '\0', querySalt)
}

/** What a request says of the patient without telling: only who is given the salt can compare. */
export function saltedPatientHash(salt: string, system: string, value: string): string {
  return sha256(salt, '\0', system, '|', value)
}

/**
 * Birth date (YYYY-MM-DD) and administrative sex, compared by the holder's gateway with its own patient. A date
 * that is not whole, and a sex other than male or female, identify nobody and count as not recorded, on all sides.
 */
export function saltedBirthSexHash(salt: string, birthDate: string, sex: string): string {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(birthDate) ? birthDate : ''
  return sha256(salt, '\0', day, '|', sex === 'male' || sex === 'female' ? sex : '')
}
