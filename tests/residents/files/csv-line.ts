import { isoDate, japaneseDate } from '../days.ts'
import type { Draft, WrittenName } from '../sources/draft.ts'
import { toHalfWidth } from '../sources/spoil-kana.ts'
import { isInCp932, LACKING } from './cp932.ts'
import { wholeAddress } from './spell-address.ts'

export const CSV_HEADER =
  '患者番号,漢字氏名,カナ氏名,ローマ字氏名,通称,旧氏名,性別,生年月日,郵便番号,住所,電話番号,携帯電話,保険者番号,記号,番号,枝番,死亡日'

/** A source whose system knows half-width kana only. */
const HALF_WIDTH_REGION = 3

/** A record as a line of a source's own export: years of the eras, sex as 1 and 2, one column a name. */
export function csvLine(draft: Draft, region: number): string {
  const { card, address } = draft
  const kana = joined(draft.kana, ' ')
  return [
    draft.localId,
    `${joined(draft.kanji, '　')}${draft.kanji === undefined ? '' : draft.suffix}`,
    region % 5 === HALF_WIDTH_REGION ? toHalfWidth(kana) : kana,
    joined(draft.roman, ' '),
    joined(draft.alias?.kanji, '　'),
    joined(draft.formerNames[0]?.kanji, '　'),
    draft.gender === undefined ? '' : draft.gender === 'male' ? '1' : '2',
    draft.birthDate === undefined ? '' : japaneseDate(draft.birthDate, region % 2 === 0 ? 'letter' : 'words'),
    address?.postalCode ?? '',
    address === undefined ? '' : wholeAddress(address),
    draft.landline ?? '',
    draft.mobile ?? '',
    card?.insurer ?? '',
    card?.symbol ?? '',
    card?.number ?? '',
    card?.branch ?? '',
    draft.diedOn === undefined ? '' : japaneseDate(isoDate(draft.diedOn), 'letter'),
  ].join(',')
}

/** Replaces what Windows-31J lacks, before the truth is told, for the name is then no longer sound. */
export function loseBeyondCp932(draft: Draft): void {
  for (const name of [draft.kanji, draft.alias?.kanji, ...draft.formerNames.map(({ kanji }) => kanji)]) {
    if (name === undefined) continue
    const family = kept(name.family)
    const given = kept(name.given)
    if (name === draft.kanji && `${family}${given}`.includes(LACKING))
      draft.causes.add('unreadable-character')
    name.family = family
    name.given = given
  }
}

function kept(text: string): string {
  const withoutSelectors = text.replace(/[\u{e0100}-\u{e01ef}]/gu, '')
  return [...withoutSelectors].map((character) => (isInCp932(character) ? character : LACKING)).join('')
}

function joined(name: WrittenName | undefined, space: string): string {
  if (name === undefined) return ''
  return name.given === '' ? name.family : `${name.family}${space}${name.given}`
}
