import { type BinaryRows, textInRow } from '../../kernel/binary-rows.ts'
import { NORM } from '../normalise/index.ts'
import type { ReadPatient } from '../read-patient.ts'
import { searchedNames } from '../searched-names.ts'
import type { Line } from './read-lines.ts'

/** The columns in the order in which `addRegistration` writes them; those left out are null. */
export const REGISTRATION_COLUMNS =
  'region, local_id, version, source, features, norm, family_kana, given_kana, family_kanji, given_kanji, birth_date, sex, is_active, is_protected, created_at, updated_at'
const COLUMNS = REGISTRATION_COLUMNS.split(', ').length
const [LOCAL_ID, SOURCE] = [1, 3]

/** A registration that is new, as the table keeps it. */
export function addRegistration(
  rows: BinaryRows,
  { region, localId }: { region: string; localId: string },
  { source, patient, features, isActive, isProtected }: ReadPatient,
  { text, bytes }: Line,
  at: Date,
): void {
  rows.row(COLUMNS)
  rows.text(region)
  rows.text(localId)
  rows.int4(1)
  if (bytes !== undefined && source === text) rows.utf8(bytes)
  else rows.text(source)
  rows.text(JSON.stringify(features))
  rows.int4(NORM)
  const names = searchedNames(features)
  rows.text(names.familyKana)
  rows.text(names.givenKana)
  rows.text(names.familyKanji)
  rows.text(names.givenKanji)
  rows.text(patient.birthDate ?? null)
  rows.text(patient.gender ?? null)
  rows.bool(isActive)
  rows.bool(isProtected)
  rows.time(at)
  rows.time(at)
}

/** The id under which the first of the rows is registered. */
export function localIdInRow(rows: Uint8Array): string {
  return textInRow(rows, LOCAL_ID)
}

/** The Patient that the first of the rows was made of, to the letter. */
export function sourceInRow(rows: Uint8Array): string {
  return textInRow(rows, SOURCE)
}
